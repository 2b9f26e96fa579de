"""Taking steps with school programmes."""

from datetime import date
from typing import Any

from services.api.http.auth import Actor
from services.api.http.preconditions import Expected
from services.api.scheduling.following import follow_records
from services.api.scheduling.returns import tell_of_returned_record
from services.api.school_programmes import repository
from shared.contracts.events import EventKind
from shared.domain.deadline_titles import HAND_IN, title_of
from shared.domain.deadlines import DeadlineKind
from shared.domain.errors import Fault, InvalidInputError, NotFoundError, Text
from shared.domain.record_rules import Facts, not_in_the_future, without_initials
from shared.domain.school_programme_content import require_complete
from shared.domain.school_programmes import (
    SchoolProgrammeStatus,
    SchoolProgrammeStep,
    require_in_progress,
    require_started,
    take_step,
)
from shared.persistence.audit import created, difference, record_change
from shared.persistence.outbox import record
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

ENTITY = "school_programme"
EXPERTISE_RULES = (
    not_in_the_future("reviewed_on"),
    without_initials("expert_position"),
)


async def submit(
    work: Work, actor: Actor, number: int, expected: Expected, comment: str | None
) -> AnyRow:
    """Hand a school's programme in for expertise.

    Raises:
        NotFoundError: the caller sees no such programme, or it is another school's.
        SchoolProgrammeWrongStateError: it has been handed in already.
        SchoolProgrammeIncompleteError: experts could only send it back.
    """
    row, today = await _lock(work, actor, number, expected)
    status = take_step(SchoolProgrammeStatus(row.status), SchoolProgrammeStep.SUBMIT)
    require_complete(await repository.read_content(work, row))
    changes = {"status": status, "submitted_on": today}
    return await _write(work, row, SchoolProgrammeStep.SUBMIT, changes, comment)


async def review(
    work: Work, actor: Actor, number: int, expected: Expected, comment: str | None
) -> AnyRow:
    """Begin the expertise of a programme that was handed in."""
    step = SchoolProgrammeStep.REVIEW
    row, _ = await _lock(work, actor, number, expected)
    status = take_step(SchoolProgrammeStatus(row.status), step)
    return await _write(work, row, step, {"status": status}, comment)


async def decide(
    work: Work,
    actor: Actor,
    number: int,
    expected: Expected,
    *,
    step: SchoolProgrammeStep,
    expertise: dict[str, Any],
    submit_by: date | None = None,
) -> AnyRow:
    """Return a programme to its school, or approve it, as the experts found.

    What is returned is to be handed in again by `submit_by`, if that is given.

    Raises:
        InvalidInputError: the expertise is of the future, or names a person; or the
            day to hand it in by has passed.
    """
    row, today = await _lock(work, actor, number, expected)
    status = take_step(SchoolProgrammeStatus(row.status), step)
    facts = Facts(today=today)
    faults = [each for rule in EXPERTISE_RULES for each in rule(expertise, facts)]
    if submit_by is not None and submit_by < today:
        faults.append(_passed(submit_by))
    if faults:
        raise InvalidInputError(faults[0].reason, faults=faults)
    verdict = "approve" if step is SchoolProgrammeStep.APPROVE else "return"
    await _keep_review(work, row, expertise | {"verdict": verdict})
    changes: dict[str, Any] = {"status": status}
    if step is SchoolProgrammeStep.APPROVE:
        changes["approved_on"] = expertise["reviewed_on"]
    if submit_by is not None:
        changes["submit_by"] = submit_by
    remarks = "; ".join(expertise["remarks"])
    after = await _write(work, row, step, changes, remarks)
    if step is SchoolProgrammeStep.RETURN:
        kind, title = DeadlineKind.SCHOOL_PROGRAMME, title_of(HAND_IN, row.title)
        await tell_of_returned_record(
            work, kind, row.id, owner=row, title=title, comment=remarks
        )
    return after


async def start(
    work: Work, actor: Actor, number: int, expected: Expected, comment: str | None
) -> AnyRow:
    """Begin to carry a programme out.

    Raises:
        InvalidInputError: its first day is still to come.
    """
    step = SchoolProgrammeStep.START
    row, today = await _lock(work, actor, number, expected)
    status = take_step(SchoolProgrammeStatus(row.status), step)
    require_started(row.starts_on, today)
    changes = {"status": status, "started_on": today}
    return await _write(work, row, step, changes, comment)


async def complete(
    work: Work, actor: Actor, number: int, expected: Expected, result: str
) -> AnyRow:
    """Close a programme that has been carried out, with what came of it."""
    step = SchoolProgrammeStep.COMPLETE
    row, today = await _lock(work, actor, number, expected)
    status = take_step(SchoolProgrammeStatus(row.status), step)
    changes = {"status": status, "completed_on": today, "result": result}
    return await _write(work, row, step, changes, None)


async def complete_measure(
    work: Work, actor: Actor, number: int, done_on: date
) -> AnyRow:
    """Write when a measure of a programme in progress was carried out.

    Raises:
        NotFoundError: the caller sees no such measure, or it is another school's.
        SchoolProgrammeWrongStateError: its programme is not in progress.
        InvalidInputError: the day has not come yet.
    """
    measure = await repository.lock_measure(work, number)
    if measure is None:
        raise _unknown(number)
    row, today = await _lock(work, actor, measure.school_programme_id, Expected(None))
    require_in_progress(SchoolProgrammeStatus(row.status))
    faults = list(
        not_in_the_future("done_on")({"done_on": done_on}, Facts(today=today))
    )
    if faults:
        raise InvalidInputError(faults[0].reason, faults=faults)
    changes = difference(dict(measure._mapping), {"done_on": done_on})  # noqa: SLF001 (SQLAlchemy's public name)
    if not changes:
        return measure
    after = await repository.write_done(work, number, done_on)
    await record_change(
        work,
        "school_programme_measure",
        "complete",
        changes,
        municipality_id=row.municipality_id,
        entity_id=number,
        school_id=row.school_id,
    )
    return after


async def _lock(
    work: Work, actor: Actor, number: int, expected: Expected
) -> tuple[AnyRow, date]:
    """Return the programme, and what day it is in its municipality."""
    row = await repository.lock_programme(work, number)
    # A school may come to see its partners' programmes, but writes its own.
    if row is None or actor.school_id not in (None, row.school_id):
        raise _unknown(number)
    expected.check(row.version)
    return row, work.today_in(row.time_zone)


async def _keep_review(work: Work, row: AnyRow, values: dict[str, Any]) -> None:
    number = await repository.insert_review(work, row, values)
    await record_change(
        work,
        "school_programme_review",
        "create",
        created(values | {"school_programme_id": row.id}),
        municipality_id=row.municipality_id,
        entity_id=number,
        school_id=row.school_id,
    )


async def _write(
    work: Work,
    row: AnyRow,
    step: SchoolProgrammeStep,
    values: dict[str, Any],
    comment: str | None,
) -> AnyRow:
    await repository.update_programme(work, row.id, **values)
    await follow_records(
        work,
        DeadlineKind.SCHOOL_PROGRAMME,
        municipality_id=row.municipality_id,
        school_id=row.school_id,
        sources=[row.id],
    )
    await record_change(
        work,
        ENTITY,
        step,
        difference(dict(row._mapping), values),  # noqa: SLF001 (SQLAlchemy's public name)
        municipality_id=row.municipality_id,
        entity_id=row.id,
        school_id=row.school_id,
        reason=comment or None,
    )
    await record(
        work,
        EventKind.SCHOOL_PROGRAMME_CHANGED,
        municipality_id=row.municipality_id,
        school_id=row.school_id,
        payload={"id": row.id, "step": step, "status": values["status"]},
    )
    after = await repository.read_programme(work, row.id)
    if after is None:
        raise _unknown(row.id)
    return after


def _unknown(number: int) -> NotFoundError:
    reason = Text(
        f"Записи {number} нет или она вам недоступна. Ваши программы: "
        "GET /v1/school-programmes.",
        f"There is no row {number}, or it is not accessible to you. Your programmes: "
        "GET /v1/school-programmes.",
    )
    return NotFoundError(reason, faults=[Fault(reason=reason, value=str(number))])


def _passed(day: date) -> Fault:
    reason = Text(
        f"Срок {day:%d.%m.%Y} уже прошёл: назначьте сегодня или позже.",
        f"The day {day} has passed: set today or a later day.",
    )
    return Fault(reason=reason, column="body.submit_by", value=str(day))
