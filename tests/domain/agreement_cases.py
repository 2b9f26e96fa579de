"""An agreement that may go all its way, for tests to change one thing in."""

from dataclasses import replace
from datetime import UTC, date, datetime

from shared.domain.agreements import (
    Action,
    Agreement,
    AgreementStatus,
    Circumstances,
    Side,
    Signature,
    Transition,
    apply,
)

AT = datetime(2020, 9, 16, 2, 0, tzinfo=UTC)

DRAFT = Agreement(
    mentor_school_id=1,
    mentee_school_id=2,
    mentor_municipality_id=10,
    mentee_municipality_id=10,
    problem="maths",
    starts_on=date(2020, 9, 16),
    ends_on=date(2021, 5, 31),
    goals=("Снизить долю двоек по математике до 15 %",),
    plan_measures=1,
)

CALM = Circumstances(
    today=date(2020, 9, 16),
    programme_starts_on=date(2020, 9, 1),
    programme_ends_on=date(2022, 8, 31),
    mentor_capacity=2,
    mentor_open_agreements=0,
    mentor_on_low_list=False,
    duplicate_open=False,
)

SIGNATURES = tuple(Signature(side=side, actor="office", at=AT) for side in Side)


def agreement_in(status: AgreementStatus) -> Agreement:
    """Return the agreement in `status`, signed where that status requires it."""
    signed = status not in {
        AgreementStatus.DRAFT,
        AgreementStatus.PROPOSED,
        AgreementStatus.TERMINATED,
    }
    return replace(DRAFT, status=status, signatures=SIGNATURES if signed else ())


def perform(
    agreement: Agreement, action: Action, around: Circumstances = CALM
) -> Transition:
    """Perform `action`, as the mentor's side or with a reason where these matter."""
    return apply(
        agreement,
        action,
        side=Side.MENTOR if action in {Action.SIGN, Action.CONFIRM} else None,
        actor="coordinator",
        at=AT,
        reason="The school was closed" if action is Action.TERMINATE else None,
        circumstances=around,
    )
