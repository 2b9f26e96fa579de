"""Places in every scope, against ranking each group by itself."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.engine.places import Rules, places
from services.scoring.engine.small_numbers.assessing import assess, resample
from services.scoring.engine.small_numbers.tallies import TALLIES
from shared.domain.measures import Direction
from shared.domain.methods.small_numbers import SmallNumbers
from tests.scoring.engine.result_frames import content

YEAR = 2019
SMALL = SmallNumbers(resamples=200)
TALLY = TALLIES["low_share"]
RULES = Rules(direction=Direction.LESS_IS_BETTER, confidence=0.95)
MINIMUM_N = 5

schools = st.dictionaries(
    st.tuples(st.integers(1, 3), st.integers(1, 40)),
    st.tuples(
        st.sampled_from(["secondary", "basic"]),
        st.sampled_from([None, "1", "2"]),
        st.integers(0, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    ),
    min_size=1,
    max_size=25,
)
Schools = dict[tuple[int, int], tuple[str, str | None, tuple[int, int]]]


def ranked(table: Schools, *, order: int = 1) -> pl.DataFrame:
    rows = [
        {
            "municipality_id": key[0],
            "school_id": 100 * key[0] + key[1],
            "kind": kind,
            "cluster": cluster,
            "academic_year": YEAR,
            "n_low": low,
            "n_low_of": n,
        }
        for key, (kind, cluster, (low, n)) in list(table.items())[::order]
    ]
    frame = pl.DataFrame(rows, schema_overrides={"cluster": pl.String})
    listed = frame.select(
        *("municipality_id", "school_id", "kind", "cluster"),
        value=pl.when(pl.col("n_low_of") > 0).then(
            100 * pl.col("n_low") / pl.col("n_low_of")
        ),
        n=pl.col("n_low_of"),
        reason=pl.when(pl.col("n_low_of") < MINIMUM_N).then(pl.lit("too_few")),
    )
    assessed = assess(
        frame.drop("municipality_id"),
        TALLY,
        schools=listed,
        years=frame.drop("municipality_id"),
        rules=SMALL,
        year=YEAR,
    )
    draws = resample(assessed, TALLY, method_hash="m", year=YEAR, rules=SMALL)
    return places(assessed, draws, RULES)


def by_hand(table: Schools) -> dict[tuple[Any, ...], tuple[int, int, int]]:
    """Count in every group who is better and who reads the same."""
    found = {}
    for scope, group_of in (
        ("overall", lambda _kind, _cluster: None),
        ("kind", lambda kind, _cluster: kind),
        ("cluster", lambda _kind, cluster: cluster),
    ):
        for (municipality, school), (kind, cluster, (low, n)) in table.items():
            group = group_of(kind, cluster)
            if n < MINIMUM_N or (scope == "cluster" and cluster is None):
                continue
            rivals = [
                round(100 * its_low / its_n, 2)
                for (its, _), (*of, (its_low, its_n)) in table.items()
                if its == municipality and group_of(*of) == group and its_n >= MINIMUM_N
            ]
            own = round(100 * low / n, 2)
            better = sum(rival < own for rival in rivals)
            found[scope, municipality, 100 * municipality + school] = (
                better + 1,
                better + rivals.count(own),
                len(rivals),
            )
    return found


@settings(max_examples=20, deadline=None)
@given(schools)
def test_every_scope_ranks_its_groups_by_themselves(table: Schools) -> None:
    found = ranked(table).filter(pl.col("place_from").is_not_null())

    keys = found.select("scope", "municipality_id", "school_id").rows()
    assert dict(
        zip(keys, found.select("place_from", "place_to", "of").rows(), strict=True)
    ) == by_hand(table)


@settings(max_examples=20, deadline=None)
@given(schools)
def test_a_place_lies_in_its_interval_and_bands_follow_places(table: Schools) -> None:
    found = ranked(table)
    outside = found.filter(pl.col("place_from").is_null())
    inside = found.filter(pl.col("place_from").is_not_null())

    assert outside["interval_low", "interval_high", "band"].null_count().row(0) == (
        (outside.height,) * 3
    )
    assert (inside["interval_low"] >= 1).all()
    assert (inside["interval_low"] <= inside["place_from"]).all()
    assert (inside["place_to"] <= inside["interval_high"]).all()
    assert (inside["interval_high"] <= inside["of"]).all()
    for ranking in inside.partition_by("municipality_id", "scope", "scope_group"):
        steps = ranking.sort("place_from")["band"].diff().drop_nulls()
        assert ranking["band"].min() == 1
        assert steps.is_in([0, 1]).all()


@settings(max_examples=20, deadline=None)
@given(schools)
def test_neither_order_nor_other_municipalities_change_a_bit(table: Schools) -> None:
    together = ranked(table)
    for municipality in {key[0] for key in table}:
        alone = {key: row for key, row in table.items() if key[0] == municipality}
        ours = together.filter(pl.col("municipality_id") == municipality)
        assert content(ranked(alone, order=-1)) == content(ours)


def test_a_school_far_above_the_others_is_surely_first_and_a_tie_is_one_band() -> None:
    table: Schools = {
        (1, 1): ("secondary", "1", (0, 400)),
        (1, 2): ("secondary", "1", (200, 400)),
        (1, 3): ("basic", "1", (202, 400)),
    }

    found = ranked(table).filter(pl.col("scope") == "overall")

    assert found.select(
        "place_from", "interval_low", "interval_high", "band"
    ).rows() == [
        (1, 1, 1, 1),
        (2, 2, 3, 2),
        (3, 2, 3, 2),
    ]


@pytest.mark.parametrize("better", range(1, 10))
def test_a_better_result_never_gives_a_worse_place(better: int) -> None:
    def place(low: int) -> tuple[int, int, int]:
        table: Schools = {
            (1, school): ("basic", None, (school, 20)) for school in range(2, 12)
        }
        table[1, 1] = ("basic", None, (low, 20))
        found = ranked(table).filter(
            (pl.col("scope") == "overall") & (pl.col("school_id") == 101)
        )
        return found.select("place_from", "interval_low", "interval_high").row(0)

    assert (np.array(place(better - 1)) <= np.array(place(better))).all()
