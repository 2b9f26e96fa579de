"""What webhooks of events carry: numbers, codes and facts, and nothing of persons."""

import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class EventNote:
    """What an endpoint is told of an event, the same at every attempt.

    `number` is the feed's; `previous_number` is that of the event of the same school
    that was handed out to this endpoint before.
    """

    id: str
    number: int
    previous_number: int | None
    type: str
    timestamp: datetime
    dataset: str | None
    row_id: int | None
    municipality_id: int
    school_id: int | None
    academic_year: int | None
    request_id: str | None
    data: dict[str, Any]


def body_of(note: EventNote) -> str:
    """Return the body."""
    told = {each.name: getattr(note, each.name) for each in fields(note)}
    told["timestamp"] = note.timestamp.isoformat()
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
