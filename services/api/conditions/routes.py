"""Conditions of schools: the model, the schools, one of them explained, its peers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.api.conditions import repository
from services.api.conditions.answers import (
    comparisons,
    conditions_of,
    explained,
    peer_of,
)
from services.api.conditions.model_schemas import ConditionsMethodOut, ConditionsOut
from services.api.conditions.repository import SchoolFilter
from services.api.conditions.schemas import (
    Difficulty,
    ExplainedSchoolOut,
    IndexComparisonsOut,
    PeersOut,
    Resilience,
    SchoolConditionsOut,
    Status,
)
from services.api.http.absences import absent_of
from services.api.http.auth import Actor, require
from services.api.http.ids import LARGEST_ID, RowId
from services.api.http.pagination import (
    DEFAULT_PAGE,
    After,
    Limit,
    PageOut,
    page_out,
)
from services.api.http.problems import problems
from services.api.http.runs import (
    AcademicYearFilter,
    MunicipalityFilter,
    NotComputedYetError,
    RunOut,
    chosen_municipality,
    current_run,
    page_of_runs,
)
from services.api.http.work import RequestWork
from shared.contracts.events import Topic
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    Text,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.persistence.paging import AnyRow
from shared.persistence.runs import RunRecord, find_run
from shared.persistence.tables.school_conditions import ConditionModelRow
from shared.persistence.work import Work

router = APIRouter(prefix="/v1", tags=["conditions"])

Reader = Annotated[Actor, Depends(require(Permission.CONDITIONS_READ))]
DENIALS = (ForbiddenError, UnauthenticatedError)
CHOICE = (InvalidInputError, NotFoundError)


@router.get(
    "/conditions",
    operation_id="read_current_conditions",
    summary="What schools' conditions are compared by, now",
    description=(
        "The regression with all its figures, or what stands in for it where schools "
        "are few; the clusters; the method with the source of each threshold. Its "
        "schools: GET /v1/conditions/{run_id}/schools."
    ),
    responses=problems(NotComputedYetError, *CHOICE, *DENIALS),
)
async def read_current_conditions(
    work: RequestWork,
    actor: Reader,
    municipality_id: MunicipalityFilter = None,
    academic_year: AcademicYearFilter = None,
) -> ConditionsOut:
    chosen = await chosen_municipality(work, actor, municipality_id)
    run = await current_run(work, Topic.CONDITIONS, chosen, academic_year)
    return await _answer(work, actor, run)


@router.get(
    "/conditions/{run_id}",
    operation_id="read_conditions",
    summary="What schools' conditions were compared by in one run, however old",
    responses=problems(NotFoundError, *DENIALS),
)
async def read_conditions(
    work: RequestWork, actor: Reader, run_id: RowId
) -> ConditionsOut:
    run = await _run(work, run_id)
    return await _answer(work, actor, run)


@router.get(
    "/conditions/{run_id}/schools",
    operation_id="list_school_conditions",
    summary="Schools of a run with index, expected result, status and cluster",
    description="A school's account sees its own only.",
    responses=problems(*CHOICE, *DENIALS),
)
async def list_school_conditions(
    *,
    work: RequestWork,
    _actor: Reader,
    run_id: RowId,
    status: Annotated[Status | None, Query()] = None,
    difficulty: Annotated[Difficulty | None, Query()] = None,
    resilience: Annotated[Resilience | None, Query()] = None,
    cluster: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[SchoolConditionsOut]:
    run = await _run(work, run_id)
    wanted = SchoolFilter(
        status=status, difficulty=difficulty, resilience=resilience, cluster=cluster
    )
    rows = await repository.list_schools(work, run.id, wanted, after=after, limit=limit)
    return page_out(SchoolConditionsOut, rows, limit)


@router.get(
    "/conditions/{run_id}/schools/{school_id}",
    operation_id="explain_school_conditions",
    summary="A school's index share by share, and what its expected result rests on",
    responses=problems(NotFoundError, *DENIALS),
)
async def explain_school_conditions(
    work: RequestWork, _actor: Reader, run_id: RowId, school_id: RowId
) -> ExplainedSchoolOut:
    run = await _run(work, run_id)
    return explained(run, *await _school(work, run, school_id))


@router.get(
    "/conditions/{run_id}/schools/{school_id}/peers",
    operation_id="list_school_peers",
    summary="The schools whose conditions are most like a school's",
    description=(
        "By all shares that the method compares, each standardised. A school's "
        "account is told the names and distances of its peers, not their figures."
    ),
    responses=problems(NotFoundError, *DENIALS),
)
async def list_school_peers(
    work: RequestWork, _actor: Reader, run_id: RowId, school_id: RowId
) -> PeersOut:
    run = await _run(work, run_id)
    model, school = await _school(work, run, school_id)
    ids = [peer["school_id"] for peer in school.peers]
    seen = await repository.read_figures_of(work, run.id, ids)
    return PeersOut(
        run_id=run.id,
        school_id=school_id,
        method=ConditionsMethodOut.of(run),
        peers=[
            peer_of(peer, model.school_names, seen.get(peer["school_id"]))
            for peer in school.peers
        ],
    )


@router.get(
    "/condition-runs",
    operation_id="list_condition_runs",
    summary="Runs of a municipality's conditions, newest first",
    responses=problems(*CHOICE, *DENIALS),
)
async def list_condition_runs(
    *,
    work: RequestWork,
    actor: Reader,
    municipality_id: MunicipalityFilter = None,
    academic_year: AcademicYearFilter = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[RunOut]:
    chosen = await chosen_municipality(work, actor, municipality_id)
    return await page_of_runs(
        work, Topic.CONDITIONS, chosen, year=academic_year, after=after, limit=limit
    )


@router.get(
    "/condition-index-comparisons",
    operation_id="compare_condition_indices",
    summary="The range of the index beside the published ones, year by year",
    responses=problems(*CHOICE, *DENIALS),
)
async def compare_condition_indices(
    work: RequestWork, actor: Reader, municipality_id: MunicipalityFilter = None
) -> IndexComparisonsOut:
    chosen = await chosen_municipality(work, actor, municipality_id)
    computed = await repository.list_computed_ranges(work, chosen)
    published = await repository.list_published_ranges(work, chosen)
    return IndexComparisonsOut(
        municipality_id=chosen, items=comparisons(computed, published)
    )


async def _answer(work: Work, actor: Actor, run: RunRecord) -> ConditionsOut:
    model = await repository.find_model(work, run.id)
    absent = await absent_of(work, Topic.CONDITIONS, run, seen_by=actor.school_id)
    return conditions_of(run, model, absent)


async def _run(work: Work, run_id: int) -> RunRecord:
    run = await find_run(work, Topic.CONDITIONS, run_id)
    if run is None:
        raise NotFoundError(
            Text(
                f"Расчёта условий с номером {run_id} нет (текущий: GET "
                "/v1/conditions).",
                f"There is no run {run_id} of conditions (for the current one: GET "
                "/v1/conditions).",
            )
        )
    return run


async def _school(
    work: Work, run: RunRecord, school_id: int
) -> tuple[ConditionModelRow, AnyRow]:
    model = await repository.find_model(work, run.id)
    school = await repository.find_school(work, run.id, school_id)
    if model is None or school is None:
        raise NotFoundError(
            Text(
                f"Школы с номером {school_id} в расчёте {run.id} нет (список: GET "
                f"/v1/conditions/{run.id}/schools).",
                f"There is no school {school_id} in the run {run.id} (for a list: GET "
                f"/v1/conditions/{run.id}/schools).",
            )
        )
    return model, school
