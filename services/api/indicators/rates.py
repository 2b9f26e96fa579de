"""What stands beside each rate of a page: interval, pooled and shrunk figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.api.http.ranking_methods import ProvenanceOut
from services.api.indicators.schemas import RateOut, SmallNumbersUsedOut
from shared.domain.measures import MEASURES, prior_column
from shared.domain.methods.kinds import read_method
from shared.domain.methods.ranking import Ranking
from shared.domain.methods.small_numbers import SECTION, SmallNumbers
from shared.domain.rates import Rate, rate_of, wilson_percent
from shared.domain.shrinkage import drawn_together
from shared.persistence.paging import AnyRow
from shared.persistence.runs import RunRecord

# Measures of which a pupil counts fully or not at all.
RATES: Final = frozenset(
    {"quality_rate", "success_rate", "low_share", "confirmed_marks"}
)
_UNSTATED: Final = ProvenanceOut(
    kind="unconfirmed", source="The method does not say; the system's own value."
)

Key = tuple[int | None, str | None, str | None, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the figures of a page are put beside.

    `districts` are the run's own rows of the municipality, `earlier` the rows of the
    years before by key and year.
    """

    year: int
    rules: SmallNumbers
    minimum_n: int
    districts: Mapping[Key, AnyRow]
    earlier: Mapping[Key, Sequence[AnyRow]]


def rules_of(run: RunRecord) -> tuple[SmallNumbers, int]:
    """Return how the run's method treats few pupils, and how many are too few."""
    if run.method_content is None:
        return SmallNumbers(), 0
    spec = read_method(run.method_content).of(Ranking).spec
    return spec.small_numbers, spec.default.minimum_n


def small_numbers_out(run: RunRecord) -> SmallNumbersUsedOut:
    """Return the rules with whose word each of them rests on."""
    rules, minimum_n = rules_of(run)
    given = (run.method_content or {}).get("provenance", {})
    paths = [*(f"{SECTION}.{name}" for name in rules.values()), "minimum_n"]
    return SmallNumbersUsedOut(
        confidence=rules.confidence,
        pooled_years=rules.pooled_years,
        resamples=rules.resamples,
        minimum_n=minimum_n,
        interval="wilson",
        provenance={path: given.get(path, _UNSTATED) for path in paths},
    )


def key_of(row: AnyRow) -> Key:
    """Return what a figure is of."""
    return (row.school_id, row.procedure, row.subject, row.programme_grade)


def rate_out(row: AnyRow, beside: Beside) -> RateOut | None:
    """Return what stands beside a figure; None where it is no rate over anybody."""
    if row.measure not in RATES or not row.n:
        return None
    own, confidence = rate_of(row.value, row.n), beside.rules.confidence
    low, high = wilson_percent(own, confidence) or (None, None)
    years = _years(row, own, beside)
    pooled = Rate(
        sum(rate.numerator for rate in years.values()),
        sum(rate.n for rate in years.values()),
    )
    pooled_low, pooled_high = wilson_percent(pooled, confidence) or (None, None)
    shrunk, weight = drawn(row, beside)
    return RateOut(
        numerator=own.numerator,
        low=low,
        high=high,
        is_small=row.n < beside.minimum_n,
        pooled_value=pooled.percent,
        pooled_n=pooled.n,
        pooled_years=sorted(years),
        pooled_low=pooled_low,
        pooled_high=pooled_high,
        shrunk=shrunk,
        shrink_weight=weight,
    )


def _years(row: AnyRow, own: Rate, beside: Beside) -> dict[int, Rate]:
    """Return the rate of each year that is pooled and has anybody to count."""
    n_column = MEASURES[row.measure].n_column
    years = {
        each.year: rate_of(getattr(each, row.measure), getattr(each, n_column))
        for each in beside.earlier.get(key_of(row), ())
    }
    return {year: rate for year, rate in years.items() if rate.n} | {beside.year: own}


def drawn(row: AnyRow, beside: Beside) -> tuple[float, float] | tuple[None, None]:
    """Draw a school's figure towards the municipality's; that itself stays as it is.

    It is nothing where nobody knows how far schools differ, or the school has nobody.
    """
    district = beside.districts.get((None, *key_of(row)[1:]))
    if row.school_id is None or district is None or row.value is None:
        return None, None
    common = getattr(district, row.measure)
    prior = getattr(district, prior_column(row.measure))
    if common is None or prior is None:
        return None, None
    return drawn_together(row.value, row.n, common=common, prior_pupils=prior)
