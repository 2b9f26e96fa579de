"""Days and moments as ISO 8601 writes them.

Left alone, numbers would be read as seconds since 1970: a filter with a slip of the
finger would find nothing and say nothing.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

from services.api.http.refusals import RefusedValueError

# A day within what `datetime` holds, so that a moment can be told in any time zone.
FIRST: Final = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
LAST: Final = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


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


Day = Annotated[date, BeforeValidator(_written_out)]
Moment = Annotated[
    AwareDatetime, BeforeValidator(_written_out), AfterValidator(_within_time)
]
