"""Deadlines as an iCalendar (RFC 5545, RFC 7986).

A deadline is an all-day event rather than a to-do: calendar programs show events and
most of them hide to-dos. Its day is a DATE, which is the same day wherever it is read,
so that there is no VTIMEZONE: the zone has been applied when the day was chosen. The
same deadlines give the same bytes: DTSTAMP is when the deadline last changed.
"""

from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import Final

from icalendar import Calendar, Event

from shared.domain.deadline_titles import titles_of
from shared.domain.deadlines import DeadlineState
from shared.domain.errors import Text
from shared.persistence.paging import AnyRow

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
REFRESH: Final = timedelta(hours=6)
_DAY: Final = timedelta(days=1)
_STATES: Final = {
    DeadlineState.OPEN: Text("К выполнению", "To be done"),
    DeadlineState.SUBMITTED: Text("Отправлено на проверку", "Submitted"),
    DeadlineState.RETURNED: Text("Возвращено на доработку", "Returned"),
    DeadlineState.DONE: Text("Выполнено", "Done"),
    DeadlineState.WITHDRAWN: Text("Отменено", "Withdrawn"),
}
_LABELS: Final = {
    "state": Text("Состояние", "State"),
    "school": Text("Школа", "School"),
    "expected_result": Text("Ожидаемый результат", "Expected result"),
    "programme": Text("Программа", "Programme"),
}


def calendar_of(
    name: str, deadlines: Iterable[AnyRow], *, language: str, time_zone: str
) -> bytes:
    """Return the feed; rows have the words of a deadline and the school's name."""
    calendar = Calendar()
    calendar.add("PRODID", f"-//Podyom//Deadlines//{language.upper()}")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("NAME", _printable(name))
    calendar.add("X-WR-CALNAME", _printable(name))
    calendar.add("X-WR-TIMEZONE", time_zone)
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", REFRESH)
    for row in deadlines:
        calendar.add_component(_event(row, language))
    content: bytes = calendar.to_ical()
    return content


def _event(row: AnyRow, language: str) -> Event:
    state = DeadlineState(row.state)
    is_withdrawn = state is DeadlineState.WITHDRAWN
    event = Event()
    # The moment of its making tells it from that of another installation.
    made = row.created_at.astimezone(UTC)
    event.add("UID", f"deadline-{row.id}-{made:%Y%m%dT%H%M%S%f}@podyom")
    event.add("DTSTAMP", row.changed_at.astimezone(UTC))
    event.add("LAST-MODIFIED", row.changed_at.astimezone(UTC))
    event.add("SEQUENCE", row.revision)
    event.add("DTSTART", row.due_on)
    event.add("DTEND", row.due_on + _DAY)  # the first day that is not its own
    event.add("STATUS", "CANCELLED" if is_withdrawn else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT")
    event.add("CATEGORIES", [_STATES[state].in_language(language)])
    event.add("SUMMARY", _summary(row, state, language))
    if row.school_name:
        event.add("LOCATION", _printable(row.school_name))
    event.add("DESCRIPTION", "\n".join(_description(row, state, language)))
    return event


def _summary(row: AnyRow, state: DeadlineState, language: str) -> str:
    mark = "✓" if state is DeadlineState.DONE else ""
    title = titles_of(row.kind, row.title).in_language(language)
    return _printable(" ".join(part for part in (mark, row.number, title) if part))


def _description(row: AnyRow, state: DeadlineState, language: str) -> Iterable[str]:
    said = {
        "state": _STATES[state].in_language(language),
        "school": row.school_name,
        "expected_result": row.expected_result,
        "programme": row.programme_title,
    }
    for name, value in said.items():
        if value:
            yield f"{_LABELS[name].in_language(language)}: {_printable(value)}"


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
