"""Why schools stand where they stand: scores, the grid, and the weights' say."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from services.api.http.auth import Actor, require
from services.api.http.ids import LARGEST_ID
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.rankings import score_repository
from services.api.rankings.explaining import explain, ranked_score, sensitivity_of
from services.api.rankings.score_records import SchoolScore
from services.api.rankings.score_schemas import (
    ExplanationOut,
    GridOfRunOut,
    SensitivityOut,
)
from services.api.rankings.summing import (
    cells_of,
    school_of,
    sensitivity_totals,
    shifts_of,
)
from shared.contracts.events import Topic
from shared.domain.errors import (
    ForbiddenError,
    NotFoundError,
    Text,
    UnauthenticatedError,
)
from shared.domain.methods.method import Method
from shared.domain.methods.ranking import Ranking
from shared.domain.permissions import Permission
from shared.persistence.runs import RunRecord, find_run
from shared.persistence.work import Work

router = APIRouter(prefix="/v1/rankings", tags=["rankings"])

Reader = Annotated[Actor, Depends(require(Permission.RANKINGS_READ))]
RunId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
SchoolId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
DENIALS = (ForbiddenError, NotFoundError, UnauthenticatedError)


@router.get(
    "/{run_id}/schools/{school_id}",
    operation_id="explain_school_scores",
    summary="Why a school stands where it stands: every score with what it is made of",
    description=(
        "Inputs with their N and what was left out, weights and coverage, how missing "
        "figures are treated, change since the year before, and whose word each "
        "threshold rests on."
    ),
    responses=problems(*DENIALS),
)
async def explain_school_scores(
    work: RequestWork, _actor: Reader, run_id: RunId, school_id: SchoolId
) -> ExplanationOut:
    run, method = await _scored_run(work, run_id)
    scores = await score_repository.list_scores(work, run.id, school_id=school_id)
    ranking = ranked_score(scores, method)
    if ranking is None:
        raise NotFoundError(
            Text(
                f"В расчёте {run_id} нет школы с номером {school_id} (список: "
                f"GET /v1/rankings/{run_id}).",
                f"There is no school {school_id} in the run {run_id} (for a list: "
                f"GET /v1/rankings/{run_id}).",
            )
        )
    return ExplanationOut(
        **ExplanationOut.envelope_of(run),
        school_id=ranking.school_id,
        school_name=ranking.school_name,
        scores=explain(scores, method, run.year),
        status_level=ranking.status_level,
        change_level=ranking.change_level,
        sensitivity=sensitivity_of(scores),
    )


@router.get(
    "/{run_id}/grid",
    operation_id="read_ranking_grid",
    summary="Schools on the grid of status and change",
    description=(
        "Status is the figure that ranks; change is its change for the better over a "
        "year, of the middle level where it is within noise."
    ),
    responses=problems(*DENIALS),
)
async def read_ranking_grid(
    work: RequestWork, _actor: Reader, run_id: RunId
) -> GridOfRunOut:
    run, method = await _scored_run(work, run_id)
    scores = await _ranking_scores(work, run, method.spec.ranked_by)
    return GridOfRunOut(
        **GridOfRunOut.envelope_of(run),
        cells=cells_of(scores),
        outside=[school_of(each) for each in scores if each.status_level is None],
    )


@router.get(
    "/{run_id}/sensitivity",
    operation_id="read_ranking_sensitivity",
    summary="How many schools change their band when weights move by a tenth",
    responses=problems(*DENIALS),
)
async def read_ranking_sensitivity(
    work: RequestWork, _actor: Reader, run_id: RunId
) -> SensitivityOut:
    run, method = await _scored_run(work, run_id)
    scores = await _ranking_scores(work, run, "composite")
    return SensitivityOut(
        **SensitivityOut.envelope_of(run),
        bands="grid" if method.spec.grid else "fifths",
        shifts=shifts_of(scores),
        **sensitivity_totals(scores),
    )


async def _scored_run(work: Work, run_id: int) -> tuple[RunRecord, Method[Ranking]]:
    """Return a run and its method; one without a method has no scores."""
    run = await find_run(work, Topic.RESULTS, run_id)
    method = None if run is None else score_repository.method_of(run)
    if run is None or method is None:
        raise NotFoundError(
            Text(
                f"Расчёта с номером {run_id} нет, или в нём не было методики (список: "
                "GET /v1/ranking-runs).",
                f"There is no run {run_id}, or it had no method (for a list: "
                "GET /v1/ranking-runs).",
            )
        )
    return run, method


async def _ranking_scores(work: Work, run: RunRecord, code: str) -> list[SchoolScore]:
    return await score_repository.list_scores(work, run.id, code=code)
