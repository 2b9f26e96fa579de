"""What is open to one person in an agreement's present state."""

from collections.abc import Set as AbstractSet

from shared.domain.agreement_performers import Performer, may_perform
from shared.domain.agreement_terms import Action, Agreement, Side
from shared.domain.agreements import possible_actions


def own_side(by: AbstractSet[Performer]) -> Side | None:
    """Return the side for which a person at `by` signs without having to name it.

    None where the person may sign for both, as a coordinator may, or for neither.
    """
    sides = [side for side in Side if may_perform(Action.SIGN, by=by, side=side)]
    return sides[0] if len(sides) == 1 else None


def actions_open_to(
    agreement: Agreement, by: AbstractSet[Performer]
) -> tuple[Action, ...]:
    """Return the actions of the present status that a person at `by` may perform.

    Signing is among them while a signature is missing that the person may give. The
    guards are not asked: an action listed here may still be refused, with a reason.
    """
    return tuple(
        action
        for action in possible_actions(agreement.status)
        if (_may_still_sign(agreement, by) if action is Action.SIGN else True)
        and may_perform(action, by=by)
    )


def _may_still_sign(agreement: Agreement, by: AbstractSet[Performer]) -> bool:
    return any(
        may_perform(Action.SIGN, by=by, side=side)
        for side in Side
        if agreement.signature_of(side) is None
    )
