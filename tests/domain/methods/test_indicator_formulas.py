"""Indicators by formulas: what is refused, where, and what they depend on."""

from typing import Any

import pytest

from shared.domain.errors import InvalidInputError
from shared.domain.methods.dependencies import dependency_graph
from shared.domain.methods.kinds import read_method
from shared.domain.methods.ranking import Ranking
from tests.domain.methods.formula_cases import with_formulas

GOOD = {
    "index": "(indicator.quality + indicator.low) / 2",
    "quality": "share(results.n4 + results.n5, results.n_marked)\n"
    "- staff.age_over_55_percent + msoko.2_3",
}

Place = tuple[str, tuple[int, int, int] | None]


def places(plain: dict[str, Any]) -> list[Place]:
    with pytest.raises(InvalidInputError) as caught:
        read_method(plain)
    return [
        (
            fault.column or "",
            None
            if fault.position is None
            else (
                fault.position.line,
                fault.position.column,
                fault.position.length,
            ),
        )
        for fault in caught.value.faults
    ]


def test_a_formula_is_read_back_to_an_equal_method() -> None:
    method = read_method(with_formulas(GOOD)).of(Ranking)

    assert read_method(method.to_mapping()) == method
    assert method.spec.indicator("quality").source.to_mapping() == {
        "kind": "formula",
        "text": GOOD["quality"],
        "procedures": [],
        "subjects": ["mathematics"],
        "grades": [],
    }
    assert method.spec.facts == (
        "msoko.2_3",
        "staff.age_over_55_percent",
        "staff.teachers",
    )


def test_the_graph_has_the_columns_and_the_indicators() -> None:
    graph = dependency_graph(read_method(with_formulas(GOOD)))

    assert {("quality", "index"), ("low", "index"), ("msoko.2_3", "quality")} <= set(
        graph.edges
    )
    assert {("results.low_share", "low"), ("msoko.2_2", "staff")} <= set(graph.edges)
    assert graph.order.index("quality") < graph.order.index("index")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("results.n4 +", (1, 12, 1)),
        ("\n  results.quality_rate ** 2", (2, 24, 2)),
        ("results.quality_rate +\n results.nn", (2, 2, 10)),
        ("indicator.unknown", (1, 1, 17)),
        ("shares(results.n4, results.n5)", (1, 1, 6)),
        ("share(results.n4)", (1, 1, 17)),
        ("results.quality_rate / 0", (1, 24, 1)),
        ("results.quality_rate > 50", (1, 1, 25)),
        ("results.quality_rate + results.mean_mark", (1, 1, 40)),
        ("indicator.low + results.mean_mark", (1, 1, 33)),
        ("2 * 2", (1, 1, 5)),
        ("indicator.quality / 2", (1, 1, 17)),
    ],
)
def test_a_mistake_is_told_with_its_path_and_its_place(
    text: str, place: tuple[int, int, int]
) -> None:
    plain = with_formulas({"good": "results.quality_rate", "quality": text})

    assert places(plain) == [("indicators[1].source.text", place)]


def test_a_circle_of_indicators_is_told_beside_other_mistakes() -> None:
    plain = with_formulas(
        {"b": "1 + indicator.a", "a": "indicator.b", "c": "results.nn"}
    )

    assert sorted(places(plain)) == [
        ("indicators[1].source.text", (1, 1, 11)),
        ("indicators[2].source.text", (1, 1, 10)),
    ]


def test_an_unreadable_formula_is_no_mistake_of_those_that_use_it() -> None:
    plain = with_formulas({"user": "indicator.bad * 2", "bad": "results.n4 +"})

    assert places(plain) == [("indicators[1].source.text", (1, 12, 1))]


def test_the_unit_must_be_what_the_formula_counts() -> None:
    text = "results.n_total / staff.teachers"

    assert places(with_formulas({"load": text})) == [("indicators[0].unit", None)]
    method = read_method(with_formulas({"load": text}, unit="number")).of(Ranking)
    assert method.spec.indicator("load").unit == "number"
    # What a number counts is known from its formula.
    pupils = {"pupils": "results.n_total", "odd": "indicator.pupils + vacancies.count"}
    assert places(with_formulas(pupils, unit="number")) == [
        ("indicators[1].source.text", (1, 1, 34))
    ]


def test_a_formula_does_not_pool_years_and_is_not_blank() -> None:
    plain = with_formulas({"own": "results.quality_rate"}, pool_years=2)
    plain["provenance"]["indicators.own.pool_years"] = plain["provenance"]["minimum_n"]

    assert places(plain) == [("indicators[0].pool_years", None)]
    assert places(with_formulas({"own": " "})) == [("indicators[0].source.text", None)]
