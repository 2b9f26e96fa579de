"""Mentoring agreements: their statuses, and what leads from one to the next.

draft → proposed → signed → active ⇄ suspended, active → completed; whatever is not
closed can be terminated with a reason, since nothing is ever deleted. Two
municipalities confirm between proposal and signatures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from shared.domain.agreement_errors import (
    AlreadyConfirmedError,
    ConfirmationNeedlessError,
)
from shared.domain.agreement_guards import check_draft, check_guards
from shared.domain.agreement_terms import (
    ACTION_NAMES,
    CLOSED_STATUSES,
    OPEN_STATUSES,
    SIDE_NAMES,
    STATUS_NAMES,
    Action,
    Agreement,
    AgreementStatus,
    Circumstances,
    Identifier,
    Side,
    Signature,
)
from shared.domain.errors import ConflictError, InvalidInputError, Text

__all__ = [
    "CLOSED_STATUSES",
    "OPEN_STATUSES",
    "TRANSITIONS",
    "Action",
    "Agreement",
    "AgreementStatus",
    "AgreementWrongStateError",
    "AlreadySignedError",
    "Circumstances",
    "ReasonRequiredError",
    "Side",
    "Signature",
    "SignatureSideRequiredError",
    "Transition",
    "apply",
    "check_draft",
    "possible_actions",
]

# SIGN leads to SIGNED once both sides have signed; until then the status stays.
TRANSITIONS: Mapping[tuple[AgreementStatus, Action], AgreementStatus] = (
    MappingProxyType(
        {
            (AgreementStatus.DRAFT, Action.PROPOSE): AgreementStatus.PROPOSED,
            (AgreementStatus.DRAFT, Action.TERMINATE): AgreementStatus.TERMINATED,
            (AgreementStatus.PROPOSED, Action.CONFIRM): AgreementStatus.PROPOSED,
            (AgreementStatus.PROPOSED, Action.SIGN): AgreementStatus.SIGNED,
            (AgreementStatus.PROPOSED, Action.TERMINATE): AgreementStatus.TERMINATED,
            (AgreementStatus.SIGNED, Action.ACTIVATE): AgreementStatus.ACTIVE,
            (AgreementStatus.SIGNED, Action.TERMINATE): AgreementStatus.TERMINATED,
            (AgreementStatus.ACTIVE, Action.SUSPEND): AgreementStatus.SUSPENDED,
            (AgreementStatus.ACTIVE, Action.COMPLETE): AgreementStatus.COMPLETED,
            (AgreementStatus.ACTIVE, Action.TERMINATE): AgreementStatus.TERMINATED,
            (AgreementStatus.SUSPENDED, Action.RESUME): AgreementStatus.ACTIVE,
            (AgreementStatus.SUSPENDED, Action.TERMINATE): AgreementStatus.TERMINATED,
        }
    )
)


class AgreementWrongStateError(ConflictError):
    """The action does not exist in the agreement's present status."""

    code = "agreement_wrong_state"
    title = Text("Действие сейчас невозможно", "Not possible in the present status")

    def __init__(self, action: Action, status: AgreementStatus) -> None:
        names = [ACTION_NAMES[other] for other in possible_actions(status)]
        possible_ru = ", ".join(name.ru for name in names)
        possible_en = ", ".join(name.en for name in names)
        super().__init__(
            Text(
                f"Договор в состоянии «{STATUS_NAMES[status].ru}», его нельзя "
                f"{ACTION_NAMES[action].ru}. Сейчас можно: "
                f"{possible_ru or 'ничего, договор закрыт; составьте новый'}.",
                f"The agreement is {STATUS_NAMES[status].en}, so one cannot "
                f"{ACTION_NAMES[action].en} it. Possible now: "
                f"{possible_en or 'nothing, it is closed; draft a new one'}.",
            )
        )


class AlreadySignedError(ConflictError):
    """This side's signature is recorded already."""

    code = "already_signed"
    title = Text("Сторона уже подписала договор", "This side has signed already")

    def __init__(self, side: Side) -> None:
        super().__init__(
            Text(
                f"Подпись уже внесена ({SIDE_NAMES[side].ru}); "
                "осталось внести подпись другой стороны.",
                f"The signature is recorded already ({SIDE_NAMES[side].en}); "
                "only the other side's is awaited.",
            )
        )


class SignatureSideRequiredError(InvalidInputError):
    """A signature or a confirmation was given without saying whose it is."""

    code = "signature_side_required"
    title = Text("Не указана сторона договора", "The signing side is missing")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Укажите, за какую сторону ставится подпись или даётся подтверждение: "
                "mentor (школа-наставник) или mentee (школа, получающая помощь).",
                "Say for which side it is signed or confirmed: mentor or mentee.",
            )
        )


class ReasonRequiredError(InvalidInputError):
    """An agreement was to be terminated without a reason."""

    code = "reason_required"
    title = Text("Не указана причина", "A reason is required")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Укажите причину, по которой договор расторгается.",
                "State the reason for which the agreement is terminated.",
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One event in an agreement's life, to be stored beside its new state."""

    action: Action
    before: AgreementStatus
    agreement: Agreement  # as it is afterwards
    side: Side | None
    actor: Identifier
    at: datetime
    reason: str | None

    @property
    def after(self) -> AgreementStatus:
        """The status that the agreement has reached."""
        return self.agreement.status


def possible_actions(status: AgreementStatus) -> tuple[Action, ...]:
    """Return the actions that exist in `status`, guards aside."""
    return tuple(action for action in Action if (status, action) in TRANSITIONS)


def apply(
    agreement: Agreement,
    action: Action,
    *,
    actor: Identifier,
    at: datetime,
    circumstances: Circumstances,
    side: Side | None = None,
    reason: str | None = None,
) -> Transition:
    """Perform `action`, or say why it cannot be done.

    Whether the actor *may* do it is another question: see `agreement_performers`.

    Raises:
        DomainError: One of the errors of this module or of `agreement_errors`.
    """
    after = TRANSITIONS.get((agreement.status, action))
    if after is None:
        raise AgreementWrongStateError(action, agreement.status)
    reason = (reason or "").strip() or None
    if action is Action.TERMINATE and reason is None:
        raise ReasonRequiredError
    changed = replace(agreement, status=after)
    if action is Action.SIGN:
        changed = _sign(agreement, side=side, actor=actor, at=at)
    if action is Action.CONFIRM:
        changed = _confirm(agreement, side=side, actor=actor, at=at)
    check_guards(agreement, action, circumstances)
    return Transition(
        action=action,
        before=agreement.status,
        agreement=changed,
        side=side,
        actor=actor,
        at=at,
        reason=reason,
    )


def _sign(
    agreement: Agreement, *, side: Side | None, actor: Identifier, at: datetime
) -> Agreement:
    if side is None:
        raise SignatureSideRequiredError
    if agreement.signature_of(side) is not None:
        raise AlreadySignedError(side)
    signatures = (*agreement.signatures, Signature(side=side, actor=actor, at=at))
    complete = {signature.side for signature in signatures} == set(Side)
    return replace(
        agreement,
        signatures=signatures,
        status=AgreementStatus.SIGNED if complete else agreement.status,
    )


def _confirm(
    agreement: Agreement, *, side: Side | None, actor: Identifier, at: datetime
) -> Agreement:
    if not agreement.is_across:
        raise ConfirmationNeedlessError
    if side is None:
        raise SignatureSideRequiredError
    if agreement.confirmation_of(side) is not None:
        raise AlreadyConfirmedError
    given = Signature(side=side, actor=actor, at=at)
    return replace(agreement, confirmations=(*agreement.confirmations, given))
