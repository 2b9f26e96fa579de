"""How far the roadmap of a programme is."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from services.api.http.auth import Actor, require
from services.api.http.dates import Day
from services.api.http.ids import RowId
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.roadmaps import execution_repository as repository
from services.api.roadmaps.refusals import unknown_programme
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["roadmaps"])


class ExecutionOut(BaseModel):
    """Counts of deadlines; `owed` is the sum of the five that follow it."""

    model_config = ConfigDict(from_attributes=True)

    owed: int
    done_on_time: int = Field(description="Handed in by the due day, and accepted")
    done_late: int
    submitted: int = Field(description="Handed in, and waiting for a decision")
    overdue: int
    ahead: int
    with_evidence: int = Field(description="Done, with a link or a file at least")
    links: int
    files: int


class MeasureExecutionOut(ExecutionOut):
    """The counts of a measure."""

    measure_id: int
    number: str
    title: str
    responsible_text: str | None


class SchoolExecutionOut(ExecutionOut):
    """The counts of a school; without one, the municipality's own."""

    school_id: int | None
    school_name: str | None


class ProgrammeExecutionOut(BaseModel):
    """How far a roadmap is, as the caller sees it: a school counts its own."""

    programme_id: int
    programme_title: str
    synthetic: bool
    due_from: Day | None
    due_to: Day | None
    total: ExecutionOut
    measures: list[MeasureExecutionOut]
    schools: list[SchoolExecutionOut]


NOTHING = ExecutionOut(**dict.fromkeys(ExecutionOut.model_fields, 0))


@router.get(
    "/programmes/{programme_id}/roadmap-execution",
    operation_id="read_roadmap_execution",
    summary="Deadlines of a programme met in time, late, or overdue, with evidence",
    description=(
        "By measure and by school, of what is due in a stretch of time. As CSV or as "
        "a workbook: the dataset `roadmap-execution` of `GET /v1/exports/{dataset}`."
    ),
    responses=problems(NotFoundError, ForbiddenError, UnauthenticatedError),
)
async def read_roadmap_execution(
    *,
    work: RequestWork,
    _actor: Annotated[Actor, Depends(require(Permission.DEADLINES_READ))],
    programme_id: RowId,
    due_from: Day | None = None,
    due_to: Day | None = None,
) -> ProgrammeExecutionOut:
    programme = await repository.find_programme(work, programme_id)
    if programme is None:
        raise unknown_programme(programme_id)
    today = work.today_in(programme.time_zone)
    rows = await repository.count_execution(
        work, programme_id, today=today, due_from=due_from, due_to=due_to
    )
    total = [row for row in rows if not row.of_measures and not row.of_schools]
    return ProgrammeExecutionOut(
        programme_id=programme_id,
        programme_title=programme.title,
        synthetic=programme.synthetic,
        due_from=due_from,
        due_to=due_to,
        total=ExecutionOut.model_validate(total[0]) if total else NOTHING,
        measures=[
            MeasureExecutionOut.model_validate(row) for row in rows if row.of_measures
        ],
        schools=[
            SchoolExecutionOut.model_validate(row) for row in rows if row.of_schools
        ],
    )
