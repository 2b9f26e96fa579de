"""Days, moments and hours of the day as ISO 8601 writes them.

Left alone, numbers would be read as seconds since 1970: a filter with a slip of the
finger would find nothing and say nothing.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    PlainSerializer,
    WithJsonSchema,
)

from services.api.http.refusals import RefusedValueError

# A day within what `datetime` holds, so that a moment can be told in any time zone.
FIRST: Final = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
LAST: Final = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)

CLOCK: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


def _written_out(value: Any) -> Any:
    """Refuse what is no text with the dashes of a date."""
    if isinstance(value, str) and "-" not in value[1:]:
        raise RefusedValueError(
            "Дата пишется так: 2020-09-01.", "A date is written like 2020-09-01."
        )
    if isinstance(value, int | float):
        raise RefusedValueError(
            "Дата — это текст вида 2020-09-01.", "A date is a text like 2020-09-01."
        )
    return value


def _within_time(value: datetime) -> datetime:
    """Refuse what has no counterpart in UTC or in another time zone."""
    if not FIRST <= value <= LAST:
        raise RefusedValueError(
            "Укажите момент между 0001-01-02 и 9999-12-30 по UTC.",
            "Give a moment between 0001-01-02 and 9999-12-30 in UTC.",
        )
    return value


def _whole_minute(value: Any) -> Any:
    """Refuse what is not an hour and a minute; defaults are times already."""
    if isinstance(value, time) or (isinstance(value, str) and re.match(CLOCK, value)):
        return value
    raise RefusedValueError(
        "Время пишется так: 21:00.", "A time of day is written like 21:00."
    )


def _as_minutes(value: time) -> str:
    return f"{value:%H:%M}"


Day = Annotated[date, BeforeValidator(_written_out)]
Moment = Annotated[
    AwareDatetime, BeforeValidator(_written_out), AfterValidator(_within_time)
]
# An hour and a minute wherever its person is, without a zone.
Clock = Annotated[
    time,
    BeforeValidator(_whole_minute),
    PlainSerializer(_as_minutes),
    WithJsonSchema({"type": "string", "pattern": CLOCK, "examples": ["21:00"]}),
]
