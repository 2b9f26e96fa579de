"""Putting an agreement's mentee beside like schools without an agreement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from services.api.mentoring import effect_repository as repository
from services.api.mentoring.effect_repository import Composite
from services.api.mentoring.frames import read_frame
from services.api.mentoring.readings import read_agreement
from services.api.mentoring.records import AgreementRecord
from shared.domain.agreement_effect import (
    FEWEST_PEERS,
    FEWEST_PUPILS,
    Change,
    EffectReason,
    Estimate,
    change_of_rates,
    difference_in_differences,
)
from shared.domain.agreements import AgreementStatus
from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.periods import AcademicYear
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

Outcome = Change | EffectReason


class EffectMeasure(StrEnum):
    """What the change is counted in."""

    LOW_SHARE = "low_share"
    QUALITY_RATE = "quality_rate"
    SUCCESS_RATE = "success_rate"
    COMPOSITE = "composite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What is known of an agreement's effect; without an estimate, why."""

    agreement: AgreementRecord
    measure: EffectMeasure
    subject: str | None
    before_year: int
    after_year: int | None = None
    mentee: Outcome = EffectReason.TOO_EARLY
    peers: Sequence[AnyRow] = ()
    outcomes: Mapping[int, Outcome] = field(default_factory=dict)
    estimate: Estimate | None = None
    reason: EffectReason | None = None
    runs: frozenset[int] = frozenset()
    visible: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Years:
    """Outcomes of schools between the year before and each of the agreement's."""

    rates: repository.Rates
    scores: Mapping[int, Mapping[int, Composite]]
    runs: frozenset[int]

    def years_of(self, school_id: int) -> set[int]:
        return {*self.rates.get(school_id, {}), *self.scores.get(school_id, {})}

    def outcome(self, school_id: int, before: int, after: int) -> Outcome:
        scores = self.scores.get(school_id)
        if scores is not None:
            return _change_of_scores(scores.get(before), scores.get(after))
        rates = self.rates.get(school_id, {})
        return change_of_rates(rates.get(before, {}), rates.get(after, {}))


async def read_effect(
    work: Work, agreement_id: int, measure: EffectMeasure, subject: str | None
) -> Effect:
    """Return the effect of an agreement that the caller may read.

    Raises:
        NotFoundError: the caller sees no such agreement.
        InvalidInputError: there is no such subject, or the measure is of all subjects.
    """
    agreement = await read_agreement(work, agreement_id)
    if subject is not None:
        await _check_subject(work, measure, subject)
    elif measure is not EffectMeasure.COMPOSITE:
        subject = await repository.matched_subject(work, agreement_id)
    first = AcademicYear.of(agreement.starts_on)
    before = first.previous.start
    known = Effect(
        agreement=agreement, measure=measure, subject=subject, before_year=before
    )
    if not any(e.to_status is AgreementStatus.ACTIVE for e in agreement.events):
        return _without(known, EffectReason.NOT_IN_FORCE)
    frame = await read_frame(work, agreement_id)
    last = AcademicYear.of(_last_day(agreement, work.today_in(frame.time_zone)))
    span = range(before, max(last, first).start + 1)
    years = await _figures(work, agreement_id, measure, subject, span)
    mentee = agreement.mentee.id
    after = max(years.years_of(mentee) - {before}, default=None)
    if after is None:
        return _without(known, EffectReason.TOO_EARLY)
    peers = await repository.read_peers(work, agreement_id, first.start)
    outcomes = {
        peer.school_id: EffectReason.HAS_AGREEMENT
        if peer.has_agreement
        else years.outcome(peer.school_id, before, after)
        for peer in peers
    }
    runs = years.runs | {peer.run_id for peer in peers}
    visible = await repository.visible_schools(work, years.runs, [mentee, *outcomes])
    own = years.outcome(mentee, before, after)
    estimate, reason = _estimated(own, outcomes)
    return Effect(
        agreement=agreement,
        measure=measure,
        subject=subject,
        before_year=before,
        after_year=after,
        mentee=own,
        peers=peers,
        outcomes=outcomes,
        estimate=estimate,
        reason=reason,
        runs=runs,
        visible=frozenset(visible),
    )


def _estimated(
    own: Outcome, outcomes: Mapping[int, Outcome]
) -> tuple[Estimate | None, EffectReason | None]:
    if not isinstance(own, Change):
        return None, own
    if not outcomes:
        return None, EffectReason.NO_CONDITIONS
    others = [each.points for each in outcomes.values() if isinstance(each, Change)]
    if len(others) < FEWEST_PEERS:
        return None, EffectReason.TOO_FEW_PEERS
    return difference_in_differences(own.points, others), None


def _without(known: Effect, reason: EffectReason) -> Effect:
    return Effect(
        agreement=known.agreement,
        measure=known.measure,
        subject=known.subject,
        before_year=known.before_year,
        mentee=reason,
        reason=reason,
    )


def _last_day(agreement: AgreementRecord, today: date) -> date:
    return min(agreement.ended_on or agreement.ends_on, today)


async def _figures(
    work: Work,
    agreement_id: int,
    measure: EffectMeasure,
    subject: str | None,
    span: range,
) -> _Years:
    if measure is EffectMeasure.COMPOSITE:
        scores, runs = await repository.read_composites(work, agreement_id, span)
        return _Years({}, scores, frozenset(runs))
    figures = await repository.read_rates(
        work, agreement_id, span, measure=measure, subject=subject
    )
    return _Years(figures.rates, {}, frozenset(figures.runs))


def _change_of_scores(before: Composite | None, after: Composite | None) -> Outcome:
    if before is None:
        return EffectReason.NO_RESULTS_BEFORE
    if after is None:
        return EffectReason.NO_RESULTS_AFTER
    if before.method_hash != after.method_hash:
        return EffectReason.METHOD_CHANGED
    if min(before.n, after.n) < FEWEST_PUPILS:
        return EffectReason.TOO_FEW_PUPILS
    return Change(before.value, after.value, before.n, after.n)


async def _check_subject(work: Work, measure: EffectMeasure, subject: str) -> None:
    if measure is EffectMeasure.COMPOSITE:
        reason = Text(
            "Сводный балл считается по всем предметам: уберите subject.",
            "The composite is of all subjects: leave subject out.",
        )
    elif await repository.has_subject(work, subject):
        return
    else:
        reason = Text(f"Предмета «{subject}» нет.", f"There is no subject '{subject}'.")
    fault = Fault(reason=reason, column="query.subject", value=subject)
    raise InvalidInputError(reason, faults=[fault])
