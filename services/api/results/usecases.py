"""Entering a result by hand, and correcting one."""

from dataclasses import asdict, fields
from typing import Any

from services.api.http.auth import Actor
from services.api.results import repository
from services.api.results.records import SchoolScope, StoredResult
from services.api.results.schemas import FiguresIn, ResultIn, ResultPut
from shared.contracts.events import EventKind
from shared.domain.errors import (
    ConflictError,
    Fault,
    InvalidInputError,
    NotFoundError,
    Text,
)
from shared.domain.periods import AcademicYear
from shared.domain.permissions import Permission
from shared.domain.result_figures import ResultFigures
from shared.domain.result_rules import ResultDraft, validate_result
from shared.domain.school_years import day_faults, life_faults
from shared.persistence.audit import Changes, created, difference, record_change
from shared.persistence.outbox import record
from shared.persistence.school_lives import read_life
from shared.persistence.work import Work
from shared.persistence.year_locks import require_open_year

# What the audit keeps of a result.
IDENTITY = (
    "procedure",
    "subject",
    "academic_year",
    "programme_grade",
    "pupil_grade",
    "wave",
    "written_on",
)
FIGURES = tuple(field.name for field in fields(ResultFigures))


class InvalidResultError(InvalidInputError):
    """The result breaks a rule; `faults` names every field that does, and why."""

    code = "invalid_result"
    title = Text("Результат не принят", "The result was not accepted")


class ResultExistsError(ConflictError):
    """There is a result of this school, assessment, grade and sitting already."""

    code = "result_exists"
    title = Text("Такой результат уже есть", "There is such a result already")


class ResultNotFoundError(NotFoundError):
    """There is no such result, or the caller may not know of it."""

    code = "result_not_found"
    title = Text("Результат не найден", "Result not found")


async def create_result(
    work: Work, actor: Actor, body: ResultIn, *, reason: str | None
) -> StoredResult:
    """Enter a result and tell the scoring service.

    Raises:
        NotFoundError: the school is unknown or not the caller's.
        YearLockedError: the year is closed; see `require_open_year`.
        InvalidResultError: the result breaks a rule of the domain.
        ResultExistsError: its natural key exists.
    """
    scope = await _require_school(work, actor, body.school_id)
    figures = _figures(body)
    await _require_valid(work, body.school_id, _draft(body, figures))
    await require_open_year(
        work,
        school_id=body.school_id,
        municipality_id=scope.municipality_id,
        academic_year=body.academic_year,
        reason=reason,
        may_correct=actor.may(Permission.YEARS_CORRECT),
    )
    values = (
        body.model_dump()
        | figures
        | {
            "municipality_id": scope.municipality_id,
            "synthetic": scope.synthetic,
            "counts_rebuilt": False,
        }
    )
    result = await repository.insert_result(work, values)
    if result is None:
        raise _exists(await repository.find_by_natural_key(work, values))
    changes = created({name: getattr(result, name) for name in (*IDENTITY, *FIGURES)})
    await _tell(work, result, "create", changes, reason=reason)
    return result


async def replace_counts(
    work: Work, actor: Actor, result_id: int, body: ResultPut, *, reason: str | None
) -> StoredResult:
    """Put other figures into a result, as its next version.

    Raises:
        ResultNotFoundError: the caller sees no such result.
        YearLockedError: the year is closed; see `require_open_year`.
        InvalidResultError: the figures break a rule of the domain.
    """
    before = await repository.lock_result(work, result_id)
    if before is None:
        raise unknown_result(result_id)
    figures = _figures(body)
    await _require_valid(work, before.school_id, _draft(before, figures))
    await require_open_year(
        work,
        school_id=before.school_id,
        municipality_id=before.municipality_id,
        academic_year=before.academic_year,
        reason=reason,
        may_correct=actor.may(Permission.YEARS_CORRECT),
    )
    result = await repository.replace_counts(work, result_id, figures)
    changes = difference(_kept(before), _kept(result))
    await _tell(work, result, "update", changes, reason=reason)
    return result


def unknown_result(result_id: int) -> ResultNotFoundError:
    """Say that there is no such result, for whatever reason."""
    return ResultNotFoundError(
        Text(
            f"Результата {result_id} нет или он вам недоступен.",
            f"There is no result {result_id}, or it is not accessible to you.",
        )
    )


async def _require_school(work: Work, actor: Actor, school_id: int) -> SchoolScope:
    # A school sees its partners by agreement, too, but enters its own results only.
    own = actor.school_id in (None, school_id)
    scope = await repository.find_school_scope(work, school_id) if own else None
    if scope is None:
        reason = Text(
            f"Школы {school_id} нет или она вам недоступна. Ваши школы: "
            "GET /v1/schools.",
            f"There is no school {school_id}, or it is not accessible to you. Your "
            "schools: GET /v1/schools.",
        )
        fault = Fault(reason=reason, column="school_id", value=str(school_id))
        raise NotFoundError(reason, faults=[fault])
    return scope


def _figures(body: FiguresIn) -> dict[str, Any]:
    if body.counted is None:
        reason = Text(
            "Укажите число участников или число учеников с каждой из отметок.",
            "Give the number of participants, or of pupils with each of the marks.",
        )
        raise InvalidResultError(reason, faults=[Fault(reason=reason, column="n")])
    stated = body.model_dump(include={*FIGURES}) | {"n": body.counted}
    scores = stated["score_counts"]
    by_score = scores and {int(score): pupils for score, pupils in scores.items()}
    return asdict(ResultFigures(**stated | {"score_counts": by_score}))


def _draft(subject_of: ResultIn | StoredResult, figures: dict[str, Any]) -> ResultDraft:
    return ResultDraft(
        procedure=subject_of.procedure,
        subject=subject_of.subject,
        academic_year=AcademicYear(subject_of.academic_year),
        programme_grade=subject_of.programme_grade,
        pupil_grade=subject_of.pupil_grade,
        written_on=subject_of.written_on,
        **figures,
    )


async def _require_valid(work: Work, school_id: int, draft: ResultDraft) -> None:
    faults = validate_result(
        draft,
        procedures=await repository.read_procedures(work),
        subjects=await repository.read_subject_codes(work),
        today=work.now.date(),
    )
    life = await read_life(work, school_id)
    if life is not None:
        faults += life_faults(life, int(draft.academic_year), "academic_year")
        faults += day_faults(life, draft.written_on, "written_on")
    if faults:
        raise InvalidResultError(faults[0].reason, faults=faults)


def _exists(result_id: int | None) -> ResultExistsError:
    return ResultExistsError(
        Text(
            "Результат этой школы по этой процедуре, предмету, классам, году, дате и "
            f"волне уже есть: {result_id}. Исправьте его: PUT /v1/results/{result_id}.",
            "There is a result of this school for this procedure, subject, grades, "
            f"year, date and wave already: {result_id}. Correct it: "
            f"PUT /v1/results/{result_id}.",
        )
    )


def _kept(result: StoredResult) -> dict[str, Any]:
    return {name: getattr(result, name) for name in FIGURES}


async def _tell(
    work: Work,
    result: StoredResult,
    action: str,
    changes: Changes,
    *,
    reason: str | None,
) -> None:
    await record_change(
        work,
        repository.RESULT,
        action,
        changes,
        municipality_id=result.municipality_id,
        entity_id=result.id,
        school_id=result.school_id,
        reason=reason,
    )
    await record(
        work,
        EventKind.RESULTS_CHANGED,
        municipality_id=result.municipality_id,
        school_id=result.school_id,
        academic_year=result.academic_year,
        payload={"result_id": result.id, "version": result.version, "reason": reason},
    )
