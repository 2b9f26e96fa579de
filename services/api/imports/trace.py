"""What the audit keeps of a file itself; its rows leave their own entries."""

from typing import Protocol

from shared.persistence.audit import Changes, record_change
from shared.persistence.work import Work


class OwnedImport(Protocol):
    """A file, and whose it is."""

    @property
    def id(self) -> int:
        """Its number."""
        ...

    @property
    def municipality_id(self) -> int:
        """The municipality that it is for."""
        ...

    @property
    def school_id(self) -> int | None:
        """The school that uploaded it, if one did."""
        ...


async def leave_trace(
    work: Work,
    file: OwnedImport,
    action: str,
    changes: Changes,
    *,
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
        municipality_id=file.municipality_id,
        school_id=file.school_id,
        entity_id=file.id,
        reason=reason,
        import_id=file.id,
    )
