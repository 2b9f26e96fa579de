"""Telling other systems of events that no row of an exported dataset shows.

What rows show is told by the triggers of their tables, whoever writes them.
"""

import json
from typing import Any, Final

from sqlalchemy import text

from shared.domain.deadlines import OWED
from shared.persistence.work import Work

_TELL: Final = text(
    "SELECT api.tell_event(:event, CAST(:dataset AS text), :municipality_id,"
    " NULL, NULL, NULL, CAST(:payload AS jsonb))"
)
# A day is over when it is over in the municipality; its key is told of once.
_NOTICE: Final = text(
    """
    WITH missed AS (
      INSERT INTO api.missed_deadlines
        (deadline_id, due_on, municipality_id, school_id, noticed_at)
      SELECT d.id, d.due_on, d.municipality_id, d.school_id, :now
      FROM api.deadlines d JOIN api.municipalities m ON m.id = d.municipality_id
      WHERE d.state = ANY (CAST(:owed AS text[]))
        AND d.due_on < (CAST(:now AS timestamptz) AT TIME ZONE m.time_zone)::date
        AND NOT EXISTS (SELECT FROM api.missed_deadlines known
          WHERE known.deadline_id = d.id AND known.due_on = d.due_on)
      ORDER BY d.id LIMIT :limit
      ON CONFLICT DO NOTHING
      RETURNING 1
    )
    SELECT count(*) FROM missed
    """
)


async def tell(
    work: Work,
    event: str,
    *,
    dataset: str | None,
    municipality_id: int,
    payload: dict[str, Any],
) -> None:
    """Tell of an event of a municipality, in the transaction of what it tells of.

    `payload` has numbers, codes and facts, and nothing of any person. What is about no
    dataset is not shown in the feed.
    """
    await work.session.execute(
        _TELL.bindparams(
            event=event,
            dataset=dataset,
            municipality_id=municipality_id,
            payload=json.dumps(payload),
        )
    )


async def notice_missed(work: Work, *, limit: int) -> int:
    """Note up to `limit` deadlines whose day has ended with them owed; return how many.

    Each is told of once for a day, however many look at the same time.
    """
    given = {"now": work.now, "owed": sorted(OWED), "limit": limit}
    return int((await work.session.execute(_NOTICE, given)).scalar_one())
