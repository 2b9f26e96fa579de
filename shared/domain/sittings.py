"""When a ВПР was written, and which grade's programme it tested.

Files of ВПР carry a calendar year («Год») and a class («Класс»). In most years the ВПР
is written in spring and tests the class that writes it. In autumn 2020 and autumn 2022
it tested the previous grade's programme; files name the class of the *programme*.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.periods import AcademicYear

FIRST_GRADE = 1
LAST_GRADE = 11


class Season(StrEnum):
    """The part of the calendar year in which a procedure was held."""

    SPRING = "spring"
    AUTUMN = "autumn"


AUTUMN_PROGRAMME_GRADES: Mapping[int, range] = MappingProxyType(
    {2020: range(4, 9), 2022: range(4, 9)}
)
"""Programme grades that were tested in autumn, by calendar year.

In 2020 grades 5–9 wrote in September and October what had been cancelled in spring,
while grades 10 and 11 had already written in March; in 2022 it happened likewise.
"""


@dataclass(frozen=True, slots=True)
class VprSitting:
    """The time and the grades of one ВПР row."""

    academic_year: AcademicYear
    programme_grade: int
    pupil_grade: int
    season: Season


def default_season(year: int, grade: int) -> Season:
    """Return the season in which the `grade` of a file of `year` was tested."""
    autumn = grade in AUTUMN_PROGRAMME_GRADES.get(year, ())
    return Season.AUTUMN if autumn else Season.SPRING


def vpr_sitting(year: int, grade: int, season: Season | None = None) -> VprSitting:
    """Say what a file's «Год» and «Класс» mean.

    Spring 2019, grade 5 is the academic year 2018/2019, programme and pupils of grade
    5. Autumn 2020, grade 5 is 2020/2021, the programme of grade 5, pupils of grade 6.

    Args:
        year: The calendar year in which the work was written.
        grade: The class the file names.
        season: Overrides `default_season`, for a file that says when it was held.

    Raises:
        InvalidInputError: no such grade, or the pupils would be beyond the last one.
    """
    chosen = season or default_season(year, grade)
    pupil_grade = grade + 1 if chosen is Season.AUTUMN else grade
    if grade < FIRST_GRADE or pupil_grade > LAST_GRADE:
        raise _impossible_grade(grade, chosen)
    start = year if chosen is Season.AUTUMN else year - 1
    return VprSitting(
        academic_year=AcademicYear(start),
        programme_grade=grade,
        pupil_grade=pupil_grade,
        season=chosen,
    )


def _impossible_grade(grade: int, season: Season) -> InvalidInputError:
    last = LAST_GRADE - 1 if season is Season.AUTUMN else LAST_GRADE
    when = (
        Text("осенью", "in autumn")
        if season is Season.AUTUMN
        else Text("весной", "in spring")
    )
    reason = Text(
        f"Класс {grade} не подходит: {when.ru} класс программы — от 1 до {last}.",
        f"Grade {grade} is not possible: {when.en} the programme's grade is 1–{last}.",
    )
    return InvalidInputError(
        reason, faults=[Fault(reason=reason, column="grade", value=str(grade))]
    )
