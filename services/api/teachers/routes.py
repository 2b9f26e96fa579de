"""Teachers: personal data, kept under consent."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.api.http.auth import Actor, require
from services.api.http.conditional import version_tag
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_of
from services.api.http.preconditions import OptionalIfMatch, PreconditionFailedError
from services.api.http.problems import problems
from services.api.http.reasons import Reason
from services.api.http.work import RequestWork
from services.api.teachers import repository, usecases
from services.api.teachers.records import StoredTeacher, TeacherFilter
from services.api.teachers.schemas import (
    CODE_PATTERN,
    ErasureIn,
    Purpose,
    TeacherEntryOut,
    TeacherExportOut,
    TeacherIn,
    TeacherOut,
    TeacherPut,
    TeacherWrittenOut,
    WithdrawalIn,
)
from services.api.teachers.usecases import TeacherNotFoundError
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.permissions import Permission
from shared.domain.teacher_consent import (
    ConsentNotGivenError,
    ConsentRequiredError,
    InvalidTeacherError,
    TeacherErasedError,
)

router = APIRouter(
    prefix="/v1/teachers", tags=["teachers"], route_class=IdempotentRoute
)

# Whoever reads the staff of a school sees its teachers without their names.
Reader = Annotated[Actor, Depends(require(Permission.CONDITIONS_READ))]
NameReader = Annotated[Actor, Depends(require(Permission.TEACHERS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.TEACHERS_WRITE))]
DENIALS = (ForbiddenError, UnauthenticatedError)
BROKEN_RULES = (ConsentRequiredError, InvalidTeacherError)
NO_NAMES = "Answers to writes do not repeat the name; a reason never names the person."


@router.get(
    "",
    operation_id="list_teachers",
    summary="Teachers; names for whoever may read them",
    description="Reading names is kept in the audit, an entry for each person.",
    responses=problems(*DENIALS),
)
async def list_teachers(
    *,
    work: RequestWork,
    actor: Reader,
    municipality_id: RowId | None = None,
    school_id: RowId | None = None,
    subject: Annotated[str | None, Query(pattern=CODE_PATTERN)] = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[TeacherOut]:
    wanted = TeacherFilter(
        municipality_id=municipality_id, school_id=school_id, subject=subject
    )
    rows = await repository.list_teachers(work, wanted, after=after, limit=limit)
    page, next_after = page_of(rows, limit)
    with_name = actor.may(Permission.TEACHERS_READ)
    if with_name:
        await usecases.trace_reading(work, page)
    items = [TeacherOut.shown(teacher, with_name=with_name) for teacher in page]
    return PageOut(items=items, next_after=next_after)


@router.post(
    "",
    operation_id="create_teacher",
    summary="Keep a teacher, with the name only under consent",
    description=NO_NAMES,
    status_code=201,
    responses=problems(*BROKEN_RULES, NotFoundError, *DENIALS),
)
async def create_teacher(
    *,
    work: RequestWork,
    response: Response,
    actor: Writer,
    body: TeacherIn,
    _once: Once,
    reason: Reason = None,
) -> TeacherWrittenOut:
    teacher = await usecases.create_teacher(work, actor, body, reason=reason)
    response.headers["Location"] = f"{router.prefix}/{teacher.id}"
    return _written(teacher, response)


@router.get(
    "/{teacher_id}",
    operation_id="read_teacher",
    summary="One teacher; the name for whoever may read it",
    responses=problems(TeacherNotFoundError, *DENIALS),
)
async def read_teacher(
    work: RequestWork, response: Response, actor: Reader, teacher_id: RowId
) -> TeacherOut:
    teacher = await usecases.require_teacher(work, teacher_id)
    with_name = actor.may(Permission.TEACHERS_READ)
    if with_name:
        await usecases.trace_reading(work, [teacher])
    response.headers["ETag"] = version_tag(teacher.version)
    return TeacherOut.shown(teacher, with_name=with_name)


@router.put(
    "/{teacher_id}",
    operation_id="replace_teacher",
    summary="Change what is kept of a teacher",
    description=NO_NAMES,
    responses=problems(
        *BROKEN_RULES,
        TeacherErasedError,
        TeacherNotFoundError,
        PreconditionFailedError,
        *DENIALS,
    ),
)
async def replace_teacher(
    *,
    work: RequestWork,
    response: Response,
    _actor: Writer,
    teacher_id: RowId,
    body: TeacherPut,
    expected: OptionalIfMatch,
    reason: Reason = None,
) -> TeacherWrittenOut:
    teacher = await usecases.replace_teacher(
        work, teacher_id, body, expected, reason=reason
    )
    return _written(teacher, response)


@router.post(
    "/{teacher_id}/withdraw-consent",
    operation_id="withdraw_teacher_consent",
    summary="Note that a teacher withdrew the consent, and forget the name",
    responses=problems(
        ConsentNotGivenError,
        InvalidTeacherError,
        TeacherErasedError,
        TeacherNotFoundError,
        *DENIALS,
    ),
)
async def withdraw_teacher_consent(
    *,
    work: RequestWork,
    response: Response,
    _actor: Writer,
    teacher_id: RowId,
    body: WithdrawalIn,
    _once: Once,
) -> TeacherWrittenOut:
    teacher = await usecases.withdraw_consent(work, teacher_id, body.withdrawn_on)
    return _written(teacher, response)


@router.post(
    "/{teacher_id}/erase",
    operation_id="erase_teacher",
    summary="Erase a person; a number stays, so that counts do",
    description="It cannot be taken back. The record of changes never had the name.",
    responses=problems(TeacherErasedError, TeacherNotFoundError, *DENIALS),
)
async def erase_teacher(
    *,
    work: RequestWork,
    response: Response,
    _actor: Writer,
    teacher_id: RowId,
    body: ErasureIn,
    _once: Once,
) -> TeacherWrittenOut:
    teacher = await usecases.erase_teacher(work, teacher_id, body.reason)
    return _written(teacher, response)


@router.get(
    "/{teacher_id}/export",
    operation_id="export_teacher",
    summary="All that the system holds on one person",
    description="For the person; the purpose is kept in the audit.",
    responses=problems(TeacherNotFoundError, *DENIALS),
)
async def export_teacher(
    *,
    work: RequestWork,
    response: Response,
    _actor: NameReader,
    teacher_id: RowId,
    purpose: Annotated[
        Purpose,
        Query(description="What the export is for", examples=["Запрос учителя"]),
    ],
) -> TeacherExportOut:
    teacher = await usecases.require_teacher(work, teacher_id)
    await usecases.trace_export(work, teacher, purpose)
    entries = await repository.list_entries(work, teacher)
    response.headers["Content-Disposition"] = (
        f'attachment; filename="teacher-{teacher_id}.json"'
    )
    return TeacherExportOut(
        exported_at=work.now,
        purpose=purpose,
        teacher=TeacherOut.shown(teacher, with_name=True),
        school_name=await repository.find_school_name(work, teacher.school_id),
        entries=[TeacherEntryOut.model_validate(entry) for entry in entries],
    )


def _written(teacher: StoredTeacher, response: Response) -> TeacherWrittenOut:
    response.headers["ETag"] = version_tag(teacher.version)
    return TeacherWrittenOut.of(teacher)
