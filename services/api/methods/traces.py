"""What the audit keeps of steps with methods."""

from typing import Final, TypeAlias

from shared.domain.methods.life import MethodStep
from shared.persistence.audit import Changes, record_change
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

ENTITY: Final = "method"
Reason: TypeAlias = str | None


async def record_step(
    work: Work, row: AnyRow, step: MethodStep, changes: Changes, reason: Reason
) -> None:
    """Write what a step changed of a method."""
    await record_change(
        work,
        ENTITY,
        step,
        changes,
        municipality_id=row.municipality_id,
        entity_id=row.id,
        reason=reason,
    )
