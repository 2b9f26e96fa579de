"""Rankings of a municipality's schools, the current one and those before."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from services.api.http.absences import absent_of
from services.api.http.auth import Actor, require
from services.api.http.ids import LARGEST_ID
from services.api.http.pagination import (
    DEFAULT_PAGE,
    After,
    Limit,
    PageOut,
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
from services.api.rankings import repository
from services.api.rankings.repository import Scope
from services.api.rankings.runs import ranking_run
from services.api.rankings.schemas import (
    OutsideOut,
    PlaceOut,
    RankingOut,
)
from shared.contracts.events import Topic
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.persistence.runs import RunRecord
from shared.persistence.work import Work

router = APIRouter(prefix="/v1", tags=["rankings"])

Reader = Annotated[Actor, Depends(require(Permission.RANKINGS_READ))]
ScopeFilter = Annotated[
    Scope,
    Query(
        description=(
            "Places among all schools, among those of a kind, or within clusters of "
            "schools in like conditions"
        )
    ),
]
DENIALS = (ForbiddenError, UnauthenticatedError)
CHOICE = (InvalidInputError, NotFoundError)


@router.get(
    "/rankings",
    operation_id="read_current_ranking",
    summary="The current ranking of a municipality's schools",
    description=(
        "Schools whose figures read the same share a place; schools without data or "
        "with too few participants are outside. Each place comes with its interval and "
        "its band of statistical ties. A school sees its own place."
    ),
    responses=problems(NotComputedYetError, *CHOICE, *DENIALS),
)
async def read_current_ranking(
    work: RequestWork,
    actor: Reader,
    municipality_id: MunicipalityFilter = None,
    academic_year: AcademicYearFilter = None,
    scope: ScopeFilter = "overall",
) -> RankingOut:
    chosen = await chosen_municipality(work, actor, municipality_id)
    run = await current_run(work, Topic.RESULTS, chosen, academic_year)
    return await _ranking_of(work, actor, run, scope)


@router.get(
    "/rankings/{run_id}",
    operation_id="read_ranking",
    summary="The ranking of one run, however old",
    responses=problems(NotFoundError, *DENIALS),
)
async def read_ranking(
    work: RequestWork,
    actor: Reader,
    run_id: Annotated[int, Path(ge=1, le=LARGEST_ID)],
    scope: ScopeFilter = "overall",
) -> RankingOut:
    run = await ranking_run(work, run_id)
    return await _ranking_of(work, actor, run, scope)


@router.get(
    "/ranking-runs",
    operation_id="list_ranking_runs",
    summary="Runs of a municipality's ranking, newest first",
    responses=problems(*CHOICE, *DENIALS),
)
async def list_ranking_runs(
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
        work, Topic.RESULTS, chosen, year=academic_year, after=after, limit=limit
    )


async def _ranking_of(
    work: Work, actor: Actor, run: RunRecord, scope: Scope
) -> RankingOut:
    places = await repository.list_places(work, run.id, scope)
    groups = {each.scope_group: each.ranked for each in places}
    return RankingOut(
        **RankingOut.envelope_of(run),
        scope=scope,
        ranked=sum(groups.values()) if places else None,
        places=[PlaceOut.model_validate(each) for each in places if each.place],
        outside=[OutsideOut.model_validate(each) for each in places if each.reason],
        absent=await absent_of(work, Topic.RESULTS, run, seen_by=actor.school_id),
    )
