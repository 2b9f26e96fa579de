"""Schools with low results (ШНОР): statuses by each rule, and their explanation."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.api.http.absences import absent_of
from services.api.http.auth import Actor, require
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, page_of
from services.api.http.problems import problems
from services.api.http.runs import (
    AcademicYearFilter,
    ComputedOut,
    IdFilter,
    MunicipalityFilter,
    NotComputedYetError,
    chosen_municipality,
    current_run,
    required_run,
)
from services.api.http.work import RequestWork
from services.api.identification import name_repository, repository, usecases
from services.api.identification.decision_schemas import Status
from services.api.identification.explaining import explanation_of
from services.api.identification.records import Wanted
from services.api.identification.schemas import (
    ExplanationOut,
    IdentificationOut,
    IdentificationsOut,
    RuleOut,
)
from shared.contracts.events import Topic
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.persistence.runs import find_run

router = APIRouter(prefix="/v1", tags=["identification"])

Reader = Annotated[Actor, Depends(require(Permission.IDENTIFICATION_READ))]
DENIALS = (ForbiddenError, UnauthenticatedError)


@router.get(
    "/identifications",
    operation_id="list_identifications",
    summary="Which schools have low results by each rule in force",
    description=(
        "Computed statuses of the current run, beside the received list and what was "
        "decided. Too few participants is `not_assessable`, never a no. A school sees "
        "its own."
    ),
    responses=problems(NotComputedYetError, InvalidInputError, NotFoundError, *DENIALS),
)
async def list_identifications(
    *,
    work: RequestWork,
    actor: Reader,
    municipality_id: MunicipalityFilter = None,
    academic_year: AcademicYearFilter = None,
    rule: Annotated[str | None, Query(max_length=100)] = None,
    computed_status: Annotated[Status | None, Query(alias="status")] = None,
    school_id: IdFilter = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> IdentificationsOut:
    chosen = await chosen_municipality(work, actor, municipality_id)
    run = await current_run(work, Topic.IDENTIFICATION, chosen, academic_year)
    wanted = Wanted(rule_code=rule, status=computed_status, school_id=school_id)
    found = await repository.list_found(work, run.id, wanted, after=after, limit=limit)
    page, next_after = page_of(found, limit)
    return IdentificationsOut(
        **ComputedOut.envelope_of(run),
        academic_year=run.year,
        rules=[RuleOut.of(row) for row in await repository.list_rules(work, run.id)],
        absent=await absent_of(
            work, Topic.IDENTIFICATION, run, seen_by=actor.school_id
        ),
        items=[IdentificationOut.model_validate(each) for each in page],
        next_after=next_after,
    )


@router.get(
    "/identifications/{identification_id}",
    operation_id="explain_identification",
    summary="Why a school has its status, result by result, and what would flip it",
    responses=problems(NotFoundError, *DENIALS),
)
async def explain_identification(
    work: RequestWork, _actor: Reader, identification_id: RowId
) -> ExplanationOut:
    found = await usecases.require_found(work, identification_id)
    run = required_run(await find_run(work, Topic.IDENTIFICATION, found.run_id))
    rules = await repository.list_rules(work, run.id)
    return explanation_of(
        found,
        run,
        rule=next(row for row in rules if row.code == found.rule_code),
        evidence=await repository.list_evidence(work, found),
        names=await name_repository.read_names(work),
    )
