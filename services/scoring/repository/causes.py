"""In whose traces runs belong: those of the changes that made them necessary."""

from typing import Final

from sqlalchemy import text

from services.scoring.repository.areas import Area
from services.scoring.repository.part import Part
from shared.contracts.traces import MOST_LINKS
from shared.persistence.staleness import kinds_of
from shared.persistence.work import Work

_CAUSES: Final = text(
    """
    SELECT event.trace_parent FROM api.outbox event
    LEFT JOIN scoring.current_runs run ON run.municipality_id = event.municipality_id
      AND run.topic = :topic AND run.year = :year
    WHERE event.municipality_id = ANY (CAST(:municipality_ids AS bigint[]))
      AND event.kind = ANY (CAST(:kinds AS text[]))
      AND event.trace_parent IS NOT NULL
      AND (run.run_id IS NULL OR NOT pg_visible_in_snapshot(event.txid,
        CAST(run.input_snapshot AS pg_snapshot)))
    ORDER BY event.number DESC LIMIT :limit
    """
)


async def read_causes(work: Work, municipality_id: int, part: Part) -> list[str]:
    """Return the traces of the newest changes that no run has seen, the newest last."""
    return await read_causes_in(work, Area.of(municipality_id), part)


async def read_causes_in(work: Work, area: Area, part: Part) -> list[str]:
    """Return them for all municipalities of an area together."""
    found = await work.session.scalars(
        _CAUSES,
        {
            "municipality_ids": list(area.municipality_ids),
            "topic": part.topic,
            "year": part.year,
            "kinds": kinds_of(part.topic),
            "limit": MOST_LINKS,
        },
    )
    return list(found)[::-1]
