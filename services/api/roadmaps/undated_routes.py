"""What is asked for by a day that nobody has told yet."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from services.api.http.auth import Actor, require
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.problems import problems
from services.api.http.titles import TitlesOut
from services.api.http.work import RequestWork
from services.api.roadmaps import undated_repository as repository
from shared.domain.deadline_titles import APPROVAL, title_of, titles_of
from shared.domain.deadlines import DeadlineKind
from shared.domain.errors import ForbiddenError, UnauthenticatedError
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1/undated-deadlines", tags=["roadmaps"])


class UndatedDeadlineOut(BaseModel):
    """Something that is owed, with no day known; nobody is reminded of it."""

    id: int = Field(description="Of the record that asks for it")
    kind: DeadlineKind
    municipality_id: int
    school_id: int
    school_name: str
    titles: TitlesOut
    missing: Literal["starts_on"] = Field(description="What of the record tells a day")
    record: str = Field(description="Where that is filled in")


@router.get(
    "",
    operation_id="list_undated_deadlines",
    summary="What is owed with no day known: programmes against risks not yet dated",
    description=(
        "A programme against a risk is to be approved by its first day. Without one it "
        "has no deadline, and none is guessed: fill it in, and there is one at once."
    ),
    responses=problems(UnauthenticatedError, ForbiddenError),
)
async def list_undated_deadlines(
    work: RequestWork,
    _actor: Annotated[Actor, Depends(require(Permission.DEADLINES_READ))],
    school_id: RowId | None = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[UndatedDeadlineOut]:
    rows = await repository.list_undated(
        work, school_id=school_id, after=after, limit=limit
    )
    kind = DeadlineKind.ANTI_RISK_PROGRAMME
    shown = [
        {
            "id": row.id,
            "kind": kind,
            "municipality_id": row.municipality_id,
            "school_id": row.school_id,
            "school_name": row.school_name,
            "titles": titles_of(kind, title_of(APPROVAL, row.goal)),
            "missing": "starts_on",
            "record": f"/v1/anti-risk-programmes/{row.id}",
        }
        for row in rows
    ]
    return page_out(UndatedDeadlineOut, shown, limit)
