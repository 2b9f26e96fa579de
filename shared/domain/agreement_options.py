"""What is open to one person in an agreement's present state."""

from collections.abc import Set as AbstractSet

from shared.domain.agreement_performers import Performer, may_perform
from shared.domain.agreement_terms import Action, Agreement, Side
from shared.domain.agreements import possible_actions


def own_side(action: Action, by: AbstractSet[Performer]) -> Side | None:
    """Return the side for which a person at `by` acts without having to name it.

    None where the person may sign or confirm for both, as a coordinator may within a
    municipality, or for neither.
    """
    sides = [side for side in Side if may_perform(action, by=by, side=side)]
    return sides[0] if len(sides) == 1 else None


def actions_open_to(
    agreement: Agreement, by: AbstractSet[Performer]
) -> tuple[Action, ...]:
    """Return the actions of the present status that a person at `by` may perform.

    Signing and, across municipalities, confirming are among them while a signature or
    a confirmation is missing that the person may give. The
    guards are not asked: an action listed here may still be refused, with a reason.
    """
    return tuple(
        action
        for action in possible_actions(agreement.status)
        if _is_awaited(agreement, action, by) and may_perform(action, by=by)
    )


def _is_awaited(
    agreement: Agreement, action: Action, by: AbstractSet[Performer]
) -> bool:
    if action is Action.CONFIRM and not agreement.is_across:
        return False
    given = {
        Action.SIGN: agreement.signature_of,
        Action.CONFIRM: agreement.confirmation_of,
    }.get(action)
    if given is None:
        return True
    return any(
        may_perform(action, by=by, side=side) for side in Side if given(side) is None
    )
