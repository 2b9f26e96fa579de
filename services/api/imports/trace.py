"""What the audit keeps of a file itself; its rows leave their own entries."""

from shared.persistence.audit import Changes, record_change
from shared.persistence.work import Work


async def leave_trace(
    work: Work,
    import_id: int,
    action: str,
    changes: Changes,
    *,
    municipality_id: int,
    reason: str | None = None,
) -> None:
    """Write that the file was previewed or committed.

    A file's name may be a person's, so that it does not belong into the changes.
    """
    await record_change(
        work,
        "import",
        action,
        changes,
        municipality_id=municipality_id,
        entity_id=import_id,
        reason=reason,
        import_id=import_id,
    )
