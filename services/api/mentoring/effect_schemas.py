"""Bodies of what an agreement may have changed."""

from typing import Literal

from pydantic import BaseModel, Field

from services.api.http.localized import LocalizedOut
from shared.domain.agreement_effect import EffectReason, Reading
from shared.domain.agreements import AgreementStatus
from shared.domain.measures import Direction
from shared.domain.provenance import ProvenanceKind


class EffectReasonOut(LocalizedOut):
    """Why something is not counted."""

    code: EffectReason


class SchoolChangeOut(BaseModel):
    """A school's figure before and after; null where the caller may not read it."""

    id: int
    name: str
    before: float | None
    after: float | None
    change: float | None
    n_before: int | None = Field(description="Pupils behind the figure")
    n_after: int | None
    reason: EffectReasonOut | None = Field(description="Why it is not counted with")


class EffectPeerOut(SchoolChangeOut):
    """A school in like conditions, and how far from the mentee it is in these."""

    distance: float


class EffectThresholdOut(BaseModel):
    """A threshold that decides, and whose word it is."""

    code: Literal["fewest_peers", "fewest_pupils", "confidence"]
    value: float
    kind: ProvenanceKind


class AgreementEffectOut(BaseModel):
    """The mentee's change beside that of like schools without an agreement.

    `effect` is the difference of the two, in the measure's unit; the interval is
    Student's, from the spread of the peers' own changes.
    """

    agreement_id: int
    agreement_status: AgreementStatus
    measure: Literal["low_share", "quality_rate", "success_rate", "composite"]
    title: LocalizedOut
    unit: Literal["percent", "score"]
    direction: Direction
    subject: str | None = Field(description="Null: all subjects together")
    before_year: int = Field(description="Academic year before the agreement began")
    after_year: int | None = Field(
        description="The newest academic year of the agreement with results"
    )
    status: Literal["estimated", "insufficient"]
    reason: EffectReasonOut | None = Field(description="Why it is insufficient")
    mentee: SchoolChangeOut
    peers: list[EffectPeerOut] = Field(description="The nearest first")
    n_peers: int = Field(description="Peers that are counted with")
    peers_change: float | None = Field(description="Mean of their changes")
    effect: float | None
    low: float | None = Field(description="Ends of the interval")
    high: float | None
    standard_error: float | None
    degrees_of_freedom: int | None
    reading: Reading | None
    thresholds: list[EffectThresholdOut]
    caveat: LocalizedOut
    run_ids: list[int] = Field(description="Runs that the figures come from")
    synthetic: bool
