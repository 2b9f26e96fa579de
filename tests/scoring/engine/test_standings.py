"""A method applied to results gives each school its place."""

import copy

from services.scoring.engine.methods import Method
from services.scoring.engine.standings import standings
from tests.scoring.engine.result_frames import frame, result
from tests.scoring.engine.test_methods import PLAIN

METHOD = Method.from_mapping(copy.deepcopy(PLAIN))

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
