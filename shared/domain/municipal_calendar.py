"""A municipality's calendar of an academic year: its terms and its own days."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from shared.domain.calendar import SchoolYear, Window
from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.periods import AcademicYear
from shared.domain.production_calendar import is_federal_working_day

_DIGITS = 14  # hexadecimal ones of a hash that a number of 17 digits holds


class InvalidCalendarError(InvalidInputError):
    """The calendar contradicts itself or the year; every fault is named."""

    code = "invalid_calendar"
    title = Text("Календарь не принят", "The calendar was not accepted")


@dataclass(frozen=True, slots=True, order=True)
class OwnDay:
    """A day that a document made working, or a day off, against the country's."""

    day: date
    is_working: bool
    document_number: str
    reason: str


@dataclass(frozen=True, slots=True)
class MunicipalCalendar:
    """The terms of an academic year, in order, and the municipality's own days."""

    academic_year: AcademicYear
    quarters: tuple[Window, ...] = ()
    half_years: tuple[Window, ...] = ()
    days: tuple[OwnDay, ...] = ()

    @property
    def version(self) -> int:
        """A number that changes with the calendar, to be compared with alone."""
        content = json.dumps(asdict(self), sort_keys=True, default=str)
        return int(hashlib.sha256(content.encode()).hexdigest()[:_DIGITS], 16)


def check_calendar(calendar: MunicipalCalendar) -> None:
    """Check the terms, and that each own day differs from the country's.

    Raises:
        InvalidInputError: terms overlap, are out of order, or leave the year.
        InvalidCalendarError: an own day is named twice, lies outside the year, or is
            what the federal calendar says anyway.
    """
    SchoolYear(calendar.academic_year, calendar.quarters, calendar.half_years)
    faults = [*_faults(calendar.academic_year, calendar.days)]
    if faults:
        raise InvalidCalendarError(faults[0].reason, faults=faults)


def _faults(year: AcademicYear, days: Sequence[OwnDay]) -> Iterator[Fault]:
    seen: set[date] = set()
    for place, own in enumerate(days):
        reason = _reason(year, own, is_repeated=own.day in seen)
        seen.add(own.day)
        if reason is not None:
            column = f"body.days.{place}.day"
            yield Fault(reason=reason, column=column, value=own.day.isoformat())


def _reason(year: AcademicYear, own: OwnDay, *, is_repeated: bool) -> Text | None:
    shown = f"{own.day:%d.%m.%Y}"
    if is_repeated:
        return Text(
            f"День {shown} назван дважды: оставьте его один раз.",
            f"The day {shown} is named twice: leave it once.",
        )
    if own.day not in year:
        return Text(
            f"День {shown} вне {year.label} учебного года: внесите его в календарь "
            "того года.",
            f"The day {shown} is outside {year.label}: enter it in the calendar of its "
            "own year.",
        )
    if own.is_working == is_federal_working_day(own.day):
        ru, en = ("рабочий", "worked") if own.is_working else ("выходной", "a day off")
        return Text(
            f"День {shown} и без того {ru} по федеральному календарю: уберите его.",
            f"The day {shown} is {en} by the federal calendar anyway: remove it.",
        )
    return None
