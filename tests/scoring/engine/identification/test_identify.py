"""Evidence, and what holds for any results at all."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from services.scoring.engine.identification.identify import identify
from tests.scoring.engine.identification.rules import (
    FEDERAL,
    THREE_YEARS,
    YEAR,
    evidence,
    found,
    frame,
    paper,
    rule,
    schools,
)
from tests.scoring.engine.result_frames import content

WORSE = ["not_on_list", "risk_group", "on_list"]


def test_evidence_says_how_far_each_result_is_from_being_low() -> None:
    low, missed = evidence(paper(4, 10), paper(2, 11, subject="russian"))

    assert (low["state"], low["n"], low["n_low"], low["low_share"]) == (
        "low",
        10,
        4,
        40.0,
    )
    assert (low["threshold"], low["fewest_low"], low["pupils"]) == (30.0, 3, 2)
    assert low["points"] == 10.0
    assert (missed["state"], missed["fewest_low"], missed["pupils"]) == (
        "not_low",
        4,
        2,
    )
    assert missed["points"] == pytest.approx(200 / 11 - 30)


def test_evidence_carries_the_interval_of_each_share() -> None:
    [row] = evidence(paper(4, 10))

    interval = proportion_confint(4, 10, method="wilson")

    assert (row["share_from"], row["share_to"]) == pytest.approx(
        [100 * end for end in interval]
    )


def test_evidence_without_weight_says_why() -> None:
    no_count = {
        **paper(0, 10, year=2019, subject="russian"),
        **dict.fromkeys(("n2", "n3", "n4", "n5")),
    }

    excluded, few, scores = evidence(
        paper(2, 4, year=2019),
        paper(9, 10, year=2019, procedure="oge", grade=9),
        no_count,
        year=2019,
    )

    assert (excluded["state"], excluded["points"]) == ("excluded", None)
    assert (few["state"], few["pupils"]) == ("too_few", None)
    assert (scores["state"], scores["n"], scores["n_low"]) == ("no_low_count", 10, None)


def test_evidence_stands_beside_the_median_of_the_schools_of_the_municipality() -> None:
    rows = [paper(low, 10, school=low) for low in (1, 2, 6)]
    elsewhere = paper(9, 10, school=9, municipality=2)
    listed = pl.concat([schools(1, 2, 6), schools(9, municipality=2)])

    answer = identify(frame(*rows, elsewhere), listed, rule=FEDERAL, year=YEAR)

    medians = answer.evidence.select("peers_median", "peers").rows()
    assert medians == [(20.0, 3)] * 3 + [(90.0, 1)]


def test_all_years_of_a_window_are_evidence() -> None:
    rows = [
        paper(1, 10, year=year, procedure="ege") for year in range(YEAR - 3, YEAR + 1)
    ]

    years = [row["academic_year"] for row in evidence(*rows, by=THREE_YEARS)]

    assert years == [YEAR - 2, YEAR - 1, YEAR]


papers = st.integers(0, 12).flatmap(
    lambda n: st.builds(
        paper,
        st.integers(0, n),
        st.just(n),
        year=st.integers(YEAR - 4, YEAR),
        school=st.integers(1, 4),
        municipality=st.just(1),
        subject=st.sampled_from(["russian", "mathematics"]),
        grade=st.sampled_from([5, 6, 7]),
    )
)
districts = st.lists(papers, max_size=25)
by = st.sampled_from([FEDERAL, rule(window_years=2, leave_share_at_least=20.0)])


@settings(max_examples=25, deadline=None)
@given(one=districts, other=districts, applied=by, data=st.data())
def test_a_municipality_is_judged_alone_in_whatever_company_and_order(
    one: list[dict[str, Any]],
    other: list[dict[str, Any]],
    applied: Any,
    data: st.DataObject,
) -> None:
    others = [
        {**row, "municipality_id": 2, "school_id": row["school_id"] + 10}
        for row in other
    ]
    both = data.draw(st.permutations([*one, *others]))
    listed = pl.concat([schools(12, 11, 14, 13, municipality=2), schools(3, 1, 2, 4)])

    alone = identify(frame(*one), schools(1, 2, 3, 4), rule=applied, year=YEAR)
    together = identify(frame(*both), listed, rule=applied, year=YEAR)

    own = pl.col("municipality_id") == 1
    assert content(together.schools.filter(own)) == content(alone.schools)
    assert content(together.evidence.filter(own)) == content(alone.evidence)


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(papers, min_size=1, max_size=8), data=st.data())
def test_another_low_mark_never_improves_a_status(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    this_year = [{**row, "academic_year": YEAR, "school_id": 1} for row in rows]
    place = data.draw(st.integers(0, len(rows) - 1))
    row = this_year[place]
    if row["n2"] == row["n"]:
        return
    lower = {**row, "n2": row["n2"] + 1, "n4": row["n4"] - 1}
    worse = [*this_year[:place], lower, *this_year[place + 1 :]]

    before, after = found(*this_year)["status"], found(*worse)["status"]

    if "not_assessable" in (before, after):
        # Not to be known becomes certain when enough others are low, never unlisted.
        assert (before, after) in {
            ("not_assessable", "not_assessable"),
            ("not_assessable", "on_list"),
            ("not_on_list", "not_assessable"),
            ("risk_group", "not_assessable"),
        }
    else:
        assert WORSE.index(after) >= WORSE.index(before)
