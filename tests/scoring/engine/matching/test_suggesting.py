"""Who is suggested as whose mentor, who is not, and why."""

from dataclasses import fields, replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.engine.matching.assignment import assign
from services.scoring.engine.matching.suggesting import Suggestions, suggest
from tests.scoring.engine.matching.districts import (
    OPEN_GATES,
    RULES,
    Row,
    countries,
    gated,
    inputs,
    of_municipality,
    result,
    school,
    shuffled,
)

ALL = replace(RULES, gates=OPEN_GATES, alternatives=10)


def content(found: Suggestions) -> list[str]:
    """All that was found, floats to the last bit."""
    tables = [getattr(found, field.name) for field in fields(found)]
    return [f"{table.schema} {table.rows()!r}" for table in tables]


def chosen(found: Suggestions) -> list[tuple[int, int]]:
    pairs = found.suggestions.filter("is_chosen")
    return pairs.select("mentee_id", "mentor_id").rows()


def reasons(found: Suggestions) -> dict[tuple[int, int], str]:
    columns = found.excluded.select("mentee_id", "mentor_id", "reason").rows()
    return {(mentee, mentor): reason for mentee, mentor, reason in columns}


def outcomes(found: Suggestions) -> dict[int, str]:
    return dict(found.schools.select("school_id", "outcome").rows())


def two_schools(**tables: list[Row]) -> dict[str, list[Row]]:
    """School 1 is weak in mathematics, and school 2 strong; nothing else is known."""
    return {
        "schools": [school(1), school(2)],
        "results": [result(1, 20), result(2, 80)],
        **tables,
    }


def test_a_strong_school_is_suggested_to_a_weak_one() -> None:
    found = suggest(inputs(**two_schools()), RULES)

    assert chosen(found) == [(1, 2)]
    pair = found.suggestions.row(0, named=True)
    assert (pair["kind"], pair["code"]) == ("subject", "maths")
    assert (pair["figure"], pair["n"]) == (20.0, 100)
    assert (pair["mentor_figure"], pair["mentor_n"]) == (80.0, 100)
    assert outcomes(found) == {1: "suggested", 2: "no_need"}


def test_the_benefit_is_the_weighted_mean_of_its_parts() -> None:
    """By hand: weights 4, 2, 2, 2, 1, 1, of 12 together.

    Mathematics is weak, asked for with high urgency and a deficit: it weighs 3.5;
    Russian is weak: 1. The mentor is 30 points ahead of 40 in mathematics, 0.75, and
    no better in Russian: 3.5 · 0.75 / 4.5 = 0.5833. Indices 0.1 apart of 0.3: 0.6667;
    15 km of 60: 0.75; 1 of 2 places is free: 0.5; urgency 1; an offer 1.
    (4 · 0.5833 + 2 · 1 + 2 · 0.6667 + 2 · 0.75 + 0.5 + 1) / 12 = 0.7222.
    """
    known = inputs(
        schools=[
            school(1, conditions=0.4),
            school(2, conditions=0.5, places=2),
            school(3),
        ],
        results=[
            result(1, 30),
            result(2, 60),
            result(1, 40, subject="russian"),
            result(2, 45, subject="russian"),
            result(3, 45),
        ],
        requests=[
            {"school_id": 1, "subject": "maths", "problem": "x", "urgency": "low"},
            {"school_id": 1, "subject": "maths", "problem": "y", "urgency": "high"},
        ],
        deficits=[{"school_id": 1, "subject": "maths"}],
        offers=[{"school_id": 2, "subject": "maths", "problem": "z"}],
        agreements=[{"mentor_id": 2, "mentee_id": 3, "years_ago": None}],
        distances=[{"school_id": 2, "other_id": 1, "km": 15.0, "same_network": False}],
    )

    pair = suggest(known, RULES).suggestions.row(0, named=True)

    assert pair["complement"] == 5833
    assert pair["urgency"] == 10_000
    assert pair["conditions"] == 6667
    assert pair["distance"] == 7500
    assert pair["capacity"] == 5000
    assert pair["offer"] == 10_000
    assert pair["benefit"] == 7222


def test_a_common_bus_counts_where_the_way_is_long_or_unknown() -> None:
    def distance(km: float | None, *, same_network: bool) -> int:
        way = {"school_id": 1, "other_id": 2, "km": km, "same_network": same_network}
        found = suggest(inputs(**two_schools(distances=[way])), RULES)
        part: int = found.suggestions["distance"].item()
        return part

    assert distance(90.0, same_network=False) == 0
    assert distance(90.0, same_network=True) == 8000
    assert distance(3.0, same_network=True) == 9500
    assert distance(None, same_network=True) == 8000
    assert distance(None, same_network=False) == 5000


@pytest.mark.parametrize(
    ("tables", "reason"),
    [
        ({"schools": [school(1), school(2, parent_id=1)]}, "same_school"),
        ({"schools": [school(1), school(2, places=0)]}, "no_capacity"),
        ({"schools": [school(1), school(2, listed=True)]}, "mentor_on_low_list"),
        ({"schools": [school(1), school(2, signs=True)]}, "mentor_has_signs"),
        ({"results": [result(1, 20), result(2, 49)]}, "not_strong_enough"),
        ({"results": [result(1, 20)]}, "no_figure_of_mentor"),
        ({"results": [result(1, 20), result(2, 8, n=9)]}, "too_few_participants"),
        ({"declined": [{"mentor_id": 2, "mentee_id": 1}]}, "declined"),
        (
            {"agreements": [{"mentor_id": 2, "mentee_id": 1, "years_ago": 2}]},
            "same_pair_before",
        ),
        (
            {"agreements": [{"mentor_id": 2, "mentee_id": 7, "years_ago": None}]},
            "all_places_taken",
        ),
    ],
)
def test_a_gate_keeps_the_pair_apart_and_says_why(
    tables: dict[str, Any], reason: str
) -> None:
    found = suggest(inputs(**two_schools(**tables)), RULES)

    assert chosen(found) == []
    assert reasons(found) == {(1, 2): reason}
    assert outcomes(found)[1] == "no_feasible_mentor"


def test_a_pair_comes_again_after_the_years_of_the_method() -> None:
    before = {"agreements": [{"mentor_id": 2, "mentee_id": 1, "years_ago": 3}]}

    assert chosen(suggest(inputs(**two_schools(**before)), RULES)) == [(1, 2)]


def test_a_school_with_enough_mentors_gets_no_other() -> None:
    schools = [school(1), school(2), school(3)]
    has_one = {"agreements": [{"mentor_id": 3, "mentee_id": 1, "years_ago": None}]}
    known = inputs(**two_schools(schools=schools, **has_one))

    assert outcomes(suggest(known, RULES))[1] == "has_mentor"
    assert chosen(suggest(known, gated(most_mentors=2))) == [(1, 2)]


def test_a_gap_below_the_least_is_none_and_a_small_benefit_too_little() -> None:
    close = inputs(**two_schools(results=[result(1, 40), result(2, 52)]))
    wide = replace(RULES, subjects=replace(RULES.subjects, least_gap=13))

    assert reasons(suggest(close, wide)) == {(1, 2): "gap_too_small"}
    demanding = suggest(close, gated(least_benefit=0.9))
    assert reasons(demanding) == {(1, 2): "too_little_benefit"}


def test_a_listed_school_can_mentor_for_what_the_list_is_not_about() -> None:
    def found(code: str) -> list[tuple[int, int]]:
        scores = [
            {"school_id": 1, "code": code, "score": 2.0, "maximum": 10.0},
            {"school_id": 2, "code": code, "score": 9.0, "maximum": 10.0},
        ]
        schools = [school(1), school(2, listed=True)]
        return chosen(suggest(inputs(schools=schools, scores=scores), RULES))

    assert found("3.1") == [(1, 2)]
    assert found("1.1") == []


def test_a_request_in_words_is_answered_by_an_offer_in_the_same_words() -> None:
    asked = {"school_id": 1, "subject": None, "problem": "Буллинг ", "urgency": "low"}
    offered = {"subject": None, "problem": "буллинг"}
    found = suggest(
        inputs(
            schools=[school(1), school(2), school(3)],
            requests=[asked],
            offers=[{"school_id": 3, **offered}],
        ),
        RULES,
    )

    assert chosen(found) == [(1, 3)]
    assert reasons(found) == {(1, 2): "not_offered"}


def test_places_go_where_all_together_gain_the_most() -> None:
    """School 3 alone is strong in both, but school 1 can also learn from school 4."""
    found = suggest(
        inputs(
            schools=[school(1), school(2), school(3), school(4)],
            results=[
                result(1, 20),
                result(2, 20, subject="russian"),
                result(3, 80),
                result(3, 80, subject="russian"),
                result(4, 60),
            ],
            distances=[
                {"school_id": 1, "other_id": 3, "km": 1.0, "same_network": False}
            ],
        ),
        RULES,
    )

    assert chosen(found) == [(1, 4), (2, 3)]
    columns = ["mentee_id", "mentor_id", "rank", "cost"]
    assert found.suggestions.select(columns).rows()[0] == (1, 4, 1, 0)
    assert found.suggestions.select(columns).rows()[1][:3] == (1, 3, 2)
    suggested, near, of_second = found.suggestions["benefit"].to_list()
    # School 1 would gain by the mentor nearby, but school 2 would then have none.
    assert found.suggestions["cost"].to_list()[1] == of_second - (near - suggested)


def test_a_school_for_which_no_place_is_left_is_told_so() -> None:
    schools = [school(1), school(2, places=1), school(3)]
    results = [result(1, 20), result(2, 80), result(3, 20)]
    found = suggest(inputs(schools=schools, results=results), RULES)

    assert chosen(found) == [(1, 2)]
    assert outcomes(found) == {1: "suggested", 2: "no_need", 3: "no_places_left"}
    alternatives = found.suggestions.filter(~pl.col("is_chosen"))
    assert alternatives.select("mentee_id", "mentor_id", "cost").rows() == [(3, 2, 0)]


def test_a_school_about_which_nothing_is_known_is_not_assessable() -> None:
    known = inputs(schools=[school(1), school(2)], results=[result(2, 5, n=5)])

    assert set(outcomes(suggest(known, RULES)).values()) == {"not_assessable"}


@settings(max_examples=20)
@given(country=countries(), seed=st.integers(0, 99))
def test_neither_the_order_of_rows_nor_other_municipalities_matter(
    country: Any, seed: int
) -> None:
    found = suggest(country, ALL)

    assert content(suggest(shuffled(country, seed), ALL)) == content(found)
    for municipality_id in (1, 2):
        alone = suggest(of_municipality(country, municipality_id), ALL)
        for field in fields(found):
            own = getattr(found, field.name).filter(
                pl.col("municipality_id") == municipality_id
            )
            assert getattr(alone, field.name).equals(own)


@settings(max_examples=20)
@given(country=countries())
def test_every_pair_of_a_school_without_a_mentor_is_feasible_or_excluded(
    country: Any,
) -> None:
    found = suggest(country, ALL)
    pair = ["municipality_id", "mentee_id", "mentor_id"]

    feasible = set(found.suggestions.select(pair).rows())
    excluded = set(found.excluded.select(pair).rows())

    assert not feasible & excluded
    assert len(excluded) == found.excluded.height
    needy = set(
        found.needs.join(
            found.schools.filter(pl.col("outcome") != "has_mentor"),
            on=["municipality_id", "school_id"],
        )
        .select("municipality_id", "school_id")
        .rows()
    )
    schools = found.schools.select("municipality_id", "school_id").rows()
    assert feasible | excluded == {
        (municipality, mentee, mentor)
        for municipality, mentee in needy
        for where, mentor in schools
        if where == municipality and mentor != mentee
    }


@settings(max_examples=20)
@given(country=countries())
def test_what_is_chosen_is_the_best_assignment_of_the_benefits_shown(
    country: Any,
) -> None:
    found = suggest(country, ALL).suggestions

    for part in found.partition_by("municipality_id"):
        mentees = sorted(set(part["mentee_id"]))
        mentors = sorted(set(part["mentor_id"]))
        matrix = pl.DataFrame({"mentee_id": mentees}).join(
            pl.DataFrame({"mentor_id": mentors}), how="cross"
        )
        benefits = matrix.join(part, on=["mentee_id", "mentor_id"], how="left")[
            "benefit"
        ].fill_null(-1)
        places = part.unique("mentor_id").sort("mentor_id")["free_places"]
        best = assign(
            benefits.to_numpy().reshape(len(mentees), len(mentors)), places.to_numpy()
        )
        expected = [
            (mentee, mentors[mentor])
            for mentee, mentor in zip(mentees, best.mentors.tolist(), strict=True)
            if mentor < len(mentors)
        ]
        pairs = part.filter("is_chosen").sort("mentee_id")
        assert pairs.select("mentee_id", "mentor_id").rows() == expected
