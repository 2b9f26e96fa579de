"""Numbers of transactions, which another server has given and which this one repeats.

What a run has seen is told by the numbers of transactions, and each server counts its
own. Where the new one is behind the old, its own numbers would in time run into those
that came with the backup: an event would seem to be seen that is not.
"""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# The lowest number of all: whoever looks on this server has seen what has it.
_LONG_AGO: Final = "3"
# The highest: a snapshot from there is of another server for ever.
_BEYOND: Final = f"{2**63 - 1}:{2**63 - 1}:"
_PRESENT: Final = "pg_snapshot_xmax(pg_current_snapshot())"
_IS_BEHIND: Final = text(
    f"""
    SELECT EXISTS (SELECT 1 FROM api.outbox WHERE txid >= {_PRESENT})
      OR EXISTS (SELECT 1 FROM scoring.runs
        WHERE pg_snapshot_xmax(input_snapshot::pg_snapshot) > {_PRESENT})
    """  # noqa: S608 (made of constants)
)
# Nothing changes that anybody follows, so nobody is told.
_SILENT: Final = (
    ("api.outbox", f"txid = '{_LONG_AGO}'"),
    ("scoring.runs", f"input_snapshot = '{_BEYOND}'"),
    ("scoring.current_runs", f"input_snapshot = '{_BEYOND}'"),
    ("api.feed_entries", "transaction_id = NULL"),
)


async def part_from_old_server(connection: AsyncConnection) -> bool:
    """Have no number of the old server mean a transaction of this one.

    All that was computed is computed again then. Returns False, and does nothing, where
    this server is ahead of the old one: its numbers are new whatever it does.
    """
    if not await connection.scalar(_IS_BEHIND):
        return False
    for table, change in _SILENT:
        for statement in (
            f"ALTER TABLE {table} DISABLE TRIGGER USER",
            f"UPDATE {table} SET {change}",  # noqa: S608 (made of constants)
            f"ALTER TABLE {table} ENABLE TRIGGER USER",
        ):
            await connection.execute(text(statement))
    return True
