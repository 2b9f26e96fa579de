"""A municipality's index of conditions is the same alone and among others."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.engine.conditions.index import (
    PASSPORT_SCHEMA,
    PERCENTS,
    ends_of,
    index_of,
)
from shared.domain.methods.condition_index import Area, Reference, ShareUse
from shared.domain.social_passports import Effect

USES = [
    ShareUse(name="good_housing", weight=1, effect=Effect.HELPS),
    ShareUse(name="bussed", weight=1, effect=Effect.HINDERS),
]
OWN = Reference(area=Area.MUNICIPALITY, year=None, bounds={})
TENTHS = st.integers(0, 1000).map(lambda tenths: tenths / 10)


def indices(passports: pl.DataFrame) -> pl.DataFrame:
    ends = ends_of(passports, USES, OWN)
    return index_of(passports, ends, USES, minimum_shares=1)


@settings(max_examples=30)
@given(shares=st.lists(st.tuples(TENTHS, TENTHS), min_size=4, max_size=12))
def test_an_index_is_the_same_alone_and_among_others(
    shares: list[tuple[float, float]],
) -> None:
    rows = [
        {"municipality_id": number % 2, "year": 2020, "school_id": number}
        | dict.fromkeys(PERCENTS)
        | {"good_housing_percent": good, "bussed_percent": bussed}
        for number, (good, bussed) in enumerate(shares)
    ]
    together = pl.DataFrame(rows, schema=PASSPORT_SCHEMA)

    for number in (0, 1):
        own = pl.col("municipality_id") == number
        alone = indices(together.filter(own))
        assert alone.rows() == indices(together).filter(own).rows()
