"""What a step of an agreement leaves behind it: an entry of the audit, and an event."""

from collections.abc import Iterable

from shared.contracts.events import EventKind
from shared.domain.agreements import AgreementStatus
from shared.persistence.audit import Changes, record_change
from shared.persistence.outbox import record
from shared.persistence.work import Work


async def leave_trace(
    work: Work,
    agreement_id: int,
    action: str,
    changes: Changes,
    *,
    municipality_id: int,
    concerned: Iterable[int],
    status: AgreementStatus,
    reason: str | None = None,
) -> None:
    """Write both; `status` is the one that the step led to.

    Each of the municipalities that are concerned has the entry in its own audit.
    """
    for each in sorted(concerned):
        await record_change(
            work,
            "mentoring_agreement",
            action,
            changes,
            municipality_id=each,
            entity_id=agreement_id,
            reason=reason,
        )
    await record(
        work,
        EventKind.AGREEMENT_CHANGED,
        municipality_id=municipality_id,
        payload={"id": agreement_id, "action": action, "status": status},
    )
