"""What changed between two runs of a municipality's year, and why."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query

from services.api.http.auth import Actor, require
from services.api.http.ids import LARGEST_ID
from services.api.http.problems import problems
from services.api.http.runs import (
    AcademicYearFilter,
    MunicipalityFilter,
    NotComputedYetError,
    RunOut,
    chosen_municipality,
    current_run,
)
from services.api.http.work import RequestWork
from services.api.rankings import comparison_repository, repository, score_repository
from services.api.rankings.comparing import (
    Side,
    compare_schools,
    totals_of,
)
from services.api.rankings.comparing_methods import compare_methods
from services.api.rankings.comparison_schemas import (
    CausesOut,
    EntryOut,
    InputsChangeOut,
    RunComparisonOut,
)
from services.api.rankings.runs import ranking_run
from shared.contracts.events import Topic
from shared.domain.errors import (
    Fault,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    Text,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.persistence.runs import RunRecord, find_run_before
from shared.persistence.work import Work

MOST_ENTRIES: Final = 500

router = APIRouter(prefix="/v1", tags=["rankings"])

Reader = Annotated[Actor, Depends(require(Permission.RANKINGS_READ))]
RunFilter = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]


class NoEarlierRunError(NotFoundError):
    """The run is the first of its year that is kept: nothing stands before it."""

    code = "no_earlier_run"
    title = Text("Сравнивать не с чем", "Nothing to compare with")


@router.get(
    "/rankings/comparison",
    operation_id="compare_ranking_runs",
    summary="What changed between two runs of a ranking, and why",
    description=(
        "The current run and the one before it, unless others are named: "
        "`after_run_id` and `before_run_id` are of the same municipality and year. "
        "Each school with its places and figures in both, what each indicator adds to "
        "its change (the contributions add up to it), and which results, records and "
        "methods changed in between. A school sees its own."
    ),
    responses=problems(
        NotComputedYetError,
        NoEarlierRunError,
        NotFoundError,
        InvalidInputError,
        ForbiddenError,
        UnauthenticatedError,
    ),
)
async def compare_ranking_runs(
    *,
    work: RequestWork,
    actor: Reader,
    municipality_id: MunicipalityFilter = None,
    academic_year: AcademicYearFilter = None,
    after_run_id: RunFilter = None,
    before_run_id: RunFilter = None,
) -> RunComparisonOut:
    if after_run_id is None:
        chosen = await chosen_municipality(work, actor, municipality_id)
        run = await current_run(work, Topic.RESULTS, chosen, academic_year)
    else:
        run = await ranking_run(work, after_run_id)
    before = await _before(work, run, before_run_id)
    return await _comparison(work, await _side(work, before), await _side(work, run))


async def _before(work: Work, after: RunRecord, run_id: int | None) -> RunRecord:
    if run_id is not None:
        named = await ranking_run(work, run_id)
        _refuse_foreign(named, after)
        return named
    found = await find_run_before(work, Topic.RESULTS, after)
    if found is None:
        raise NoEarlierRunError(
            Text(
                f"До расчёта {after.id} за этот год других нет (список: "
                "GET /v1/ranking-runs).",
                f"There is none of this year before the run {after.id} (for a list: "
                "GET /v1/ranking-runs).",
            )
        )
    return found


def _refuse_foreign(before: RunRecord, after: RunRecord) -> None:
    is_of_same = (before.municipality_id, before.year) == (
        after.municipality_id,
        after.year,
    )
    if is_of_same and before.id < after.id:
        return
    reason = Text(
        f"Расчёт {before.id} нельзя сравнить с {after.id} как прежний: нужен более "
        "ранний, того же муниципалитета и года (список: GET /v1/ranking-runs).",
        f"The run {before.id} cannot stand before {after.id}: name an earlier one of "
        "the same municipality and year (for a list: GET /v1/ranking-runs).",
    )
    fault = Fault(column="query.before_run_id", value=str(before.id), reason=reason)
    raise InvalidInputError(reason, faults=[fault])


async def _side(work: Work, run: RunRecord) -> Side:
    return Side(
        run=run,
        method=score_repository.method_of(run),
        places=await repository.list_places(work, run.id, "overall"),
        scores=await score_repository.list_scores(work, run.id),
    )


async def _comparison(work: Work, before: Side, after: Side) -> RunComparisonOut:
    schools = compare_schools(before, after)
    return RunComparisonOut(
        municipality_id=after.run.municipality_id,
        academic_year=after.run.year,
        before=RunOut.of(before.run),
        after=RunOut.of(after.run),
        method=compare_methods(before.run, after.run),
        causes=await _causes(work, before.run, after.run),
        totals=totals_of(schools),
        schools=schools,
    )


async def _causes(work: Work, before: RunRecord, after: RunRecord) -> CausesOut:
    if not await comparison_repository.are_snapshots_known(work, before, after):
        return CausesOut(is_known=False, inputs=[], entries=[], entries_total=0)
    inputs = await comparison_repository.list_events(work, before, after)
    entries = await comparison_repository.list_entries(
        work, before, after, limit=MOST_ENTRIES
    )
    return CausesOut(
        is_known=True,
        inputs=[InputsChangeOut.model_validate(each) for each in inputs],
        entries=[EntryOut.model_validate(each) for each in entries],
        entries_total=entries[0].total if entries else 0,
    )
