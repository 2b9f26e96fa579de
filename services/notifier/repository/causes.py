"""In whose traces a plan belongs: those of the changes that it was made for."""

from collections import defaultdict
from typing import Final

from sqlalchemy import text

from shared.contracts.events import CONCERNS_REMINDERS
from shared.contracts.traces import is_traced
from shared.persistence.work import Work

MOST: Final = 1000
_CAUSES: Final = text(
    """
    SELECT municipality_id, trace_parent FROM api.outbox
    WHERE kind = ANY (CAST(:kinds AS text[])) AND trace_parent IS NOT NULL
      AND txid >= pg_snapshot_xmin(CAST(CAST(:seen AS text) AS pg_snapshot))
      AND NOT pg_visible_in_snapshot(txid, CAST(CAST(:seen AS text) AS pg_snapshot))
    ORDER BY number DESC LIMIT :limit
    """
)


async def read_causes(work: Work, seen: str | None) -> dict[int, list[str]]:
    """Return the traces of events since `seen` by municipality, the newest last.

    There are none where nobody traces, and before the first look.
    """
    if seen is None or not is_traced():
        return {}
    rows = await work.session.execute(
        _CAUSES, {"kinds": sorted(CONCERNS_REMINDERS), "seen": seen, "limit": MOST}
    )
    causes: defaultdict[int, list[str]] = defaultdict(list)
    for municipality_id, trace_parent in rows:
        causes[municipality_id].insert(0, trace_parent)
    return dict(causes)
