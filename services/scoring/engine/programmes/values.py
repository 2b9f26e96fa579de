"""A programme's indicators in its years: value, status, growth and projection."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.scoring.engine.programme import RangeStatus, against_range
from services.scoring.engine.programmes.findings import (
    Finding,
    Share,
    Verdict,
    main_reason,
    share_of,
)
from services.scoring.engine.programmes.indicators import (
    KNOWN_AHEAD,
    WITHOUT_GROWTH,
    Count,
    count_of,
)
from services.scoring.engine.programmes.period import Period, Phase
from services.scoring.engine.programmes.projection import (
    Outlook,
    Projection,
    against_before,
    against_target,
    project,
)
from services.scoring.engine.programmes.records import Records
from services.scoring.engine.rounding import rounded_figure
from shared.domain.indicator_definitions import Definition
from shared.domain.methods.programme_shares import ProgrammeShares
from shared.domain.methods.share_indicators import ShareIndicator
from shared.domain.programme_reasons import Reason

# By indicator and year, of one programme; its years are all of one kind.
Shares = dict[tuple[int, int], Share | None]
INTERVALS: Final = ("confidence",)
PROJECTED: Final = ("prior",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An indicator in one year; without a range where the programme states none.

    `definition` says how it is counted where an order has defined it.
    """

    indicator_id: int
    code: str
    period: Period
    low: float | None = None
    high: float | None = None
    definition: Definition | None = None

    def own(self, spec: ProgrammeShares) -> ShareIndicator | None:
        """Return the share that an order defines or, where none does, the method."""
        if self.definition is not None:
            return self.definition.indicator
        return spec.indicator(self.code)


class Growth(StrEnum):
    """How a share stands to that of the year before."""

    GROWN = "grown"
    STABLE = "stable"
    FALLEN = "fallen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What an indicator came to in a year.

    `verdicts` are the schools behind it; `reason` says why there is no `share`, and
    `unprojected` why there is no `projection`. `is_settled` tells whether the undecided
    schools could not change the status. `before` is the share of the year before.
    """

    target: Target
    status: RangeStatus
    verdicts: tuple[Verdict, ...] = ()
    share: Share | None = None
    reason: Reason | None = None
    is_settled: bool = False
    before: Share | None = None
    growth: Growth | None = None
    projection: Projection | None = None
    outlook: Outlook | None = None
    unprojected: Reason | None = None
    thresholds: tuple[str, ...] = ()


def values_of(
    targets: Iterable[Target], records: Records, spec: ProgrammeShares
) -> list[Value]:
    """Count indicators in years of one programme, as `value_of` does each.

    A year's share is also what the next year's growth is against, and counted once.
    """
    shares: Shares = {}
    return [_value(target, records, spec, shares) for target in targets]


def value_of(target: Target, records: Records, spec: ProgrammeShares) -> Value:
    """Count an indicator in one year from the records as they stand.

    Source: domain rules of programme indicators. A status needs a range; growth needs
    the year before; a projection is for the year that is running on the day of
    `records` and is held against the range, without one against the year before.
    """
    return _value(target, records, spec, {})


def _value(
    target: Target, records: Records, spec: ProgrammeShares, shares: Shares
) -> Value:
    count, period = count_of(target.code, target.own(spec)), target.period
    phase = period.phase(records.as_of)
    if count is None:
        return _nothing(target, Reason.UNKNOWN_INDICATOR)
    if phase is Phase.AHEAD and target.code not in KNOWN_AHEAD:
        return _nothing(target, Reason.YEAR_NOT_BEGUN)
    finding = count(records, period, spec)
    share = share_of(finding.verdicts, confidence=spec.confidence)
    shares[target.indicator_id, period.year] = share
    before = None
    if target.code not in WITHOUT_GROWTH:
        before = _share_before(target, records, spec, count, shares)
    projection, unprojected = _projected(finding, share, phase, spec)
    return Value(
        target=target,
        status=_status(target, share.percent if share else None),
        verdicts=finding.verdicts,
        share=share,
        reason=None if share else main_reason(finding.verdicts),
        is_settled=share is not None and _is_settled(target, share),
        before=before,
        growth=growth(share, before),
        projection=projection,
        outlook=_outlook(target, projection, before),
        unprojected=unprojected,
        thresholds=(
            *finding.thresholds,
            *(INTERVALS if share else ()),
            *(PROJECTED if projection else ()),
        ),
    )


def _share_before(
    target: Target,
    records: Records,
    spec: ProgrammeShares,
    count: Count,
    shares: Shares,
) -> Share | None:
    """Return the share of the year before, which need not be the programme's."""
    key = (target.indicator_id, target.period.year - 1)
    if key not in shares:
        earlier = count(records, target.period.before, spec)
        shares[key] = share_of(earlier.verdicts, confidence=spec.confidence)
    return shares[key]


def without_method(target: Target) -> Value:
    """Leave an indicator uncounted, as no method of programmes is in force."""
    return _nothing(target, Reason.NO_METHOD)


def growth(share: Share | None, before: Share | None) -> Growth | None:
    """Compare two shares as people read them; None where either is missing."""
    if share is None or before is None:
        return None
    now, then = rounded_figure(share.percent), rounded_figure(before.percent)
    if now == then:
        return Growth.STABLE
    return Growth.GROWN if now > then else Growth.FALLEN


def _nothing(target: Target, reason: Reason) -> Value:
    return Value(
        target=target, status=RangeStatus.NO_DATA, reason=reason, unprojected=reason
    )


def _status(target: Target, percent: float | None) -> RangeStatus:
    if target.low is None or target.high is None:
        return RangeStatus.NO_DATA
    return against_range(percent, target.low, target.high)


def _is_settled(target: Target, share: Share) -> bool:
    if share.least is None or share.most is None:
        return share.decided == share.schools
    return _status(target, share.least) == _status(target, share.most)


def _projected(
    finding: Finding, share: Share | None, phase: Phase, spec: ProgrammeShares
) -> tuple[Projection | None, Reason | None]:
    if phase is Phase.OVER:
        return None, Reason.YEAR_IS_OVER
    if phase is Phase.AHEAD:
        return None, Reason.YEAR_NOT_BEGUN
    if finding.prospect is None:
        return None, finding.unprojected
    found = project(
        share,
        finding.prospect,
        confidence=spec.confidence,
        prior=spec.prior,
    )
    return found, None if found else Reason.NOTHING_COUNTED


def _outlook(
    target: Target, projection: Projection | None, before: Share | None
) -> Outlook | None:
    if projection is None:
        return None
    if target.low is not None:
        return against_target(projection, target.low)
    return against_before(projection, before.percent) if before else None
