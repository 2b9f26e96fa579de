"""Scores of a school put into words: the parts, the method and its sources."""

from collections.abc import Sequence
from typing import Any, Final

from services.api.http.localized import LocalizedOut
from services.api.http.ranking_methods import ProvenanceOut
from services.api.rankings.score_records import SchoolScore
from services.api.rankings.score_schemas import (
    ChangeOut,
    PartOut,
    ScoreOut,
    SensitivityOfSchoolOut,
)
from shared.domain.errors import Text
from shared.domain.methods.explaining import shares_of, thresholds_behind
from shared.domain.methods.indicator_sources import MeasureSource
from shared.domain.methods.indicators import COMPOSITE, treatment_to_mapping
from shared.domain.methods.method import Method
from shared.domain.methods.ranking import Ranking
from shared.domain.rates import Rate, wilson_percent

COMPOSITE_TITLE: Final = Text("Сводный показатель", "Composite")

COUNTED: Final = (
    *("level", "code", "value", "score", "reason", "n", "numerator", "n_results"),
    *("n_left_out", "weight", "coverage", "place_from", "place_to", "ranked"),
)

Scores = Sequence[SchoolScore]


def explain(scores: Scores, method: Method[Ranking], year: int) -> list[ScoreOut]:
    """Explain all scores of one school, in the method's order."""
    return [_explained(each, scores, method, year) for each in scores]


def sensitivity_of(scores: Scores) -> SensitivityOfSchoolOut | None:
    """Return what the composite hangs on; None without one."""
    for each in scores:
        if each.band is not None:
            return SensitivityOfSchoolOut(
                band=each.band,
                moved_by=(each.moved_by or "").split(),
                moved_share=each.moved_share or 0.0,
            )
    return None


def title_of(spec: Ranking, level: str, code: str) -> Text:
    """Return what an indicator, a group or the composite of a method is called."""
    if level == COMPOSITE:
        return COMPOSITE_TITLE
    if level == "indicator":
        return spec.indicator(code).title
    groups = spec.composite.groups if spec.composite else ()
    return next(group.title for group in groups if group.code == code)


def ranked_score(scores: Scores, method: Method[Ranking]) -> SchoolScore | None:
    """Return the score that ranks."""
    ranked_by = method.spec.ranked_by
    ranking = (each for each in scores if each.code == ranked_by)
    return next((each for each in ranking if each.level != "group"), None)


def _explained(
    score: SchoolScore, scores: Scores, method: Method[Ranking], year: int
) -> ScoreOut:
    low, high = _interval(score, method.spec)
    return ScoreOut(
        **{name: getattr(score, name) for name in COUNTED},
        value_low=low,
        value_high=high,
        change=ChangeOut.model_validate(score),
        **_about(score, scores, method, year),
    )


def _interval(
    score: SchoolScore, spec: Ranking
) -> tuple[float, float] | tuple[None, None]:
    """Return the interval of a rate, which is a count of a count of pupils."""
    if score.value is None or score.numerator is None or not score.n:
        return None, None
    rate = Rate(score.numerator, score.n)
    return wilson_percent(rate, spec.small_numbers.confidence) or (None, None)


def _about(
    score: SchoolScore, scores: Scores, method: Method[Ranking], year: int
) -> dict[str, Any]:
    """Return what only the method knows of a score."""
    if score.level == "indicator":
        return _about_indicator(score, method, year)
    composite = method.spec.composite
    groups = composite.groups if composite else ()
    by_key = {(each.level, each.code): each.score for each in scores}
    if score.level == COMPOSITE:
        title, level = COMPOSITE_TITLE, "group"
        weights = {group.code: group.weight for group in groups}
        paths = [f"groups.{code}" for code in weights]
        paths += ["composite.minimum_coverage", "composite.tolerance", "ranked_by"]
        paths += method.spec.small_numbers.thresholds
    else:
        group = next(group for group in groups if group.code == score.code)
        title, level, weights = group.title, "indicator", dict(group.members)
        paths = [f"groups.{score.code}", "composite.minimum_coverage"]
    shares = shares_of(weights, {code: by_key.get((level, code)) for code in weights})
    return {
        "title": LocalizedOut(ru=title.ru, en=title.en),
        "years": [year],
        "source": None,
        "treatment": None,
        "parts": [PartOut.model_validate(share) for share in shares],
        "provenance": _provenance(method, paths),
    }


def _about_indicator(
    score: SchoolScore, method: Method[Ranking], year: int
) -> dict[str, Any]:
    indicator = method.spec.indicator(score.code)
    is_pooled = isinstance(indicator.source, MeasureSource)
    count = indicator.treatment.pool_years if is_pooled else 1
    paths = list(thresholds_behind(method.spec, indicator))
    if score.numerator is not None or indicator.code == method.spec.ranked_by:
        paths += method.spec.small_numbers.thresholds
    return {
        "title": LocalizedOut(ru=indicator.title.ru, en=indicator.title.en),
        "years": [year - back for back in range(count)],
        "source": indicator.source.to_mapping(),
        "treatment": treatment_to_mapping(indicator.treatment),
        "parts": [],
        "provenance": _provenance(method, paths),
    }


def _provenance(
    method: Method[Ranking], paths: Sequence[str]
) -> dict[str, ProvenanceOut]:
    return {
        path: ProvenanceOut(
            kind=method.provenance[path].kind.value,
            source=method.provenance[path].source,
        )
        for path in paths
    }
