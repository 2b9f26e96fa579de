"""The ranking of a method is that of the figure which it names."""

from typing import Any

import polars as pl
import pytest
from statsmodels.stats.proportion import proportion_confint

from services.scoring.engine.composite.school_scores import school_scores
from services.scoring.engine.standings import standings
from shared.domain.methods.kinds import read_method
from shared.domain.methods.ranking import Ranking
from tests.domain.methods.ranking_cases import PLAIN, changed
from tests.scoring.engine.composite.frames import inputs, paper

SCHOOLS = [(1, number, "secondary") for number in (1, 2, 3, 4)]
PAPERS = [
    paper(2019, 1, "vpr", marks=(2, 4, 4, 0), subject="mathematics"),
    paper(2019, 1, "oge", marks=(0, 4, 4, 2), subject="mathematics"),
    paper(2019, 1, "vpr", marks=(50, 0, 0, 0), subject="russian"),
    paper(2019, 2, "vpr", marks=(1, 9, 9, 1), subject="mathematics"),
    paper(2019, 3, "vpr", marks=(0, 0, 0, 9), subject="mathematics"),
    paper(2019, 9, "vpr", marks=(0, 0, 0, 90), subject="mathematics"),
]
MSOKO = [(1, 1, 2019, "2.2", 4.0, 10.0), (1, 2, 2019, "2.2", 1.0, 10.0)]


COLUMNS = ["school_id", "value", "n", "place_from", "place_to", "of", "reason"]


def standing(mapping: dict[str, Any]) -> pl.DataFrame:
    method = read_method(mapping).of(Ranking)
    scored = inputs(SCHOOLS, PAPERS, MSOKO)
    scores = school_scores(scored, method.spec, 2019)
    return standings(scores, scored, method=method, year=2019)


def ranked(mapping: dict[str, Any]) -> list[tuple[object, ...]]:
    overall = standing(mapping).filter(pl.col("scope") == "overall")
    return overall.select(COLUMNS).rows()


def test_schools_are_ranked_by_the_indicator_over_what_it_counts() -> None:
    assert ranked(changed("ranked_by", "low")) == [
        (2, 5.0, 20, 1, 1, 2, None),
        (1, 10.0, 20, 2, 2, 2, None),
        (3, 0.0, 9, None, None, 2, "too_few_participants"),
        (4, None, 0, None, None, 2, "no_data"),
    ]


def test_schools_are_ranked_by_the_composite_where_a_method_says_so() -> None:
    assert ranked(PLAIN) == [
        (1, (3 * 1 + 100) / 4, 20, 1, 1, 2, None),
        (2, 1.5, 20, 2, 2, 2, None),
        (3, None, 0, None, None, 2, "too_few_participants"),
        (4, None, 0, None, None, 2, "no_data"),
    ]


def test_an_indicators_figures_stand_with_wilsons_interval_and_all_years() -> None:
    table = standing(changed("ranked_by", "low")).filter(
        pl.col("scope") == "overall", pl.col("school_id") == 2
    )

    low, high = proportion_confint(1, 20, method="wilson")
    assert table.select("value_low", "value_high").row(0) == pytest.approx(
        (100 * low, 100 * high)
    )
    assert table.select("pooled_value", "pooled_n", "pooled_years").row(0) == (
        *(5.0, 20),
        [2019],
    )
    assert table.select("interval_low", "interval_high", "band").row(0) == (1, 2, 1)


def test_the_composite_is_as_sure_as_the_figures_that_pupils_are_counted_for() -> None:
    table = standing(PLAIN).filter(
        pl.col("scope") == "overall", pl.col("place_from").is_not_null()
    )

    assert (table["value_low"] < table["value"]).all()
    assert (table["value"] < table["value_high"]).all()


def test_a_place_is_also_among_schools_of_the_kind() -> None:
    table = standing(PLAIN).filter(pl.col("scope") == "kind")

    assert table["scope_group"].unique().to_list() == ["secondary"]
    assert table["value_low"].null_count() == table.height


def test_scores_that_are_not_counted_from_pupils_have_no_intervals() -> None:
    table = standing(changed("ranked_by", "staff")).filter(
        pl.col("place_from").is_not_null()
    )

    unsure = ["value_low", "interval_low", "interval_high", "band"]
    assert table.height
    assert table.select(unsure).null_count().row(0) == (table.height,) * 4
