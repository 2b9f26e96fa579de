"""A tally is another way to reckon the same measure."""

from itertools import starmap

import polars as pl
import pytest
from hypothesis import given

from services.scoring.engine.measures import summarise
from services.scoring.engine.small_numbers.tallies import TALLIES
from shared.domain.measures import MEASURES
from tests.scoring.engine.result_frames import frame, tables


def test_every_measure_has_a_tally() -> None:
    assert TALLIES.keys() == MEASURES.keys()


@given(tables)
def test_weights_over_pupils_come_to_the_measure(rows: list[dict[str, object]]) -> None:
    summary = summarise(frame(*rows), by=["school_id"])
    for code, tally in TALLIES.items():
        counted = summary.with_columns(tally.columns).with_columns(
            points=tally.moment(1), pupils=tally.moment(0)
        )
        own = counted.select("points", pl.col("pupils").fill_null(0)).rows()
        expected = counted.select(code, MEASURES[code].n_column).rows()
        figures = list(starmap(_mean, own))
        assert figures == [pytest.approx(value) for value, _ in expected]
        assert [pupils for _, pupils in own] == [n for _, n in expected]


def _mean(points: int | None, pupils: int) -> float | None:
    return points / pupils if points is not None and pupils else None
