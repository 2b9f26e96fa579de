"""Taking back a reorganisation that was a mistake, while nothing depends on it."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from services.api.reorganisations import undo_repository as repository
from services.api.scheduling.closing import follow_lives
from shared.contracts.events import EventKind
from shared.domain.errors import ConflictError, Fault, NotFoundError, Text
from shared.persistence.audit import Change, record_changes
from shared.persistence.outbox import record
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work


class ReorganisationUndoneError(ConflictError):
    """The reorganisation was taken back already."""

    code = "reorganisation_undone"
    title = Text("Реорганизация уже отменена", "The reorganisation is undone already")


class ReorganisationInUseError(ConflictError):
    """Something depends on the reorganisation; `faults` says what."""

    code = "reorganisation_in_use"
    title = Text("От реорганизации зависят записи", "The reorganisation is in use")


async def undo(work: Work, number: int, *, reason: str) -> None:
    """Open the predecessors again with their codes, and part them from the successors.

    A school that the order opened keeps its row, has existed on no day, and its code
    can be another's.

    Raises:
        NotFoundError: the caller sees no such reorganisation.
        ReorganisationUndoneError: it is undone.
        ReorganisationInUseError: something later depends on it.
    """
    row = await repository.lock_reorganisation(work, number)
    if row is None:
        reason_why = Text(
            f"Реорганизации {number} нет.", f"There is no reorganisation {number}."
        )
        raise NotFoundError(reason_why)
    if row.undone_at is not None:
        raise _undone(row)
    schools = await repository.lock_schools(
        work, {*row.predecessor_ids, *row.successor_ids}
    )
    faults = [fault async for fault in _dependants(work, row, schools)]
    if faults:
        raise _in_use(faults)
    if not await repository.reopen_schools(work, row):
        raise _in_use([_taken_code()])
    for school_id in row.opened_ids:
        await repository.unmake_school(work, schools[school_id])
    await repository.mark_undone(work, row, reason=reason)
    await _tell(work, row, reason)
    await follow_lives(work, row.municipality_id, reason=reason)


async def _dependants(work: Work, row: AnyRow, schools: dict[int, AnyRow]) -> Any:
    """Yield what was done since that undoing would leave without ground."""
    for school_id in row.predecessor_ids:
        school = schools[school_id]
        if school.closed_on != row.takes_effect_on:
            yield _fault(
                "predecessor_ids",
                school_id,
                f"Дата закрытия школы «{school.name}» с тех пор изменена.",
                f"The closing day of '{school.name}' was changed since.",
            )
    for later in await repository.list_later(work, row):
        yield _fault(
            "reorganisation",
            later.id,
            f"С этими школами есть более поздняя реорганизация {later.id} от "
            f"{later.order_on}: сначала отмените её.",
            f"A later reorganisation {later.id} of {later.order_on} is of these "
            "schools: undo it first.",
        )
    for table, count in await repository.count_rows(work, row.opened_ids):
        yield _fault(
            "new_schools",
            table,
            f"У открытой приказом школы уже есть записи: {table}, {count}.",
            f"A school that the order opened has rows by now: {table}, {count}.",
        )


def _fault(column: str, value: object, ru: str, en: str) -> Fault:
    return Fault(reason=Text(ru, en), column=column, value=str(value))


def _taken_code() -> Fault:
    return _fault(
        "predecessor_ids",
        "code",
        "Код закрытой школы с тех пор записан у другой: сначала удалите его там.",
        "A code of a school that was closed is another's since: remove it there first.",
    )


def _in_use(faults: list[Fault]) -> ReorganisationInUseError:
    told = "; ".join(fault.reason.ru for fault in faults)
    told_en = " ".join(fault.reason.en for fault in faults)
    return ReorganisationInUseError(
        Text(f"Ничего не отменено. {told}", f"Nothing was undone. {told_en}"),
        faults=faults,
    )


def _undone(row: AnyRow) -> ReorganisationUndoneError:
    when = row.undone_at.isoformat(timespec="seconds")
    return ReorganisationUndoneError(
        Text(
            f"Реорганизация {row.id} отменена {when}.",
            f"The reorganisation {row.id} was undone at {when}.",
        )
    )


async def _tell(work: Work, row: AnyRow, reason: str) -> None:
    await record_changes(
        work,
        "school",
        "reopen",
        list(_changes(row.predecessor_ids, "closed_on", row.takes_effect_on, None)),
        municipality_id=row.municipality_id,
        reason=reason,
    )
    day = row.takes_effect_on
    await record_changes(
        work,
        "school",
        "unmake",
        list(_changes(row.opened_ids, "closed_on", None, day)),
        municipality_id=row.municipality_id,
        reason=reason,
    )
    told = {
        "predecessor_ids": [row.predecessor_ids, None],
        "successor_ids": [row.successor_ids, None],
    }
    await record_changes(
        work,
        "reorganisation",
        "undo",
        [Change(changes=told, entity_id=row.id)],
        municipality_id=row.municipality_id,
        reason=reason,
    )
    await record(work, EventKind.SCHOOLS_CHANGED, municipality_id=row.municipality_id)


def _changes(
    school_ids: Collection[int], name: str, before: date | None, after: date | None
) -> Iterator[Change]:
    for number in school_ids:
        changes = {name: [before, after]}
        yield Change(changes=changes, entity_id=number, school_id=number)
