"""What is owed of an agreement that ends: to complete it, and to renew it if wanted.

Two open agreements of the same pair and problem cannot exist: one is renewed by
completing it and drafting the next, which asks for its own renewal in its turn.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from shared.domain.agreement_terms import AgreementStatus
from shared.domain.deadlines import DeadlineState

# Unconfirmed: no source says how early a renewal is to be thought of. Reminders have
# rules of their own.
AHEAD: Final = timedelta(days=60)

_STATES: Final[Mapping[AgreementStatus, DeadlineState]] = MappingProxyType(
    {
        AgreementStatus.SIGNED: DeadlineState.OPEN,
        AgreementStatus.ACTIVE: DeadlineState.OPEN,
        AgreementStatus.COMPLETED: DeadlineState.DONE,
    }
)


def renewal_state(status: AgreementStatus) -> DeadlineState:
    """Return how far it is; while an agreement rests, and once terminated, withdrawn.

    >>> str(renewal_state(AgreementStatus.TERMINATED))
    'withdrawn'
    """
    return _STATES.get(status, DeadlineState.WITHDRAWN)


def thought_of_from(starts_on: date, ends_on: date) -> date:
    """Return the day from which the end is near; a short agreement's first day."""
    return max(starts_on, ends_on - AHEAD)
