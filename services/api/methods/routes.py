"""Methods of scoring: what there is, and what of it counts."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from services.api.http.auth import Actor, require
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_of
from services.api.http.problems import problems
from services.api.http.runs import (
    AcademicYearFilter,
    MunicipalityFilter,
    chosen_municipality,
)
from services.api.http.work import RequestWork
from services.api.methods import repository
from services.api.methods.answers import assigned_out, brief_out, method_answer
from services.api.methods.documents import (
    as_yaml,
)
from services.api.methods.ownership import visible_method
from services.api.methods.papers import today_in
from services.api.methods.schemas import (
    AssignmentsOut,
    ComparisonOut,
    GraphOut,
    MethodBriefOut,
    MethodDifferenceOut,
    MethodVersionOut,
)
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.methods.comparison import differences
from shared.domain.methods.dependencies import dependency_graph
from shared.domain.methods.kinds import read_method
from shared.domain.methods.life import (
    MethodState,
)
from shared.domain.methods.slots import MethodPlace
from shared.domain.periods import AcademicYear
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1/methods", tags=["methods"])

Reader = Annotated[Actor, Depends(require(Permission.METHODS_READ))]
DENIALS = (ForbiddenError, UnauthenticatedError)
Word = Annotated[str | None, Query(max_length=100)]


@router.get(
    "",
    operation_id="list_methods",
    summary="Versions of methods: the system's, the region's and the municipality's",
    description="Schools do not see drafts.",
    responses=problems(*DENIALS),
)
async def list_methods(
    *,
    work: RequestWork,
    _actor: Reader,
    kind: Word = None,
    state: MethodState | None = None,
    code: Word = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[MethodBriefOut]:
    rows = await repository.list_methods(
        work, kind=kind, state=state, code=code, after=after, limit=limit
    )
    page, next_after = page_of(rows, limit)
    return PageOut(items=[brief_out(row) for row in page], next_after=next_after)


@router.get(
    "/in-force",
    operation_id="read_methods_in_force",
    summary="Which methods count for a municipality's academic year",
    description=(
        "What the municipality has put into force comes before what its region has, "
        "that before what holds everywhere; what gives way says to which method. This "
        "academic year, if none is named."
    ),
    responses=problems(InvalidInputError, NotFoundError, *DENIALS),
)
async def read_methods_in_force(
    work: RequestWork,
    actor: Reader,
    municipality_id: MunicipalityFilter = None,
    academic_year: AcademicYearFilter = None,
    kind: Word = None,
) -> AssignmentsOut:
    chosen = await chosen_municipality(work, actor, municipality_id)
    today = await today_in(work, MethodPlace(municipality_id=chosen))
    year = AcademicYear.of(today).start if academic_year is None else academic_year
    rows = await repository.list_assigned(work, chosen, year, kind)
    return AssignmentsOut(
        municipality_id=chosen,
        academic_year=year,
        items=[assigned_out(row) for row in rows],
    )


@router.get(
    "/{method_id}",
    operation_id="read_method",
    summary="A version of a method, with the source of every threshold",
    responses=problems(NotFoundError, *DENIALS),
)
async def read_one_method(
    work: RequestWork, _actor: Reader, method_id: RowId, response: Response
) -> MethodVersionOut:
    return await method_answer(work, method_id, response)


@router.get(
    "/{method_id}/graph",
    operation_id="read_method_graph",
    summary="Which indicators of a method are computed from which others",
    responses=problems(NotFoundError, *DENIALS),
)
async def read_method_graph(
    work: RequestWork, _actor: Reader, method_id: RowId
) -> GraphOut:
    row = await visible_method(work, method_id)
    return GraphOut.of(dependency_graph(read_method(row.content)))


@router.get(
    "/{method_id}/differences",
    operation_id="compare_methods",
    summary="What differs between two versions, by path",
    description="`old` is that of `against_id`.",
    responses=problems(NotFoundError, *DENIALS),
)
async def compare_methods(
    work: RequestWork, _actor: Reader, method_id: RowId, against_id: RowId
) -> ComparisonOut:
    new = await visible_method(work, method_id)
    old = await visible_method(work, against_id)
    found = differences(old.content, new.content)
    return ComparisonOut(
        method_id=method_id,
        against_id=against_id,
        differences=[MethodDifferenceOut.model_validate(each) for each in found],
    )


YAML: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/yaml": {"schema": {"type": "object"}}}}
}


@router.get(
    "/{method_id}/file",
    operation_id="export_method",
    summary="A version of a method as YAML, as it can be sent again",
    response_class=Response,
    responses=YAML | problems(NotFoundError, *DENIALS),
)
async def export_method(
    work: RequestWork, _actor: Reader, method_id: RowId
) -> Response:
    row = await visible_method(work, method_id)
    name = f"{row.code}-{row.version}.yaml"
    return Response(
        as_yaml(read_method(row.content).to_mapping()),
        media_type="application/yaml",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
