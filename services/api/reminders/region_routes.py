"""The reminder rules that a region gives all of its municipalities."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.api.http.auth import Actor, CurrentActor, require
from services.api.http.conditional import version_tag
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.preconditions import (
    IfMatch,
    PreconditionFailedError,
    PreconditionRequiredError,
)
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.reminders import region_repository, region_usecases
from services.api.reminders.region_usecases import RegionPlace
from services.api.reminders.rule_schemas import (
    RegionDryRunOut,
    RegionRulesOut,
    RegionRuleVersionOut,
    RulesIn,
)
from shared.domain.deadlines import DeadlineKind
from shared.domain.errors import (
    ForbiddenError,
    NotFoundError,
    Text,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.domain.reminders.rule_documents import ReminderRulesError

router = APIRouter(
    prefix="/v1/regions/{region_id}", tags=["reminders"], route_class=IdempotentRoute
)
Reader = Annotated[Actor, Depends(require(Permission.REMINDERS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.REGIONAL_REMINDER_RULES_WRITE))]
Days = Annotated[int, Query(ge=1, le=92, description="From today on")]
DENIALS = (NotFoundError, UnauthenticatedError, ForbiddenError)
CHANGE_ERRORS = (
    ReminderRulesError,
    PreconditionRequiredError,
    PreconditionFailedError,
)


async def _region(work: RequestWork, actor: CurrentActor, region_id: RowId) -> int:
    if await region_repository.sees_region(work, region_id, own_region=actor.region_id):
        return region_id
    raise NotFoundError(
        Text(
            f"Региона с номером {region_id} нет или он вам недоступен "
            "(список: GET /v1/regions).",
            f"There is no region {region_id}, or it is not accessible to you (for a "
            "list: GET /v1/regions).",
        )
    )


Region = Annotated[int, Depends(_region, scope="function")]


async def _place(region: Region, kind: DeadlineKind | None = None) -> RegionPlace:
    return RegionPlace(region, kind)


Place = Annotated[RegionPlace, Depends(_place, scope="function")]


@router.get(
    "/reminder-rules",
    operation_id="read_regional_reminder_rules",
    summary="The rules that a region gives its municipalities, part by part",
    description=(
        "A municipality inherits from its region, and that from the installation. Name "
        "a kind of deadline, or nothing for all of them."
    ),
    responses=problems(*DENIALS),
)
async def read_regional_reminder_rules(
    work: RequestWork, _actor: Reader, place: Place, response: Response
) -> RegionRulesOut:
    answer = await region_usecases.read_rules(work, place)
    response.headers["ETag"] = version_tag(answer.version)
    return answer


@router.put(
    "/reminder-rules",
    operation_id="replace_regional_reminder_rules",
    summary="Decide about the rules of a region",
    responses=problems(*CHANGE_ERRORS, *DENIALS),
)
async def replace_regional_reminder_rules(
    *,
    work: RequestWork,
    _actor: Writer,
    place: Place,
    expected: IfMatch,
    body: RulesIn,
    response: Response,
) -> RegionRulesOut:
    answer = await region_usecases.write_rules(work, place, expected, body)
    response.headers["ETag"] = version_tag(answer.version)
    return answer


@router.delete(
    "/reminder-rules",
    operation_id="inherit_regional_reminder_rules",
    summary="Let a region inherit its rules from the installation again",
    status_code=204,
    responses=problems(*CHANGE_ERRORS, *DENIALS),
)
async def inherit_regional_reminder_rules(
    work: RequestWork, _actor: Writer, place: Place, expected: IfMatch
) -> None:
    await region_usecases.write_rules(work, place, expected, None)


@router.get(
    "/reminder-rule-versions",
    operation_id="list_regional_reminder_rule_versions",
    summary="Who decided what about the region's rules, the oldest first",
    responses=problems(*DENIALS),
)
async def list_regional_reminder_rule_versions(
    work: RequestWork,
    _actor: Reader,
    region: Region,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[RegionRuleVersionOut]:
    rows = await region_repository.list_versions(work, region, after=after, limit=limit)
    return page_out(RegionRuleVersionOut, rows, limit)


@router.post(
    "/reminder-rules/dry-run",
    operation_id="dry_run_regional_reminder_rules",
    summary="What changed rules of a region do in each of its municipalities",
    description="Nothing is written.",
    responses=problems(ReminderRulesError, *DENIALS),
)
async def dry_run_regional_reminder_rules(
    *,
    work: RequestWork,
    _actor: Writer,
    place: Place,
    body: RulesIn,
    days: Days = 30,
    _once: Once,
) -> RegionDryRunOut:
    return await region_usecases.dry_run(work, place, body, days=days)
