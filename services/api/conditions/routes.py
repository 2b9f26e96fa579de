"""What is known of schools' conditions: one list for each dataset."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends

from services.api.conditions import repository
from services.api.conditions.schemas import (
    ConditionIndexRangeOut,
    ConditionOut,
    ListMembershipOut,
    ObjectivitySignOut,
    ResourceItemOut,
    SocialShareOut,
    StaffProfileOut,
    VacancyOut,
)
from services.api.http.auth import Actor, require
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from shared.domain.errors import ForbiddenError, UnauthenticatedError
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["conditions"])

Reader = Annotated[Actor, Depends(require(Permission.CONDITIONS_READ))]
DENIED = problems(UnauthenticatedError, ForbiddenError)
Model = TypeVar("Model", bound=ConditionOut)

DATASETS: dict[str, tuple[type[ConditionOut], str]] = {
    "social-shares": (SocialShareOut, "Shares of the social passports"),
    "staff-profiles": (StaffProfileOut, "Part-timers, load and training of teachers"),
    "vacancies": (VacancyOut, "Subjects without a teacher"),
    "objectivity-signs": (ObjectivitySignOut, "Signs of non-objectivity by year"),
    "list-memberships": (ListMembershipOut, "Schools put on lists by acts"),
    "resource-items": (ResourceItemOut, "Resources of schools"),
}


def lister(
    dataset: str, model: type[Model]
) -> Callable[..., Awaitable[PageOut[Model]]]:
    """Return the handler that lists one dataset."""

    async def list_rows(
        work: RequestWork,
        _actor: Reader,
        school_id: RowId | None = None,
        after: After = 0,
        limit: Limit = DEFAULT_PAGE,
    ) -> PageOut[Model]:
        rows = await repository.list_rows(
            work, dataset, school_id=school_id, after=after, limit=limit
        )
        return page_out(model, rows, limit)

    return list_rows


for _dataset, (_model, _summary) in DATASETS.items():
    router.add_api_route(
        f"/{_dataset}",
        lister(_dataset, _model),
        methods=["GET"],
        operation_id=f"list_{_dataset.replace('-', '_')}",
        summary=_summary,
        response_model=PageOut[_model],  # type: ignore[valid-type] # a type made at run time
        responses=DENIED,
    )


@router.get(
    "/condition-index-ranges",
    operation_id="list_condition_index_ranges",
    summary="Published ranges of the index of conditions (ИОУ)",
    responses=DENIED,
)
async def list_condition_index_ranges(
    work: RequestWork,
    _actor: Reader,
    municipality_id: RowId | None = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[ConditionIndexRangeOut]:
    rows = await repository.list_index_ranges(
        work, municipality_id=municipality_id, after=after, limit=limit
    )
    return page_out(ConditionIndexRangeOut, rows, limit)
