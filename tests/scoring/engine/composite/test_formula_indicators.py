"""Indicators by formulas over results, facts and each other, worked by hand."""

from dataclasses import replace
from typing import Any

import polars as pl

from services.scoring.engine.composite.figures import FACTS_SCHEMA, Inputs
from services.scoring.engine.composite.school_scores import school_scores
from tests.domain.methods.formula_cases import with_formulas
from tests.domain.methods.ranking_cases import ranking
from tests.scoring.engine.composite.frames import inputs, paper

SPEC = ranking(
    with_formulas(
        {
            "index": "(indicator.mixed + indicator.low) / 2",
            "mixed": "share(results.n4 + results.n5, results.n_marked)"
            " - staff.age_over_55_percent",
            "people": "staff.age_over_55_percent",
        }
    )
)
SCHOOLS = [(1, 1, "secondary"), (1, 2, "basic"), (1, 3, "secondary")]
OTHERS = [(2, 7, "secondary"), (2, 8, "secondary")]
MARKS = {1: (1, 9, 5, 5), 2: (6, 4, 5, 5), 3: (9, 0, 0, 0), 7: (2, 3, 9, 6)}
PAPERS = [
    *(
        paper(2019, school, "vpr", marks=marks, subject="mathematics")
        for school, marks in MARKS.items()
    ),
    paper(2019, 1, "vpr", marks=(9, 0, 0, 0), subject="russian"),
    paper(2018, 1, "vpr", marks=(5, 5, 5, 5), subject="mathematics"),
]
FACTS = pl.DataFrame(
    [
        (1, 1, 2018, 10.0, 10.0),
        (1, 1, 2019, 20.0, 12.0),
        (1, 2, 2019, None, 8.0),
        (1, 3, 2019, 10.0, 4.0),
        (2, 7, 2019, 40.0, 30.0),
        (2, 8, 2019, 30.0, 30.0),
    ],
    schema={
        **FACTS_SCHEMA,
        "staff.age_over_55_percent": pl.Float64,
        "staff.teachers": pl.Float64,
    },
    orient="row",
)


def of(*municipalities: int) -> Inputs:
    schools = [each for each in SCHOOLS + OTHERS if each[0] in municipalities]
    numbers = [school for _, school, _ in schools]
    papers = [each for each in PAPERS if each[1]["school_id"] in numbers]
    facts = FACTS.filter(pl.col("municipality_id").is_in(municipalities))
    return replace(inputs(schools, papers), facts=facts)


def table(scores: pl.DataFrame, code: str, *columns: str) -> list[tuple[Any, ...]]:
    return scores.filter(pl.col("code") == code).select("school_id", *columns).rows()


def test_a_formula_counts_results_and_facts_over_the_fewest_people() -> None:
    columns = ("value", "n", "n_results", "n_left_out", "reason")
    scores = school_scores(of(1), SPEC, 2019)

    assert table(scores, "mixed", *columns) == [
        (1, 30.0, 12, 1, 1, None),
        (2, None, 8, 1, 0, "no_data"),
        (3, -10.0, 4, 1, 0, "too_few_participants"),
    ]
    assert table(scores, "people", *columns) == [
        (1, 20.0, 12, None, None, None),
        (2, None, 8, None, None, "no_data"),
        (3, 10.0, 4, None, None, "too_few_participants"),
    ]


def test_an_indicator_of_indicators_counts_those_that_count_themselves() -> None:
    scores = school_scores(of(1), SPEC, 2019)

    assert table(scores, "index", "value", "n", "reason") == [
        (1, 17.5, 12, None),
        (2, None, 20, "no_data"),
        (3, None, None, "no_data"),
    ]


def test_a_change_is_against_the_facts_of_the_year_before() -> None:
    [first, *_] = table(
        school_scores(of(1), SPEC, 2019), "mixed", "value_before", "change"
    )

    assert first == (1, 40.0, -10.0)


def test_where_results_do_not_compare_no_formula_over_them_does() -> None:
    given = of(1)
    earlier = given.results[2018].with_columns(procedure=pl.lit("oge"))
    scores = school_scores(
        replace(given, results={**given.results, 2018: earlier}), SPEC, 2019
    )

    found = {
        code: table(scores, code, "incomparable")[0][1]
        for code in ("mixed", "index", "people")
    }
    assert found == {"mixed": "procedures", "index": "procedures", "people": None}


def test_without_any_facts_there_is_no_figure_and_without_schools_none_at_all() -> None:
    bare = replace(of(1), facts=FACTS.select(FACTS_SCHEMA.names()))

    reasons = [row[1] for row in table(school_scores(bare, SPEC, 2019), "mixed", "n")]
    assert reasons == [20, 20, 9]
    assert school_scores(of(), SPEC, 2019).is_empty()


def test_municipalities_together_are_scored_as_each_alone() -> None:
    alone = [school_scores(of(each), SPEC, 2019) for each in (1, 2)]

    assert school_scores(of(1, 2), SPEC, 2019).equals(pl.concat(alone))
