"""Confirming contacts, and setting by when that is done."""

from datetime import date

from services.api.contact_confirmations import repository
from services.api.http.auth import Actor
from services.api.scheduling.fan_out import read_calendar
from services.api.scheduling.following import follow_records
from shared.domain.deadlines import DeadlineKind
from shared.domain.errors import (
    ConflictError,
    Fault,
    InvalidInputError,
    NotFoundError,
    Text,
)
from shared.domain.periods import AcademicYear
from shared.persistence.audit import Change, created, record_change, record_changes
from shared.persistence.due_dates import replace_due_date
from shared.persistence.local_dates import today_of
from shared.persistence.paging import AnyRow
from shared.persistence.tables.contact_confirmations import (
    ContactConfirmationDateRow,
)
from shared.persistence.visibility import sees_municipality
from shared.persistence.work import Work


class NotThisYearError(ConflictError):
    """Contacts are confirmed for the present academic year."""

    code = "contact_confirmation_not_this_year"
    title = Text("Подтверждают текущий год", "The present year is confirmed")


class NoContactsError(ConflictError):
    """The school has no contacts that could be right."""

    code = "contact_confirmation_empty"
    title = Text("Контактов нет", "There are no contacts")


async def confirm(
    work: Work, actor: Actor, school_id: int, year: AcademicYear
) -> AnyRow:
    """Write that a school's contacts are right; the first time in a year counts.

    Raises:
        NotFoundError: the school is unknown, or not the caller's own.
        NotThisYearError: the year is past or still to come.
        NoContactsError: there is nothing to confirm.
    """
    own = actor.school_id in (None, school_id)
    found = (
        await repository.find_confirmation(work, school_id, year.start) if own else None
    )
    if found is None:
        raise _unknown_school(school_id)
    today = work.today_in(found.time_zone)
    if year != AcademicYear.of(today):
        raise _not_this_year(year, AcademicYear.of(today))
    if found.contacts == 0:
        raise _no_contacts()
    number = await repository.insert_confirmation(work, found, confirmed_on=today)
    if number is None:
        return found
    place = {"municipality_id": found.municipality_id}
    await record_change(
        work,
        "contact_confirmation",
        "create",
        created({"academic_year": year.start, "contacts": found.contacts}),
        entity_id=number,
        school_id=school_id,
        **place,
    )
    marked = await repository.mark_contacts(work, school_id, confirmed_on=today)
    changes = [
        Change(
            changes={"confirmed_on": [row.confirmed_on, today]},
            entity_id=row.id,
            school_id=school_id,
        )
        for row in marked
    ]
    await record_changes(work, "school_contact", "update", changes, **place)
    await follow_records(
        work,
        DeadlineKind.CONTACT_CONFIRMATION,
        sources=[year.start],
        school_id=school_id,
        **place,
    )
    after = await repository.find_confirmation(work, school_id, year.start)
    if after is None:
        raise _unknown_school(school_id)
    return after


async def set_due_date(
    work: Work, municipality_id: int, year: AcademicYear, due_on: date | None
) -> date | None:
    """Set the day for all schools, or take it back; return it as a working day.

    Raises:
        NotFoundError: the municipality is unknown or not the caller's.
        InvalidInputError: the day has passed, or is of another academic year.
    """
    if not await sees_municipality(work, municipality_id):
        raise _unknown_municipality(municipality_id)
    today = await today_of(work, municipality_id)
    days = (await read_calendar(work, municipality_id)).work
    working = None if due_on is None else days.last_working_day_on_or_before(due_on)
    if working is not None and (working < today or AcademicYear.of(working) != year):
        raise _not_then(working, year)
    before = await replace_due_date(
        work,
        ContactConfirmationDateRow,
        municipality_id,
        year.start,
        due_on,
        today=today,
    )
    if before == due_on:
        return working
    await record_change(
        work,
        "contact_confirmation_date",
        "set",
        {"academic_year": [year.start] * 2, "due_on": [before, due_on]},
        municipality_id=municipality_id,
    )
    await follow_records(
        work,
        DeadlineKind.CONTACT_CONFIRMATION,
        municipality_id=municipality_id,
        sources=[year.start],
    )
    return working


def _not_this_year(year: AcademicYear, present: AcademicYear) -> NotThisYearError:
    return NotThisYearError(
        Text(
            f"Сейчас {present.label} учебный год, а не {year.label}: подтвердите "
            "контакты текущего.",
            f"The school year is {present.label}, not {year.label}: confirm the "
            "contacts of the present one.",
        )
    )


def _no_contacts() -> NoContactsError:
    return NoContactsError(
        Text(
            "Подтверждать нечего: внесите контакты, POST /v1/school-contacts.",
            "There is nothing to confirm: add contacts, POST /v1/school-contacts.",
        )
    )


def _not_then(day: date, year: AcademicYear) -> InvalidInputError:
    reason = Text(
        f"Срок {day:%d.%m.%Y} прошёл или не в {year.label} учебном году.",
        f"The day {day} has passed, or is not of the school year {year.label}.",
    )
    fault = Fault(reason=reason, column="body.due_on", value=str(day))
    return InvalidInputError(reason, faults=[fault])


def _unknown_school(school_id: int) -> NotFoundError:
    return NotFoundError(
        Text(
            f"Школы {school_id} нет или она вам недоступна.",
            f"There is no school {school_id}, or it is not accessible to you.",
        )
    )


def _unknown_municipality(municipality_id: int) -> NotFoundError:
    return NotFoundError(
        Text(
            f"Муниципалитета {municipality_id} нет или он вам недоступен.",
            f"There is no municipality {municipality_id}, or it is not accessible to "
            "you.",
        )
    )
