"""Conditions as a whole: what an answer rests on, and what it makes of schools."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.engine.conditions.assessment import (
    Assessment,
    ConditionInputs,
    assess,
)
from tests.scoring.engine.conditions.condition_frames import (
    inputs,
    method,
    outcomes,
    passports,
    random_district,
    together,
)

BUSSED = {"bussed": {"weight": 1, "effect": "hinders"}}


def by_school(found: Assessment, column: str) -> dict[int, Any]:
    return dict(found.schools.select("school_id", column).iter_rows())


def line_of_schools(
    results: Mapping[int, float | None], *, n: int = 30
) -> ConditionInputs:
    """School i of k has the index (i − 1)/(k − 1)."""
    rows = {school: {"bussed": 100.0 - school} for school in results}
    return inputs(passports(rows), outcomes(results, n=n))


ONE_SHARE: dict[str, Any] = {"shares": BUSSED, "minimum_shares": 1}


def test_twenty_schools_are_compared_by_a_regression() -> None:
    generator = np.random.default_rng(1)
    index = np.arange(20) / 19
    results = 40 + 30 * index + generator.normal(0, 6, 20)
    district = line_of_schools(dict(enumerate(results.tolist(), 1)))

    found = assess(district, method(**ONE_SHARE))

    model = found.models.to_dicts()[0]
    peer = sm.OLS(results, sm.add_constant(index)).fit()
    z = peer.get_influence().resid_studentized_external
    assert (model["basis"], model["schools"]) == ("regression", 20)
    assert model["r_squared"] == pytest.approx(peer.rsquared)
    terms = json.loads(model["coefficients"])
    assert [term["estimate"] for term in terms] == pytest.approx(list(peer.params))
    assert found.schools["z"].to_list() == pytest.approx(z.tolist())
    statuses = found.schools["status"].to_list()
    assert statuses == [
        "above_expected"
        if each >= 1
        else "below_expected"
        if each <= -1
        else "as_expected"
        for each in z
    ]
    resilient = found.schools.filter(pl.col("resilience") == "resilient")
    assert resilient["school_id"].to_list() == [
        school for school in range(1, 7) if z[school - 1] >= 1
    ]
    assert resilient.height > 0


def test_less_is_better_turns_the_status_round() -> None:
    generator = np.random.default_rng(1)
    results = dict(enumerate((20 + generator.normal(0, 6, 20)).tolist(), 1))
    district = line_of_schools(results)

    more = assess(district, method(**ONE_SHARE))
    less = assess(district, method(**ONE_SHARE, expected={"measure": "low_share"}))

    turned = {"above_expected": "below_expected", "below_expected": "above_expected"}
    assert by_school(more, "z") == by_school(less, "z")
    assert by_school(less, "status") == {
        school: turned.get(status, status)
        for school, status in by_school(more, "status").items()
    }


def test_fewer_than_twenty_schools_are_split_by_the_medians() -> None:
    """Of seven schools number 4 is the median of conditions, 30 % that of results."""
    results: dict[int, float | None] = {
        1: 60,
        2: 10,
        3: 20,
        4: 30,
        5: 50,
        6: 25,
        7: 70,
        8: None,
    }
    found = assess(line_of_schools(results), method(**ONE_SHARE))

    assert found.models["basis"].to_list() == ["quadrants"]
    assert found.models["basis_reason"].to_list() == ["too_few_schools"]
    assert found.models["median_index"].to_list() == [pytest.approx(3 / 7)]
    assert found.models["median_outcome"].to_list() == [30]
    assert by_school(found, "quadrant") == {
        1: "hard_conditions_high_results",
        2: "hard_conditions_low_results",
        3: "hard_conditions_low_results",
        4: "good_conditions_high_results",
        5: "good_conditions_high_results",
        6: "good_conditions_low_results",
        7: "good_conditions_high_results",
        8: None,
    }
    assert set(by_school(found, "status").values()) == {"not_assessable"}
    assert set(by_school(found, "resilience").values()) == {"not_assessable"}
    assert by_school(found, "expected_reason")[8] == "no_results"


def test_too_few_schools_even_for_medians_are_not_split() -> None:
    found = assess(line_of_schools({1: 10, 2: 60, 3: 30}), method(**ONE_SHARE))

    assert found.models["basis"].to_list() == ["none"]
    assert set(by_school(found, "quadrant").values()) == {None}


def test_coefficients_of_the_region_serve_where_schools_are_few() -> None:
    entered = {
        "schools": 400,
        "intercept": 20,
        "slopes": {"index": 40},
        "residual_error": 5,
    }
    found = assess(
        line_of_schools({1: 30, 2: 40, 3: 50}),
        method(**ONE_SHARE, expected={"coefficients": entered}),
    )

    assert found.models["basis"].to_list() == ["region_coefficients"]
    assert by_school(found, "expected") == {1: 20, 2: 40, 3: 60}
    assert by_school(found, "z") == {1: 2, 2: 0, 3: -2}
    assert by_school(found, "resilience") == {
        1: "resilient",
        2: "not_resilient",
        3: "not_resilient",
    }


def test_a_result_over_too_few_pupils_neither_counts_nor_is_judged() -> None:
    generator = np.random.default_rng(1)
    results = dict(enumerate((20 + generator.normal(0, 6, 21)).tolist(), 1))
    district = line_of_schools(results)
    small = district.outcomes.with_columns(
        n=pl.when(pl.col("school_id") == 3).then(4).otherwise("n")
    )

    found = assess(inputs(district.passports, small), method(**ONE_SHARE))

    assert found.models["schools"].to_list() == [20]
    assert by_school(found, "expected_reason")[3] == "too_few_participants"
    assert by_school(found, "status")[3] == "not_assessable"
    assert by_school(found, "quadrant")[3] is None


def test_shares_that_say_the_same_are_refused_and_the_medians_decide() -> None:
    rows = {
        school: {"good_housing": float(school), "poor_housing": 100.0 - school}
        for school in range(1, 26)
    }
    results = outcomes({school: float(school * 7 % 25) for school in rows})
    both = method(
        **ONE_SHARE, expected={"predictors": ["good_housing", "poor_housing"]}
    )

    found = assess(inputs(passports(rows), results), both)

    assert found.models["basis_reason"].to_list() == ["collinear_predictors"]
    assert found.models["basis"].to_list() == ["quadrants"]
    assert set(by_school(found, "expected").values()) == {None}


def test_a_published_index_takes_the_place_of_ours_and_ours_stays_beside() -> None:
    district = line_of_schools({1: 30, 2: 40, 3: 50, 4: 60})
    published = pl.DataFrame(
        [(1, 2020, 1, 0.9), (1, 2020, 2, 0.5), (1, 2020, 3, 0.4)],
        schema=district.published.schema,
        orient="row",
    )
    entered = ConditionInputs(
        schools=district.schools,
        passports=district.passports,
        published=published,
        outcomes=district.outcomes,
    )

    found = assess(entered, method(**ONE_SHARE, index="published"))

    assert by_school(found, "index") == {1: 0.9, 2: 0.5, 3: 0.4, 4: None}
    assert by_school(found, "computed_index")[4] == 1
    assert by_school(found, "index_reason")[4] == "no_published_index"
    assert by_school(found, "difficulty") == {
        1: "not_difficult",
        2: "not_difficult",
        3: "difficult",
        4: "not_assessable",
    }


def test_a_line_below_which_conditions_are_difficult() -> None:
    found = assess(
        line_of_schools({1: 1, 2: 2, 3: 3, 4: 4, 5: 5}),
        method(**ONE_SHARE, difficult={"below": 0.5}),
    )

    assert by_school(found, "difficulty") == {
        1: "difficult",
        2: "difficult",
        3: "not_difficult",
        4: "not_difficult",
        5: "not_difficult",
    }


def test_a_school_without_a_passport_is_listed_with_its_reason() -> None:
    district = line_of_schools({1: 30, 2: 40, 3: 50})
    listed = pl.concat(
        [
            district.schools,
            district.schools.head(1).with_columns(school_id=pl.lit(9, pl.Int64)),
        ]
    )
    found = assess(
        ConditionInputs(
            schools=listed.cast(district.schools.schema),
            passports=district.passports,
            published=district.published,
            outcomes=district.outcomes,
        ),
        method(**ONE_SHARE),
    )

    school = found.schools.filter(pl.col("school_id") == 9).to_dicts()[0]
    assert school["index_reason"] == school["cluster_reason"] == "no_passport"
    assert school["difficulty"] == "not_assessable"
    assert school["peers"] == "[]"


def content(found: Assessment) -> str:
    return f"{found.schools.rows()!r}{found.models.rows()!r}"


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 32), min_size=1, max_size=3), st.integers(0, 10**6))
def test_many_municipalities_in_any_order_are_what_each_is_alone(
    sizes: list[int], seed: int
) -> None:
    weighted = method(expected={"weighting": "by_n"})
    districts = [
        random_district(number, size, seed=seed + number, years=(2019, 2020))
        for number, size in enumerate(sizes, 1)
    ]
    country = together(*districts)
    shuffled = ConditionInputs(
        **{
            name: frame.sample(frame.height, shuffle=True, seed=seed)
            for name, frame in (
                ("schools", country.schools),
                ("passports", country.passports),
                ("published", country.published),
                ("outcomes", country.outcomes),
            )
        }
    )

    alone = [assess(each, weighted) for each in districts]
    apart = Assessment(
        schools=pl.concat(each.schools for each in alone),
        models=pl.concat(each.models for each in alone),
    )

    assert content(assess(country, weighted)) == content(apart)
    assert content(assess(shuffled, weighted)) == content(apart)


THREADS = """
import hashlib
import polars as pl
from services.scoring.engine.conditions.assessment import assess
from tests.scoring.engine.conditions.condition_frames import (
    method, random_district, together,
)
country = together(
    *(random_district(n, 20 + n, seed=n, years=(2019, 2020)) for n in range(1, 4)),
    random_district(99, 400, seed=99),
)
found = assess(country, method())
tables = found.schools.write_csv() + found.models.write_csv()
print(pl.thread_pool_size(), hashlib.sha256(tables.encode()).hexdigest())
"""


def test_the_number_of_threads_changes_no_byte() -> None:
    printed = [
        subprocess.run(
            [sys.executable, "-c", THREADS],
            env={
                "POLARS_MAX_THREADS": threads,
                "OPENBLAS_NUM_THREADS": threads,
                "PYTHONPATH": str(Path(__file__).parents[4]),
            },
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for threads in ("1", "4")
    ]

    assert [threads for threads, _ in printed] == ["1", "4"]
    assert printed[0][1] == printed[1][1]
