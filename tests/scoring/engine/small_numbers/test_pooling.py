"""Pooling over years, against sums by hand."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.engine.small_numbers.pooling import pool
from services.scoring.engine.small_numbers.tallies import TALLIES

TALLY = TALLIES["low_share"]
SCHEMA = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "school_id": pl.Int64,
        "academic_year": pl.Int64,
        "n_low": pl.Int64,
        "n_low_of": pl.Int64,
    }
)

keys = st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(2015, 2022))
papers = st.integers(0, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
years = st.dictionaries(keys, papers, max_size=40)


@given(years, st.integers(2015, 2022), st.integers(1, 4))
def test_pupils_of_the_years_are_summed_school_by_school(
    counts: dict[tuple[int, int, int], tuple[int, int]], year: int, window: int
) -> None:
    rows = [(*key, *pupils) for key, pupils in counts.items()]
    expected = {}
    for municipality, school in sorted({key[:2] for key in counts}):
        ours = {
            each: counts[municipality, school, each]
            for each in range(year - window + 1, year + 1)
            if counts.get((municipality, school, each), (0, 0))[1] > 0
        }
        if ours:
            low, n = (sum(part) for part in zip(*ours.values(), strict=True))
            expected[municipality, school] = (100 * low / n, n, sorted(ours))

    pooled = pool(
        pl.DataFrame(rows, schema=SCHEMA, orient="row"), TALLY, year=year, years=window
    )

    assert {row[:2]: row[2:] for row in pooled.rows()} == expected
    assert list(expected) == [row[:2] for row in pooled.rows()]
