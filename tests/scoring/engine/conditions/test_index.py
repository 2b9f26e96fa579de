"""The index of conditions, against a table worked by hand."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.engine.conditions.index import ends_of, index_of
from shared.domain.methods.condition_index import read_shares
from shared.domain.methods.conditions import Conditions
from shared.domain.methods.reading import Reader
from shared.domain.social_passports import SHARES
from tests.scoring.engine.conditions.condition_frames import method, passports

HELPS, HINDERS = "helps", "hinders"


def index(shares: pl.DataFrame, settings: Conditions) -> dict[int, Any]:
    ends = ends_of(shares, settings.shares, settings.reference)
    found = index_of(
        shares, ends, settings.shares, minimum_shares=settings.minimum_shares
    )
    return {
        row["school_id"]: row["index"]
        if row["index_reason"] is None
        else row["index_reason"]
        for row in found.to_dicts()
    }


def test_a_table_worked_by_hand() -> None:
    """Higher education 10–50 helps (weight 2), bussing 0–80 and need 5–25 hinder.

    School 1: norms 0, 1 − 0 and 1 − 0: (2·0 + 1 + 1)/4. School 2: 1, 1 − 80/80 and
    1 − 10/20: (2 + 0 + 0.5)/4. School 3: its need is not known: norms 0.25 and
    1 − 20/80: (2·0.25 + 0.75)/3. School 4 has one share of three, and two are needed.
    """
    weighted = method(
        shares={
            "both_parents_higher_education": {"weight": 2, "effect": HELPS},
            "bussed": {"weight": 1, "effect": HINDERS},
            "low_income": {"weight": 1, "effect": HINDERS},
        },
        minimum_shares=2,
    )
    rows: dict[int, dict[str, float | None]] = {
        1: {"both_parents_higher_education": 10, "bussed": 0, "low_income": 5},
        2: {"both_parents_higher_education": 50, "bussed": 80, "low_income": 15},
        3: {"both_parents_higher_education": 20, "bussed": 20},
        4: {"low_income": 25},
    }

    assert index(passports(rows), weighted) == {
        1: pytest.approx(0.5, abs=1e-15),
        2: pytest.approx(0.625, abs=1e-15),
        3: pytest.approx(1.25 / 3, abs=1e-15),
        4: "too_few_shares",
    }


def test_a_share_that_is_the_same_everywhere_is_left_out_but_known() -> None:
    two = method(
        shares={
            "bussed": {"weight": 1, "effect": HINDERS},
            "low_income": {"weight": 5, "effect": HINDERS},
        },
        minimum_shares=2,
    )
    same_income: dict[int, dict[str, float | None]] = {
        1: {"bussed": 0, "low_income": 30},
        2: {"bussed": 40, "low_income": 30},
        3: {"bussed": 10, "low_income": 30},
    }
    all_same = {school: {"bussed": 9.0, "low_income": 30.0} for school in (1, 2)}

    assert index(passports(same_income), two) == {1: 1.0, 2: 0.0, 3: 0.75}
    assert set(index(passports(all_same), two).values()) == {"no_variation"}


def test_given_bounds_of_a_region_are_the_ends_and_nothing_goes_beyond() -> None:
    region = method(
        shares={"bussed": {"weight": 1, "effect": HINDERS}},
        minimum_shares=1,
        reference={"area": "region", "bounds": {"bussed": {"low": 20, "high": 60}}},
    )
    rows: dict[int, dict[str, float | None]] = {
        1: {"bussed": 10},
        2: {"bussed": 50},
        3: {"bussed": 90},
    }

    assert index(passports(rows), region) == {1: 1.0, 2: 0.25, 3: 0.0}


def test_a_fixed_year_is_the_reference_from_then_on() -> None:
    fixed = method(
        shares={"bussed": {"weight": 1, "effect": HINDERS}},
        minimum_shares=1,
        reference={"area": "municipality", "year": 2019},
    )
    by_year: dict[int, dict[int, dict[str, float | None]]] = {
        2018: {1: {"bussed": 0}, 2: {"bussed": 10}, 3: {"bussed": 5}},
        2019: {1: {"bussed": 0}, 2: {"bussed": 80}, 3: {"bussed": 5}},
        2020: {1: {"bussed": 20}, 2: {"bussed": 40}, 3: {"bussed": 60}},
    }
    frame = pl.concat(passports(rows, year=year) for year, rows in by_year.items())
    ends = ends_of(frame, fixed.shares, fixed.reference)
    found = index_of(frame, ends, fixed.shares, minimum_shares=1)

    assert found["index"].to_list() == [1, 0, 0.5, 1, 0, 1 - 5 / 80, 0.75, 0.5, 0.25]


percents = st.none() | st.integers(0, 10_000).map(lambda hundredths: hundredths / 100)
uses = st.dictionaries(
    st.sampled_from([share.name for share in SHARES]),
    st.fixed_dictionaries(
        {
            "weight": st.floats(0.001, 1000),
            "effect": st.sampled_from([HELPS, HINDERS]),
        }
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40)
@given(
    uses,
    st.lists(
        st.dictionaries(st.sampled_from([share.name for share in SHARES]), percents),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_an_index_is_between_0_and_1_whatever_the_order_of_rows(
    shares: dict[str, Any], rows: list[dict[str, float | None]], random: Any
) -> None:
    frame = passports(dict(enumerate(rows)))
    used = read_shares(Reader.of(shares))
    reference = method().reference
    ends = ends_of(frame, used, reference)
    found = index_of(frame, ends, used, minimum_shares=1)
    shuffled = frame.sample(frame.height, shuffle=True, seed=random.randrange(10**6))

    assert found["index"].is_between(0, 1).fill_null(value=True).all()
    assert (found["index"].is_null() == found["index_reason"].is_not_null()).all()
    again = index_of(shuffled, ends, used, minimum_shares=1)
    assert again.rows() == found.rows()
