"""Results of a school as they were known at a moment."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.api.http.auth import Actor, require
from services.api.http.dates import Moment
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_of
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.results.known import read_known
from services.api.results.schemas import CODE_PATTERN, KnownResultOut, Year
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["results"])

Reader = Annotated[Actor, Depends(require(Permission.RESULTS_READ))]
CodeFilter = Annotated[str | None, Query(pattern=CODE_PATTERN)]


@router.get(
    "/schools/{school_id}/known-results",
    operation_id="list_known_results",
    summary="A school's results as they were known at a moment",
    description=(
        "From the record of changes: corrections that came later are taken back, and "
        "what was removed since is there. A page may have fewer rows than its limit "
        "though others follow. Without `as_of`, what is known now."
    ),
    responses=problems(NotFoundError, ForbiddenError, UnauthenticatedError),
)
async def list_known_results(
    *,
    work: RequestWork,
    _actor: Reader,
    school_id: RowId,
    as_of: Moment | None = None,
    academic_year: Annotated[Year | None, Query()] = None,
    procedure: CodeFilter = None,
    subject: CodeFilter = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[KnownResultOut]:
    given = {
        "academic_year": academic_year,
        "procedure": procedure,
        "subject": subject,
    }
    wanted = {name: value for name, value in given.items() if value is not None}
    rows = await read_known(
        work, school_id, wanted, as_of=as_of or work.now, after=after, limit=limit
    )
    page, next_after = page_of(rows, limit)
    items = [each.known for each in page if each.known is not None]
    return PageOut(items=items, next_after=next_after)
