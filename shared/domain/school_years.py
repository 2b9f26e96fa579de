"""Which academic years and days data of a school may be of: while it exists."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from shared.domain.errors import Fault, Text
from shared.domain.periods import AcademicYear
from shared.domain.reorganisations import SchoolLife

# What is known of the year to come before it begins: who enrols, which posts are open.
_YEARS_AHEAD = 1


def life_faults(life: SchoolLife, year: int, column: str | None) -> Iterator[Fault]:
    """Yield what speaks against data of the year: a school not open yet, or closed.

    Args:
        life: The school.
        year: The start of the academic year.
        column: Where the year stands.
    """
    wanted = AcademicYear(year)
    if life.closed_on is not None and life.closed_on <= wanted.starts_on:
        reason = _closed(life, life.closed_on)
    elif life.opened_on is not None and life.opened_on > wanted.ends_on:
        reason = Text(
            f"«{life.name}» открыта {life.opened_on}, после конца учебного года "
            f"{wanted.label}: исправьте год или школу.",
            f"'{life.name}' opened on {life.opened_on}, after the academic year "
            f"{wanted.label} had ended: correct the year or the school.",
        )
    else:
        return
    yield Fault(reason=reason, column=column, value=str(year))


def day_faults(
    life: SchoolLife, day: date | None, column: str | None
) -> Iterator[Fault]:
    """Yield what speaks against a work of that day: no such school yet, or no more.

    Args:
        life: The school.
        day: When the work was written, if that is known.
        column: Where the day stands.
    """
    if day is None:
        return
    if life.closed_on is not None and life.closed_on <= day:
        heir = ", ".join(life.successors)
        after = Text(f" Её преемник: {heir}.", f" It went over into {heir}.")
        after = after if heir else Text("", "")
        reason = Text(
            f"«{life.name}» закрыта с {life.closed_on}: в этот день её уже не было."
            f"{after.ru} Исправьте дату или школу.",
            f"'{life.name}' is closed from {life.closed_on} on: there was no such "
            f"school on that day.{after.en} Correct the date or the school.",
        )
    elif life.opened_on is not None and day < life.opened_on:
        reason = Text(
            f"«{life.name}» открыта {life.opened_on}: в этот день её ещё не было. "
            "Исправьте дату или школу.",
            f"'{life.name}' opened on {life.opened_on}: there was no such school yet "
            "on that day. Correct the date or the school.",
        )
    else:
        return
    yield Fault(reason=reason, column=column, value=day.isoformat())


class Absence(StrEnum):
    """Why there is no such school in an academic year."""

    CLOSED = "closed"
    NOT_OPEN_YET = "not_open_yet"


def absence_of(
    opened_on: date | None, closed_on: date | None, year: int
) -> Absence | None:
    """Tell whether a school is closed in an academic year or before, or opens later.

    None where it outlives the year; a day that nobody knows is no hindrance.

    >>> absence_of(None, date(2021, 6, 1), 2020), absence_of(None, None, 2020)
    (<Absence.CLOSED: 'closed'>, None)
    """
    return absence_on(opened_on, closed_on, AcademicYear(year).ends_on)


def absence_on(
    opened_on: date | None, closed_on: date | None, last_day: date
) -> Absence | None:
    """Tell why a school does not count in a period that ends on `last_day`.

    None where it outlives the period. This is the one rule by which schools of a year
    are counted: in rankings and in all shares of schools. What it did before it was
    closed is not lost: where a school that is absent has results of the year, it is
    listed with them (`services.scoring.engine.listing`).

    >>> absence_on(date(2021, 9, 1), None, date(2020, 12, 31))
    <Absence.NOT_OPEN_YET: 'not_open_yet'>
    """
    if closed_on is not None and closed_on <= last_day:
        return Absence.CLOSED
    if opened_on is not None and opened_on > last_day:
        return Absence.NOT_OPEN_YET
    return None


def future_faults(year: int, today: date, column: str | None) -> Iterator[Fault]:
    """Yield a fault of facts that are later than the academic year to come."""
    last = AcademicYear(AcademicYear.of(today).start + _YEARS_AHEAD)
    if year > last.start:
        reason = Text(
            f"Данных этого учебного года ещё не бывает: последний — {last.label}. "
            "Исправьте год.",
            f"There are no data of this academic year yet: the last is {last.label}. "
            "Correct the year.",
        )
        yield Fault(reason=reason, column=column, value=str(year))


def _closed(life: SchoolLife, day: date) -> Text:
    ru = f"«{life.name}» закрыта с {day}: данных следующих учебных лет у неё нет."
    en = f"'{life.name}' is closed from {day} on: it has no data of later years."
    if not life.successors:
        return Text(f"{ru} Исправьте год.", f"{en} Correct the year.")
    listed = ", ".join(life.successors)
    return Text(
        f"{ru} Её преемник: {listed}. Исправьте год или школу.",
        f"{en} It went over into {listed}. Correct the year or the school.",
    )
