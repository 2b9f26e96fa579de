"""What the year and the class of a ВПР file mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import InvalidInputError
from shared.domain.periods import AcademicYear
from shared.domain.sittings import Season, VprSitting, vpr_sitting

SPRING, AUTUMN = Season.SPRING, Season.AUTUMN


@pytest.mark.parametrize(
    ("year", "grade", "season", "expected"),
    [
        (2019, 5, None, (2018, 5, SPRING)),
        (2020, 4, None, (2020, 5, AUTUMN)),
        (2020, 8, None, (2020, 9, AUTUMN)),
        (2020, 11, None, (2019, 11, SPRING)),
        (2021, 5, None, (2020, 5, SPRING)),
        (2022, 6, None, (2022, 7, AUTUMN)),
        (2022, 6, SPRING, (2021, 6, SPRING)),
        (2019, 5, AUTUMN, (2019, 6, AUTUMN)),
    ],
)
def test_the_sitting_gives_the_academic_year_and_the_pupils(
    year: int,
    grade: int,
    season: Season | None,
    expected: tuple[int, int, Season],
) -> None:
    start, pupil_grade, held = expected
    assert vpr_sitting(year, grade, season) == VprSitting(
        AcademicYear(start), grade, pupil_grade, held
    )


@given(st.integers(2000, 2099), st.integers(1, 10), st.sampled_from(Season))
def test_pupils_are_never_below_the_programme(
    year: int, grade: int, season: Season
) -> None:
    sitting = vpr_sitting(year, grade, season)
    assert sitting.pupil_grade - grade == (1 if season is AUTUMN else 0)
    assert sitting.academic_year.start == (year if season is AUTUMN else year - 1)


@pytest.mark.parametrize(
    ("grade", "season"), [(0, None), (12, None), (11, AUTUMN), (-3, SPRING)]
)
def test_an_impossible_grade_is_refused_with_its_value(
    grade: int, season: Season | None
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        vpr_sitting(2021, grade, season)
    assert caught.value.faults[0].value == str(grade)
    assert caught.value.faults[0].column == "grade"
