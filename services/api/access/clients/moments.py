"""When clients and their secrets may end."""

from datetime import datetime, timedelta

from shared.domain.errors import Fault, InvalidInputError, Text

LONGEST_LIFE = timedelta(days=731)


def check_moment(column: str, moment: datetime | None, now: datetime) -> None:
    """Refuse a moment that has passed, or is too far ahead.

    Raises:
        InvalidInputError: it is; the fault names the column.
    """
    if moment is None or now < moment <= now + LONGEST_LIFE:
        return
    reason = Text(
        "Момент должен быть в будущем, не дальше чем через два года.",
        "The moment must be in the future, two years ahead at most.",
    )
    fault = Fault(column=column, value=moment.isoformat(), reason=reason)
    raise InvalidInputError(reason, faults=[fault])
