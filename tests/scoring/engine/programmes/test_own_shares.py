"""Shares of schools by conditions of a method's own, against counting by hand."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from services.scoring.engine.composite.figures import (
    FACTS_SCHEMA,
    MSOKO_SCHEMA,
    PAPERS_SCHEMA,
    SCHOOLS_SCHEMA,
    Inputs,
)
from services.scoring.engine.programmes.findings import share_of
from services.scoring.engine.programmes.indicators import INDICATORS
from services.scoring.engine.programmes.own_shares import schools_that
from shared.domain.errors import Text
from shared.domain.formulas.missing import MissingPolicy
from shared.domain.methods.indicator_sources import FormulaSource
from shared.domain.methods.share_indicators import BUILT_IN, ShareIndicator
from tests.scoring.engine.programmes.programme_records import calendar, records, told

PERIOD = calendar(2021)  # whose results are those of 2020/2021
CONDITION = "results.low_share < 20 and vacancies.count = 0"


def indicator(**changes: Any) -> ShareIndicator:
    source = FormulaSource(text=CONDITION, procedures=("vpr",), subjects=(), grades=())
    values: dict[str, Any] = {
        "code": "few_low_results",
        "title": Text("Мало двоек", "Few 2s"),
        "condition": source,
        "minimum_n": 5,
        "missing": MissingPolicy.EXCLUDE,
    }
    return ShareIndicator(**values | changes)


def paper(school: int, n2: int, n4: int, procedure: str = "vpr") -> dict[str, Any]:
    return {
        "school_id": school,
        "procedure": procedure,
        "subject": "mathematics",
        "programme_grade": 5,
        "n": n2 + n4,
        "n2": n2,
        "n3": 0,
        "n4": n4,
        "n5": 0,
        "n_ungraded": 0,
        "pupil_grade": 5,
    }


def inputs(papers: list[dict[str, Any]], vacancies: dict[int, int]) -> Inputs:
    facts = [
        {
            "municipality_id": 1,
            "school_id": school,
            "academic_year": 2020,
            "vacancies.count": float(count),
        }
        for school, count in vacancies.items()
    ]
    schema = pl.Schema([*FACTS_SCHEMA.items(), ("vacancies.count", pl.Float64)])
    return Inputs(
        schools=pl.DataFrame(schema=SCHOOLS_SCHEMA),
        results={2020: pl.DataFrame(papers, schema=PAPERS_SCHEMA)},
        msoko=pl.DataFrame(schema=MSOKO_SCHEMA),
        facts=pl.DataFrame(facts, schema=schema),
    )


def test_each_school_has_its_side_and_its_reason() -> None:
    papers = [
        paper(1, 1, 9),
        paper(2, 5, 5),
        paper(3, 0, 3),
        paper(4, 0, 3),
        paper(5, 0, 20, procedure="oge"),
        paper(6, 9, 0),
    ]
    known = inputs(papers, {1: 0, 2: 0, 3: 0, 4: 2, 6: 0})
    own = records(1, 2, 3, 4, 5, 6, inputs=known)

    finding = schools_that(own, PERIOD, indicator())

    assert told(finding) == {
        1: "yes",
        2: "no: condition_not_met",
        3: "undecided: too_few_participants",
        4: "no: condition_not_met",  # a vacancy is enough, however few took part
        5: "undecided: condition_unknown",
        6: "no: condition_not_met",
    }
    assert finding.verdicts[0].evidence == {
        "results.low_share": 10.0,
        "vacancies.count": 0.0,
        "results.n_low_of": 10,
    }
    share = share_of(finding.verdicts, confidence=95.0)
    assert share is not None
    assert (share.numerator, share.denominator, share.percent) == (1, 4, 25.0)
    assert (share.decided, share.schools) == (4, 6)
    low, high = proportion_confint(1, 4, alpha=0.05, method="wilson")
    assert (share.low, share.high) == pytest.approx((100 * low, 100 * high))
    assert (share.least, share.most) == pytest.approx((100 / 6, 50))


def test_where_it_is_a_no_the_undecided_are_in_the_denominator_only() -> None:
    known = inputs([paper(1, 1, 9), paper(2, 5, 5)], {1: 0, 2: 0})
    own = records(1, 2, 3, 4, inputs=known)

    finding = schools_that(own, PERIOD, indicator(missing=MissingPolicy.COUNT_AS_NO))

    share = share_of(finding.verdicts, confidence=95.0)
    assert share is not None
    assert (share.numerator, share.denominator) == (1, 4)
    assert (share.decided, share.schools) == (2, 4)
    assert finding.prospect is not None
    assert (finding.prospect.open_parts, finding.prospect.joining) == (2, 0)


@given(
    schools=st.dictionaries(
        st.integers(1, 50),
        st.tuples(
            st.none() | st.tuples(st.integers(0, 30), st.integers(0, 30)),
            st.none() | st.integers(0, 2),
        ),
        max_size=12,
    )
)
def test_the_share_is_what_counting_school_by_school_gives(
    schools: dict[int, tuple[tuple[int, int] | None, int | None]],
) -> None:
    papers = [paper(number, *marks) for number, (marks, _) in schools.items() if marks]
    vacancies = {
        number: count for number, (_, count) in schools.items() if count is not None
    }
    own = records(*schools, inputs=inputs(papers, vacancies))

    finding = schools_that(own, PERIOD, indicator())

    expected: dict[int, bool | None] = {}
    for number, (marks, count) in schools.items():
        few = marks is None or sum(marks) < 5
        low = None if marks is None or few else 100 * marks[0] / sum(marks) < 20
        free = None if count is None else count == 0
        if low is False or free is False:
            expected[number] = False
        else:
            expected[number] = True if low and free else None
    assert {each.school_id: each.holds for each in finding.verdicts} == expected


def test_codes_of_the_systems_own_rules_are_taken() -> None:
    assert INDICATORS.keys() == BUILT_IN
