"""Writing a row of any dataset: by its rules, with its trace, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.api.datasets.dataset import Dataset
from services.api.datasets.recording import Recording
from services.api.http.auth import Actor
from services.api.http.preconditions import Expected
from services.api.records import checking, errors, guarding, repository
from services.api.records.records import Home, Taken
from services.api.scheduling.following import follow_records
from services.api.scheduling.redating import redate_municipality
from shared.contracts.events import EventKind
from shared.domain.permissions import Permission
from shared.persistence.audit import Changes, created, difference, record_change
from shared.persistence.bounces import settle_bounces
from shared.persistence.outbox import record
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work
from shared.persistence.year_locks import require_open_year


@dataclass(frozen=True, slots=True)
class Writing:
    """A dataset that rows are written to, on whose behalf, and why."""

    work: Work
    actor: Actor
    dataset: Dataset
    recording: Recording
    reason: str | None = None


async def create_row(writing: Writing, values: Mapping[str, Any]) -> AnyRow:
    """Write a new row.

    Raises:
        NotFoundError: its school or municipality is unknown or not the caller's.
        YearLockedError: its year is closed; see `require_open_year`.
        InvalidRecordError: it breaks a rule.
        ConflictError: the row that it belongs to is not to be changed any more.
        RecordExistsError: there is one with its key.
    """
    home = await _home_of(writing, values)
    values = await _checked(writing, home, values)
    await _require_open(writing, home, values)
    row = {**values, "municipality_id": home.municipality_id}
    work, recording = writing.work, writing.recording
    await guarding.require_possible(work, recording, values)
    row_id = await repository.insert_row(work, recording, row)
    if row_id is None:
        rival = await repository.find_by_key(work, recording, row)
        raise errors.exists(writing.dataset.code, rival, row)
    await _tell(writing, home, {**row, "id": row_id}, "create", created(row))
    return await _read(writing, row_id)


async def replace_row(
    writing: Writing, row_id: int, values: Mapping[str, Any], expected: Expected
) -> AnyRow:
    """Put other values into a row, as its next version; equal ones change nothing.

    Raises:
        RecordNotFoundError: the caller sees no such row, or it is another school's.
        PreconditionFailedError: it has another version than expected.
        InvalidRecordError: it breaks a rule, or would move to another school.
        ConflictError: it is not to be changed any more.
        RecordExistsError: another row has its key.
        RecordInUseError: other rows refer to what would change.
    """
    before, home = await _lock(writing, row_id, expected)
    faults = [
        errors.moved(name, values[name])
        for name in ("school_id", "municipality_id")
        if name in values and values[name] != before[name]
    ]
    if faults:
        raise errors.invalid(faults)
    values = await _checked(writing, home, values, row_id)
    changes = difference(before, values)
    if changes:
        await guarding.require_changeable(
            writing.work, writing.recording, before, values
        )
        await _require_open(writing, home, before, values)
        await _update(writing, row_id, before, values)
        after = {**values, "id": row_id}
        await _tell(writing, home, after, "update", changes)
    return await _read(writing, row_id)


async def remove_row(writing: Writing, row_id: int, expected: Expected) -> None:
    """Remove a row; its history stays.

    Raises:
        RecordNotFoundError: the caller sees no such row, or it is another school's.
        PreconditionFailedError: it has another version than expected.
        RecordInUseError: others refer to it.
        ConflictError: it is not to be removed any more.
    """
    before, home = await _lock(writing, row_id, expected)
    await guarding.require_changeable(writing.work, writing.recording, before)
    await _require_open(writing, home, before)
    taken = await repository.delete_row(writing.work, writing.recording, row_id)
    if taken is Taken.REFERENCE:
        raise errors.in_use(row_id)
    hidden = {"id", "version"}
    changes = {
        name: [value, None]
        for name, value in before.items()
        if name not in hidden and value is not None
    }
    await _tell(writing, home, before, "remove", changes)


async def _update(
    writing: Writing, row_id: int, before: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    work, recording = writing.work, writing.recording
    match await repository.update_row(work, recording, row_id, values):
        case Taken.KEY:
            row = {**before, **values}
            rival = await repository.find_by_key(work, recording, row)
            raise errors.exists(writing.dataset.code, rival, row)
        case Taken.REFERENCE:
            raise errors.in_use(row_id)
        case None:
            pass


async def _lock(
    writing: Writing, row_id: int, expected: Expected
) -> tuple[dict[str, Any], Home]:
    table = writing.recording.table
    before = await repository.lock_row(writing.work, table, row_id)
    if before is None:
        raise errors.unknown(writing.dataset.code, row_id)
    home = await _find_home(writing, before)
    if home is None:
        raise errors.unknown(writing.dataset.code, row_id)
    expected.check(before["version"])
    return before, home


async def _home_of(writing: Writing, values: Mapping[str, Any]) -> Home:
    home = await _find_home(writing, values)
    if home is None:
        of_school = writing.recording.is_of_school
        column = "school_id" if of_school else "municipality_id"
        raise errors.unknown_place(column, values[column])
    return home


async def _find_home(writing: Writing, values: Mapping[str, Any]) -> Home | None:
    """Return whose the row is, if the caller may write there."""
    own_school = writing.actor.school_id
    if not writing.recording.is_of_school:
        # What is the municipality's, no school writes.
        if own_school is not None:
            return None
        return await repository.find_home(writing.work, values["municipality_id"])
    # A school sees its partners by agreement, too, but writes its own rows only.
    if own_school not in (None, values["school_id"]):
        return None
    return await repository.find_home_of_school(writing.work, values["school_id"])


async def _checked(
    writing: Writing,
    home: Home,
    values: Mapping[str, Any],
    row_id: int | None = None,
) -> Mapping[str, Any]:
    return await checking.checked(
        writing.work, writing.dataset, writing.recording, home, values, row_id=row_id
    )


async def _require_open(writing: Writing, home: Home, *rows: Mapping[str, Any]) -> None:
    """Refuse to touch a closed year: that of a row before, or after the change."""
    years = {writing.dataset.locked_year_of(row) for row in rows}
    for year in sorted(year for year in years if year is not None):
        await require_open_year(
            writing.work,
            school_id=home.school_id,
            municipality_id=home.municipality_id,
            academic_year=year,
            reason=writing.reason,
            may_correct=writing.actor.may(Permission.YEARS_CORRECT),
        )


async def _tell(
    writing: Writing, home: Home, row: Mapping[str, Any], action: str, changes: Changes
) -> None:
    """Leave a trace of the change; `row` has the number and the year of the row."""
    work, code = writing.work, writing.dataset.code
    await record_change(
        work,
        writing.recording.entity,
        action,
        changes,
        municipality_id=home.municipality_id,
        entity_id=row["id"],
        school_id=home.school_id,
        reason=writing.reason,
    )
    await record(
        work,
        EventKind.RECORDS_CHANGED,
        municipality_id=home.municipality_id,
        school_id=home.school_id,
        academic_year=writing.dataset.academic_year_of(row),
        payload={"dataset": code, "id": row["id"], "action": action},
    )
    if writing.recording.owed is not None:
        await follow_records(
            work,
            writing.recording.owed,
            municipality_id=home.municipality_id,
            school_id=home.school_id,
            sources=[row["id"]],
        )
    if writing.recording.address is not None:
        old, new = changes.get(writing.recording.address, (None, None))
        if old and old != new:
            await settle_bounces(work, home.municipality_id, str(old))
    if writing.recording.dates_measures:
        today = work.today_in(home.time_zone)
        await redate_municipality(
            work, home.municipality_id, today=today, reason=writing.reason
        )


async def _read(writing: Writing, row_id: int) -> AnyRow:
    row = await repository.read_row(
        writing.work, writing.dataset, writing.recording, row_id
    )
    if row is None:
        raise errors.unknown(writing.dataset.code, row_id)
    return row
