"""What mentoring agreements may have changed."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query

from services.api.http.ids import RowId
from services.api.http.localized import LocalizedOut
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.mentoring.effect_schemas import (
    AgreementEffectOut,
    EffectPeerOut,
    EffectReasonOut,
    EffectThresholdOut,
    SchoolChangeOut,
)
from services.api.mentoring.effects import Effect, EffectMeasure, Outcome, read_effect
from services.api.mentoring.rights import ALWAYS, PREFIX, Reader
from shared.domain.agreement_effect import (
    CAVEAT,
    CONFIDENCE,
    FEWEST_PEERS,
    FEWEST_PUPILS,
    REASONS,
    Change,
    EffectReason,
)
from shared.domain.errors import Text
from shared.domain.measures import MEASURES, Direction
from shared.domain.provenance import ProvenanceKind

router = APIRouter(prefix=PREFIX, tags=["mentoring"])

COMPOSITE: Final = Text("Сводный балл", "Composite score")
THRESHOLDS: Final = (
    EffectThresholdOut(
        code="fewest_peers", value=FEWEST_PEERS, kind=ProvenanceKind.UNCONFIRMED
    ),
    EffectThresholdOut(
        code="fewest_pupils", value=FEWEST_PUPILS, kind=ProvenanceKind.UNCONFIRMED
    ),
    EffectThresholdOut(
        code="confidence", value=CONFIDENCE, kind=ProvenanceKind.UNCONFIRMED
    ),
)


@router.get(
    "/{agreement_id}/effect",
    operation_id="estimate_agreement_effect",
    summary="The mentee's change beside that of like schools without an agreement",
    description=(
        "From the academic year before the agreement to its newest with results, over "
        "what was taken in both years alike. Like schools are the nearest by "
        "conditions. Figures of schools that the caller may not read are null; they "
        "are counted with all the same. It is no proof: see `caveat`."
    ),
    responses=problems(*ALWAYS),
)
async def estimate_agreement_effect(
    *,
    work: RequestWork,
    _actor: Reader,
    agreement_id: RowId,
    measure: EffectMeasure = EffectMeasure.LOW_SHARE,
    subject: Annotated[
        str | None,
        Query(
            pattern=r"^[a-z][a-z0-9_]*$",
            description="That of the mentor's request if left out, else all together",
        ),
    ] = None,
) -> AgreementEffectOut:
    effect = await read_effect(work, agreement_id, measure, subject)
    title, unit, direction = _about(measure)
    estimate = effect.estimate
    agreement = effect.agreement
    changes = [each for each in effect.outcomes.values() if isinstance(each, Change)]
    return AgreementEffectOut(
        agreement_id=agreement_id,
        agreement_status=agreement.status,
        measure=measure.value,
        title=_localized(title),
        unit=unit,
        direction=direction,
        subject=effect.subject,
        before_year=effect.before_year,
        after_year=effect.after_year,
        status="insufficient" if estimate is None else "estimated",
        reason=_reason(effect.reason),
        mentee=_school(
            effect, agreement.mentee.id, agreement.mentee.name, effect.mentee
        ),
        peers=_peers(effect),
        n_peers=len(changes),
        peers_change=None if estimate is None else estimate.peers_change,
        effect=None if estimate is None else estimate.effect,
        low=None if estimate is None else estimate.low,
        high=None if estimate is None else estimate.high,
        standard_error=None if estimate is None else estimate.standard_error,
        degrees_of_freedom=None if estimate is None else estimate.degrees_of_freedom,
        reading=None if estimate is None else estimate.reading(direction),
        thresholds=[*THRESHOLDS],
        caveat=_localized(CAVEAT),
        run_ids=sorted(effect.runs),
        synthetic=agreement.synthetic,
    )


def _about(
    measure: EffectMeasure,
) -> tuple[Text, Literal["percent", "score"], Direction]:
    if measure is EffectMeasure.COMPOSITE:
        return COMPOSITE, "score", Direction.MORE_IS_BETTER
    known = MEASURES[measure]
    return known.title, "percent", known.direction


def _peers(effect: Effect) -> list[EffectPeerOut]:
    return [
        EffectPeerOut(
            **dict(
                _school(
                    effect, peer.school_id, peer.name, effect.outcomes[peer.school_id]
                )
            ),
            distance=peer.distance,
        )
        for peer in effect.peers
    ]


def _school(
    effect: Effect, school_id: int, name: str, outcome: Outcome
) -> SchoolChangeOut:
    change = outcome if isinstance(outcome, Change) else None
    shown = change if school_id in effect.visible else None
    return SchoolChangeOut(
        id=school_id,
        name=name,
        before=None if shown is None else shown.before,
        after=None if shown is None else shown.after,
        change=None if shown is None else shown.points,
        n_before=None if shown is None else shown.n_before,
        n_after=None if shown is None else shown.n_after,
        reason=_reason(None if isinstance(outcome, Change) else outcome),
    )


def _reason(reason: EffectReason | None) -> EffectReasonOut | None:
    if reason is None:
        return None
    words = REASONS[reason]
    return EffectReasonOut(code=reason, ru=words.ru, en=words.en)


def _localized(text: Text) -> LocalizedOut:
    return LocalizedOut(ru=text.ru, en=text.en)
