"""A method applied to schools: scores, places, dynamics and the grid, by hand."""

from collections.abc import Iterable
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.engine.composite.figures import Inputs
from services.scoring.engine.composite.school_scores import (
    SCORES_SCHEMA,
    school_scores,
)
from shared.domain.methods.ranking import Ranking
from tests.domain.methods.ranking_cases import PLAIN, changed, ranking
from tests.scoring.engine.composite.frames import Row, inputs, paper, papers_of
from tests.scoring.engine.result_frames import content

SPEC = ranking()
SCHOOLS = [(1, 1, "secondary"), (1, 2, "basic"), (1, 3, "secondary"), (1, 4, "branch")]
PAPERS = [
    paper(2019, 1, "vpr", marks=(1, 9, 5, 5), subject="mathematics"),
    paper(2019, 1, "vpr", marks=(9, 0, 0, 0), subject="russian"),
    paper(2019, 2, "vpr", marks=(6, 4, 5, 5), subject="mathematics"),
    paper(2019, 3, "vpr", marks=(9, 0, 0, 0), subject="mathematics"),
    paper(2018, 1, "vpr", marks=(5, 5, 5, 5), subject="mathematics"),
]
MSOKO = [
    (1, 1, 2019, "2.2", 4.0, 10.0),
    (1, 2, 2019, "2.2", 8.0, 10.0),
    (1, 3, 2019, "2.2", 6.0, 10.0),
    (1, 1, 2018, "2.2", 8.0, 10.0),
    (1, 2, 2018, "2.2", 8.0, 20.0),
]


def table(
    spec: Ranking, given_inputs: Inputs, code: str, *columns: str
) -> list[tuple[Any, ...]]:
    scores = school_scores(given_inputs, spec, 2019)
    return scores.filter(pl.col("code") == code).select("school_id", *columns).rows()


def test_figures_come_with_their_counts_and_what_was_left_out() -> None:
    columns = ("value", "n", "numerator", "n_results", "n_left_out", "reason")

    assert table(SPEC, inputs(SCHOOLS, PAPERS, MSOKO), "low", *columns) == [
        (1, 5.0, 20, 1, 1, 1, None),
        (2, 30.0, 20, 6, 1, 0, None),
        (3, 100.0, 9, 9, 1, 0, "too_few_participants"),
    ]
    assert table(SPEC, inputs(SCHOOLS, PAPERS, MSOKO), "staff", *columns[:2]) == [
        (1, 40.0, None),
        (2, 80.0, None),
        (3, 60.0, None),
    ]


def test_a_composite_by_hand() -> None:
    """Bands give 2 and 0 points; min-max gives 0, 100 and 50, of weights 3 and 1."""
    spec = ranking(changed("composite.minimum_coverage", 0.25))
    rows = table(
        spec,
        inputs(SCHOOLS, PAPERS, MSOKO),
        "composite",
        "value",
        "n",
        "coverage",
        "place_from",
        "ranked",
        "reason",
    )

    assert rows == [
        (1, 1.5, 20, 1.0, 3, 3, None),
        (2, 25.0, 20, 1.0, 2, 3, None),
        (3, 50.0, None, 0.25, 1, 3, None),
    ]


def test_with_too_little_coverage_a_school_is_outside_with_the_reason() -> None:
    columns = ("value", "place_from", "ranked", "reason")

    assert table(SPEC, inputs(SCHOOLS, PAPERS, MSOKO), "composite", *columns) == [
        (1, 1.5, 2, 2, None),
        (2, 25.0, 1, 2, None),
        (3, None, None, 2, "low_coverage"),
    ]
    assert table(SPEC, inputs(SCHOOLS), "composite", *columns) == [
        (1, None, None, 0, "no_data"),
        (2, None, None, 0, "no_data"),
        (3, None, None, 0, "no_data"),
    ]


def test_a_required_figure_that_is_missing_keeps_a_school_outside() -> None:
    spec = ranking(
        changed(
            "indicators[1]",
            PLAIN["indicators"][1] | {"missing": "required"},
            changed(
                "provenance/indicators.staff.missing",
                {"kind": "local", "source": "An order"},
            ),
        )
    )

    rows = table(
        spec, inputs(SCHOOLS, PAPERS, MSOKO[1:]), "composite", "value", "reason"
    )

    assert rows == [
        (1, None, "required_missing"),
        (2, 25.0, None),
        (3, None, "low_coverage"),
    ]


def test_where_missing_counts_as_worst_too_few_pupils_still_do_not() -> None:
    spec = ranking(changed("missing", "worst"))
    papers = [*PAPERS[:2], PAPERS[3]]

    low = table(spec, inputs(SCHOOLS, papers, MSOKO), "low", "score", "reason")
    staff = table(spec, inputs(SCHOOLS, papers, MSOKO[1:]), "staff", "score", "reason")

    assert low == [(1, 2.0, None), (2, 2.0, "no_data"), (3, None, low[2][2])]
    assert low[2][2] == "too_few_participants"
    assert staff == [(1, 0.0, "no_data"), (2, 100.0, None), (3, 0.0, None)]


def test_a_branch_is_listed_only_with_results_of_its_own() -> None:
    own = [*PAPERS, paper(2019, 4, "vpr", marks=(0, 9, 5, 5), subject="mathematics")]

    assert [row[0] for row in table(SPEC, inputs(SCHOOLS, own), "low")] == [1, 2, 3, 4]
    assert [row[0] for row in table(SPEC, inputs(SCHOOLS, PAPERS), "low")] == [1, 2, 3]


def test_dynamics_compare_what_compares() -> None:
    columns = ("change", "noise", "dynamics", "incomparable")
    world = inputs(SCHOOLS, PAPERS, MSOKO)

    assert table(SPEC, world, "low", *columns) == [
        (1, -20.0, 5.0, "positive", None),
        (2, None, None, "incomparable", "no_data"),
        (3, None, None, "incomparable", "no_data"),
    ]
    assert table(SPEC, world, "staff", *columns) == [
        (1, -40.0, 2.0, "negative", None),
        (2, None, None, "incomparable", "scale"),
        (3, None, None, "incomparable", "no_data"),
    ]
    assert table(SPEC, world, "composite", *columns) == [
        (1, 1.5 - (3 * 1 + 100) / 4, 1.0, "negative", None),
        (2, None, None, "incomparable", "no_data"),
        (3, None, None, "incomparable", "no_data"),
    ]


def test_a_composite_of_other_indicators_does_not_compare() -> None:
    without_low = [row for row in PAPERS if row[0] == 2019]
    spec = ranking(changed("composite.minimum_coverage", 0.25))

    rows = table(
        spec,
        inputs(SCHOOLS, without_low, MSOKO),
        "composite",
        "dynamics",
        "incomparable",
    )

    assert rows[0] == (1, "incomparable", "indicators")


def test_the_grid_stands_with_what_ranks_only() -> None:
    world = inputs(SCHOOLS, PAPERS, MSOKO)

    assert table(SPEC, world, "composite", "status_level") == [
        (1, 1),
        (2, 2),
        (3, None),
    ]
    assert table(SPEC, world, "low", "status_level") == [
        (1, None),
        (2, None),
        (3, None),
    ]


def test_pooled_years_add_pupils_and_not_percentages() -> None:
    papers = [
        paper(2019, 1, "vpr", marks=(1, 3, 0, 0), subject="mathematics"),
        paper(2018, 1, "vpr", marks=(10, 0, 0, 6), subject="mathematics"),
        paper(2016, 1, "vpr", marks=(9, 0, 0, 0), subject="mathematics"),
    ]
    pooled = ranking(changed("pool_years", 3))

    assert table(pooled, inputs(SCHOOLS, papers), "low", "value", "n")[0] == (1, 55, 20)
    assert table(SPEC, inputs(SCHOOLS, papers), "low", "reason")[0] == (
        1,
        "too_few_participants",
    )


def test_an_empty_world_has_the_columns() -> None:
    assert school_scores(inputs([]), SPEC, 2019).schema == SCORES_SCHEMA


def worlds(schools: Iterable[int]) -> st.SearchStrategy[list[Row]]:
    return papers_of(list(schools))


@settings(max_examples=15)
@given(worlds([1, 2, 3, 4]), worlds([11, 12]), st.randoms(use_true_random=False))
def test_neither_order_nor_other_municipalities_change_a_byte(
    papers: list[Row], others: list[Row], shuffler: Any
) -> None:
    neighbours = [(2, 11, "secondary"), (0, 12, "secondary")]
    crowd, mixed = [*papers, *others], [*SCHOOLS, *neighbours]
    shuffler.shuffle(crowd)
    shuffler.shuffle(mixed)

    alone = school_scores(inputs(SCHOOLS, papers, MSOKO), SPEC, 2019)
    together = school_scores(inputs(mixed, crowd, MSOKO[::-1]), SPEC, 2019)

    assert content(together.filter(pl.col("municipality_id") == 1)) == content(alone)
