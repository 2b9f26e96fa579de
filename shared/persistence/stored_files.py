"""Which stored files are named, and keeping one while that is being decided."""

from collections.abc import Sequence

from sqlalchemy import func, select, tuple_, union

from shared.domain.stored_files import report_file_of
from shared.persistence.tables.agreements import AgreementScanRow
from shared.persistence.tables.submissions import SubmissionFileRow
from shared.persistence.work import Work


async def hold_file(work: Work, key: str) -> None:
    """Let nobody take the file away before the transaction has ended."""
    await work.session.execute(
        select(func.pg_advisory_xact_lock_shared(func.hashtextextended(key, 0)))
    )


async def may_remove(work: Work, key: str) -> bool:
    """Tell whether nobody holds or names the file, nor will before the end."""
    lock = func.pg_try_advisory_xact_lock(func.hashtextextended(key, 0))
    if not await work.session.scalar(select(lock)):
        return False
    # Whoever held it has committed: a statement of its own sees what that wrote.
    return bool(await unnamed(work, [key]))


async def unnamed(work: Work, keys: Sequence[str]) -> list[str]:
    """Return those of the keys that are a report's file, and that no report names."""
    found = {key: file for key in keys if (file := report_file_of(key)) is not None}
    if not found:
        return []
    wanted = list(found.values())
    named = await work.session.execute(
        union(
            *(
                select(row.municipality_id, row.sha256).where(
                    tuple_(row.municipality_id, row.sha256).in_(wanted)
                )
                for row in (SubmissionFileRow, AgreementScanRow)
            )
        )
    )
    kept = {(municipality_id, sha256) for municipality_id, sha256 in named}
    return [key for key, file in found.items() if file not in kept]
