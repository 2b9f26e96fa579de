"""All figures of a municipality's year."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.engine.figures import FIGURE_SCHEMA, all_figures
from services.scoring.engine.measures import summarise
from shared.domain.measures import MEASURES
from tests.scoring.engine.result_frames import frame, tables

KEYS = ["school_id", "procedure", "subject", "programme_grade", "measure"]

results = tables.map(lambda rows: frame(*rows))


def test_without_results_the_district_has_figures_without_a_value() -> None:
    figures = all_figures(frame())

    assert figures.schema == FIGURE_SCHEMA
    assert figures["measure"].to_list() == list(MEASURES)
    assert figures["value"].to_list() == [None] * len(MEASURES)
    assert figures["n"].to_list() == [0] * len(MEASURES)


@given(results)
def test_every_figure_has_its_own_key_and_the_district_comes_first(
    results: pl.DataFrame,
) -> None:
    figures = all_figures(results)

    assert not figures.select(KEYS).is_duplicated().any()
    is_school = figures["school_id"].is_not_null().to_list()
    assert is_school == sorted(is_school)
    of_all = figures.head(len(MEASURES)).select("procedure", "subject")
    assert of_all.null_count().row(0) == (len(MEASURES), len(MEASURES))


@given(results, st.integers(1, 3), st.sampled_from(["russian", "maths"]))
def test_a_figure_is_that_of_its_results_alone(
    results: pl.DataFrame, school_id: int, subject: str
) -> None:
    own = results.filter(
        (pl.col("school_id") == school_id) & (pl.col("subject") == subject)
    )

    figures = all_figures(results).filter(
        (pl.col("school_id") == school_id)
        & (pl.col("subject") == subject)
        & pl.col("procedure").is_null()
    )

    expected = summarise(own, by=[]).select(*MEASURES).row(0)
    assert figures["value"].to_list() == (list(expected) if own.height else [])
