"""Keeping teachers: under their consent, and not a day longer."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from services.api.http.auth import Actor
from services.api.http.preconditions import Expected
from services.api.teachers import repository
from services.api.teachers.records import StoredTeacher
from services.api.teachers.repository import ENTITY
from services.api.teachers.schemas import TeacherIn, TeacherPut
from shared.domain.errors import Fault, NotFoundError, Text
from shared.domain.teacher_consent import (
    InvalidTeacherError,
    TeacherErasedError,
    check_consent,
    withdraw,
)
from shared.persistence.audit import (
    Change,
    Changes,
    created,
    difference,
    record_changes,
)
from shared.persistence.work import Work


class TeacherNotFoundError(NotFoundError):
    """There is no such teacher, or the caller may not know of it."""

    code = "teacher_not_found"
    title = Text("Учитель не найден", "Teacher not found")


async def create_teacher(
    work: Work, actor: Actor, body: TeacherIn, *, reason: str | None
) -> StoredTeacher:
    """Keep a teacher.

    Raises:
        NotFoundError: the school is unknown or not the caller's.
        ConsentRequiredError, InvalidTeacherError: see `check_consent`; or a subject is
            unknown.
    """
    # A school sees its partners by agreement, too, but keeps its own teachers only.
    own = actor.school_id in (None, body.school_id)
    place = await repository.find_municipality(work, body.school_id) if own else None
    if place is None:
        raise _unknown_school(body.school_id)
    await _require_valid(work, body)
    values = {**body.values(), "municipality_id": place, "school_id": body.school_id}
    number = await repository.insert_teacher(work, values)
    teacher = await require_teacher(work, number)
    changes = created(teacher.traceable())
    await _trace(work, [teacher], "create", changes, reason=reason)
    return teacher


async def replace_teacher(
    work: Work,
    teacher_id: int,
    body: TeacherPut,
    expected: Expected,
    *,
    reason: str | None,
) -> StoredTeacher:
    """Put other values into a teacher, as the next version.

    Raises:
        TeacherNotFoundError: the caller sees no such teacher.
        TeacherErasedError: the person was erased.
        ConsentRequiredError, InvalidTeacherError: as `create_teacher` says.
    """
    before = await _lock(work, teacher_id)
    expected.check(before.version)
    await _require_valid(work, body)
    values = body.values()
    return await _change(work, before, "update", values, reason=reason)


async def withdraw_consent(
    work: Work, teacher_id: int, withdrawn_on: date
) -> StoredTeacher:
    """Forget the name of a teacher who does not agree any more.

    Raises:
        TeacherNotFoundError: the caller sees no such teacher.
        TeacherErasedError: the person was erased.
        ConsentNotGivenError, InvalidTeacherError: see `withdraw`.
    """
    before = await _lock(work, teacher_id)
    withdraw(before.consent, withdrawn_on, today=work.now.date())
    values = {"name": None, "consent_withdrawn_on": withdrawn_on}
    return await _change(work, before, "withdraw_consent", values, reason=None)


async def erase_teacher(work: Work, teacher_id: int, reason: str) -> StoredTeacher:
    """Leave nothing of a person but a number in the counts of school and subject.

    Raises:
        TeacherNotFoundError: the caller sees no such teacher.
        TeacherErasedError: the person was erased already.
    """
    before = await _lock(work, teacher_id)
    values = {
        "name": None,
        "consent_given_on": None,
        "consent_form": None,
        "consent_withdrawn_on": None,
        "erased_on": work.now.date(),
    }
    return await _change(work, before, "erase", values, reason=reason)


async def trace_reading(work: Work, teachers: Iterable[StoredTeacher]) -> None:
    """Keep that names were read: an entry for each person who has one."""
    named = sorted(
        (teacher for teacher in teachers if teacher.name is not None),
        key=attrgetter("municipality_id", "id"),
    )
    for _, of_place in groupby(named, attrgetter("municipality_id")):
        await _trace(work, list(of_place), "read", {}, reason=None)


async def trace_export(work: Work, teacher: StoredTeacher, purpose: str) -> None:
    """Keep that all of a person was exported, and what for."""
    await _trace(work, [teacher], "export", {}, reason=purpose)


async def require_teacher(work: Work, teacher_id: int) -> StoredTeacher:
    """Return a teacher that the caller sees.

    Raises:
        TeacherNotFoundError: there is none.
    """
    return _found(await repository.read_teacher(work, teacher_id), teacher_id)


async def _lock(work: Work, teacher_id: int) -> StoredTeacher:
    found = await repository.lock_teacher(work, teacher_id)
    teacher = _found(found, teacher_id)
    if teacher.erased_on is not None:
        raise TeacherErasedError(
            Text(
                f"Сведения об учителе {teacher_id} удалены {teacher.erased_on}; "
                "изменить их нельзя. Внесите учителя заново: POST /v1/teachers.",
                f"The person of teacher {teacher_id} was erased on "
                f"{teacher.erased_on} and can not be changed. Enter a new one: "
                "POST /v1/teachers.",
            )
        )
    return teacher


async def _change(
    work: Work,
    before: StoredTeacher,
    action: str,
    values: dict[str, Any],
    *,
    reason: str | None,
) -> StoredTeacher:
    await repository.update_teacher(work, before.id, **values)
    after = await require_teacher(work, before.id)
    changes = {**difference(before.traceable(), after.traceable())}
    if before.name != after.name and "name" not in changes:
        changes["name"] = ["given", "changed"]
    await _trace(work, [after], action, changes, reason=reason)
    return after


async def _trace(
    work: Work,
    teachers: Sequence[StoredTeacher],
    action: str,
    changes: Changes,
    *,
    reason: str | None,
) -> None:
    """Write an entry for each of several teachers of one municipality."""
    entries = [
        Change(changes=changes, entity_id=each.id, school_id=each.school_id)
        for each in teachers
    ]
    owner = teachers[0].municipality_id
    await record_changes(
        work, ENTITY, action, entries, municipality_id=owner, reason=reason
    )


async def _require_valid(work: Work, body: TeacherPut) -> None:
    consent = None if body.consent is None else body.consent.consent()
    check_consent(body.name, consent, today=work.now.date())
    unknown = await _unknown_subjects(work, body.subjects)
    if unknown:
        raise InvalidTeacherError(unknown[0].reason, faults=unknown)


async def _unknown_subjects(work: Work, codes: Collection[str]) -> list[Fault]:
    unknown = await repository.find_unknown_subjects(work, codes)
    return [
        Fault(
            reason=Text(
                f"Предмета «{code}» нет. Предметы: GET /v1/subjects.",
                f"There is no subject “{code}”. Subjects: GET /v1/subjects.",
            ),
            column="subjects",
            value=code,
        )
        for code in sorted(unknown)
    ]


def _found(teacher: StoredTeacher | None, teacher_id: int) -> StoredTeacher:
    if teacher is None:
        raise TeacherNotFoundError(
            Text(
                f"Учителя {teacher_id} нет или он вам недоступен.",
                f"There is no teacher {teacher_id}, or it is not accessible to you.",
            )
        )
    return teacher


def _unknown_school(school_id: int) -> NotFoundError:
    reason = Text(
        f"Школы {school_id} нет или она вам недоступна.",
        f"There is no school {school_id}, or it is not accessible to you.",
    )
    fault = Fault(reason=reason, column="school_id", value=str(school_id))
    return NotFoundError(reason, faults=[fault])
