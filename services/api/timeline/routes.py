"""A school's year as one list."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.api.http.auth import Actor, require
from services.api.http.ids import RowId
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.timeline import usecases
from services.api.timeline.schemas import TimelineOut
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.periods import FIRST_YEAR, LAST_YEAR, AcademicYear
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["audit"])


@router.get(
    "/schools/{school_id}/timeline",
    operation_id="read_school_timeline",
    summary="Everything about a school's year, in order of time",
    description=(
        "What took place, or is due, from 1 September to 31 August on the "
        "municipality's own calendar: results entered, corrected and imported, rows of "
        "other datasets written, corrected and removed, what was reported, answered, "
        "decided and objected to, steps of agreements, deadlines, reminders; and the "
        "steps with the year's data, whenever they were taken. Of a partner school, "
        "the agreements only."
    ),
    responses=problems(NotFoundError, UnauthenticatedError, ForbiddenError),
)
async def read_school_timeline(
    work: RequestWork,
    _actor: Annotated[Actor, Depends(require(Permission.ORGANISATIONS_READ))],
    school_id: RowId,
    academic_year: Annotated[
        int, Query(ge=FIRST_YEAR, le=LAST_YEAR, description="2020 is 2020/2021")
    ],
) -> TimelineOut:
    return await usecases.read_timeline(work, school_id, AcademicYear(academic_year))
