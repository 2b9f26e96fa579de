"""Fingerprints of what clusters follow from."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.engine.conditions.cluster_keys import cluster_keys
from services.scoring.engine.conditions.index import PASSPORT_SCHEMA, PERCENTS

share = st.none() | st.floats(0, 100)


@st.composite
def passports(draw: st.DrawFn) -> pl.DataFrame:
    rows = [
        {
            "municipality_id": municipality,
            "year": year,
            "school_id": 10 * municipality + school,
            **{name: draw(share) for name in PERCENTS[:3]},
        }
        for municipality in range(draw(st.integers(1, 3)))
        for year in (2019, 2020)
        for school in range(draw(st.integers(1, 3)))
    ]
    return pl.DataFrame(rows, schema=PASSPORT_SCHEMA)


@given(frame=passports())
def test_many_together_have_the_keys_that_each_has_alone(frame: pl.DataFrame) -> None:
    together = cluster_keys(frame.sample(fraction=1.0, shuffle=True, seed=1), "hash")

    parts = frame.partition_by("municipality_id", "year", maintain_order=True)
    assert together.equals(pl.concat(cluster_keys(part, "hash") for part in parts))


def test_another_share_school_or_method_is_another_key() -> None:
    row: dict[str, float | None] = {
        "municipality_id": 1,
        "year": 2019,
        "school_id": 7,
        PERCENTS[0]: 10.0,
    }
    changed = [
        row,
        row | {"school_id": 8},
        row | {PERCENTS[0]: 10.5},
    ]
    changed.append(row | {PERCENTS[0]: None, PERCENTS[1]: 10.0})

    keys = [
        cluster_keys(pl.DataFrame([each], schema=PASSPORT_SCHEMA), method)
        for each in changed
        for method in ("hash", "other")
    ]

    assert len({each["clusters_key"][0] for each in keys}) == len(keys)
