"""All figures of municipalities' years."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.engine.figures import FIGURE_SCHEMA, all_figures
from services.scoring.engine.measures import summarise
from shared.domain.measures import MEASURES
from tests.scoring.engine.result_frames import content, frame, result, tables

KEYS = ["municipality_id", "school_id", "procedure", "subject", "programme_grade"]
HOMES = {1: 10, 2: 10, 3: 20, 4: 20, 5: 30, 6: 30, 7: 40}
SCHOOLS = pl.DataFrame(
    {"municipality_id": HOMES.values(), "school_id": HOMES.keys()},
    schema={"municipality_id": pl.Int64, "school_id": pl.Int64},
)

results = tables.map(lambda rows: frame(*rows))


def test_without_results_a_district_has_figures_without_a_value() -> None:
    figures = all_figures(frame(), SCHOOLS)

    assert figures.schema == FIGURE_SCHEMA
    assert figures["municipality_id"].to_list() == [10, 20, 30, 40]
    assert figures.select(*MEASURES).null_count().row(0) == (4,) * len(MEASURES)
    assert figures["n_marked"].to_list() == [0, 0, 0, 0]


def test_the_figures_of_a_class_of_ten_are_those_worked_by_hand() -> None:
    figures = all_figures(frame(result(7, marks=(1, 3, 4, 2))), SCHOOLS)

    own = figures.filter(pl.col("school_id") == 7, pl.col("subject").is_null())
    assert own.select(*MEASURES).row(0) == (60.0, 90.0, 58.0, 3.7, 10.0, None)
    assert own.select("n_marked", "n_graded", "n_low_of", "n_compared").row(0) == (
        *(10, 10, 10),
        0,
    )


@given(results)
def test_every_figure_has_its_own_key_and_districts_come_first(
    results: pl.DataFrame,
) -> None:
    figures = all_figures(results, SCHOOLS)

    assert not figures.select(KEYS).is_duplicated().any()
    is_school = figures["school_id"].is_not_null().to_list()
    assert is_school == sorted(is_school)
    of_all = figures.head(4).select("school_id", "procedure", "subject")
    assert of_all.null_count().row(0) == (4, 4, 4)


@given(results)
def test_a_municipality_among_others_has_the_figures_that_it_has_alone(
    results: pl.DataFrame,
) -> None:
    together = all_figures(results, SCHOOLS)

    for municipality_id in set(HOMES.values()):
        own = SCHOOLS.filter(municipality_id=municipality_id)
        alone = all_figures(results, own)
        part = together.filter(municipality_id=municipality_id)
        assert content(part) == content(alone)


@given(results, st.integers(1, 3), st.sampled_from(["russian", "maths"]))
def test_a_figure_is_that_of_its_results_alone(
    results: pl.DataFrame, school_id: int, subject: str
) -> None:
    own = results.filter(
        (pl.col("school_id") == school_id) & (pl.col("subject") == subject)
    )

    figures = all_figures(results, SCHOOLS).filter(
        (pl.col("school_id") == school_id)
        & (pl.col("subject") == subject)
        & pl.col("procedure").is_null()
    )

    expected = summarise(own, by=[]).select(*MEASURES).row(0)
    assert figures.select(*MEASURES).rows() == ([expected] if own.height else [])
