"""A method applied to results gives each school its place."""

from dataclasses import replace

from services.scoring.engine.standings import standings
from shared.domain.measures import Direction
from shared.domain.methods.ranking import Ranking
from tests.scoring.engine.result_frames import frame, result

METHOD = Ranking(
    ranked_by="low_share",
    direction=Direction.LESS_IS_BETTER,
    procedures=("oge", "vpr"),
    subjects=("maths",),
    minimum_n=10,
    tolerance=2.0,
)

RESULTS = frame(
    result(1, "vpr", marks=(2, 4, 4, 0)),
    result(1, "oge", marks=(0, 4, 4, 2)),
    result(1, "vpr", marks=(50, 0, 0, 0), subject="russian"),
    result(2, "vpr", marks=(1, 9, 9, 1)),
    result(3, "vpr", marks=(0, 0, 0, 9)),
    result(5, "ege", marks=(0, 0, 0, 90)),
    result(9, "vpr", marks=(0, 0, 0, 90)),
)


def test_listed_schools_are_ranked_by_the_measure_over_what_the_method_covers() -> None:
    table = standings(RESULTS, schools={1, 2, 3, 4, 5}, method=METHOD)

    assert table.rows() == [
        (2, 5.0, 20, 1, 1, 2, None),
        (1, 10.0, 20, 2, 2, 2, None),
        (3, 0.0, 9, None, None, 2, "too_few_participants"),
        (4, None, 0, None, None, 2, "no_data"),
        (5, None, 0, None, None, 2, "no_data"),
    ]


def test_without_results_every_school_is_outside() -> None:
    table = standings(frame(), schools=[2, 1], method=METHOD)

    assert table["school_id"].to_list() == [1, 2]
    assert table["reason"].to_list() == ["no_data", "no_data"]


def test_an_empty_list_of_procedures_or_subjects_is_all_of_them() -> None:
    def ranked(method: Ranking) -> dict[int, int]:
        table = standings(RESULTS, schools={1, 5}, method=method)
        return dict(table.select("school_id", "n").rows())

    assert ranked(METHOD) == {1: 20, 5: 0}
    assert ranked(replace(METHOD, procedures=())) == {1: 20, 5: 90}
    assert ranked(replace(METHOD, subjects=())) == {1: 70, 5: 0}
