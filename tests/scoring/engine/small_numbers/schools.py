"""Schools with counts of marks, by hand and at random, for the tests of this folder."""

from collections.abc import Sequence

import polars as pl
from hypothesis import strategies as st

SCHEMA = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "school_id": pl.Int64,
        "tally_0": pl.Int64,
        "tally_1": pl.Int64,
    }
)

Row = tuple[int, int, int, int]


def rates(rows: Sequence[Row]) -> pl.DataFrame:
    """Return municipality, school, successes and failures as columns."""
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


counts = st.tuples(st.integers(0, 40), st.integers(0, 40))
districts = st.dictionaries(
    st.tuples(st.integers(1, 4), st.integers(1, 30)), counts, min_size=1, max_size=40
).map(lambda schools: [(*key, *pupils) for key, pupils in sorted(schools.items())])
