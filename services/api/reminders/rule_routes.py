"""A municipality's reminder rules, and what will go out by them."""

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
from services.api.http.runs import chosen_municipality
from services.api.http.work import RequestWork
from services.api.reminders import (
    preview_usecases,
    rule_repository,
    rule_usecases,
)
from services.api.reminders.rule_schemas import (
    DryRunOut,
    PreviewOut,
    RulesIn,
    RulesOut,
    RuleVersionOut,
)
from services.api.reminders.rule_usecases import RulePlace
from shared.domain.deadlines import DeadlineKind
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.domain.reminders.rule_documents import ReminderRulesError

router = APIRouter(
    prefix="/v1/municipalities/{municipality_id}",
    tags=["reminders"],
    route_class=IdempotentRoute,
)
Reader = Annotated[Actor, Depends(require(Permission.REMINDERS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.REMINDER_RULES_WRITE))]
Days = Annotated[int, Query(ge=1, le=92, description="From today on")]
DENIALS = (NotFoundError, UnauthenticatedError, ForbiddenError)
CHANGE_ERRORS = (
    ReminderRulesError,
    InvalidInputError,
    PreconditionRequiredError,
    PreconditionFailedError,
)


async def _place(
    *,
    work: RequestWork,
    actor: CurrentActor,
    municipality_id: RowId,
    programme_id: Annotated[RowId | None, Query()] = None,
    measure_id: Annotated[RowId | None, Query()] = None,
    kind: DeadlineKind | None = None,
) -> RulePlace:
    return RulePlace(
        municipality_id=await chosen_municipality(work, actor, municipality_id),
        programme_id=programme_id,
        measure_id=measure_id,
        kind=kind,
    )


Place = Annotated[RulePlace, Depends(_place, scope="function")]


@router.get(
    "/reminder-rules",
    operation_id="read_reminder_rules",
    summary="The rules in force, and where each part of them comes from",
    description=(
        "A measure inherits from its programme, that from the municipality, and that "
        "from the installation. Name a measure, a programme or a kind of deadline, or "
        "nothing for all of the municipality."
    ),
    responses=problems(InvalidInputError, *DENIALS),
)
async def read_reminder_rules(
    work: RequestWork, _actor: Reader, place: Place, response: Response
) -> RulesOut:
    answer = await rule_usecases.read_rules(work, place)
    response.headers["ETag"] = version_tag(answer.version)
    return answer


@router.put(
    "/reminder-rules",
    operation_id="replace_reminder_rules",
    summary="Decide about the rules of a part of the municipality",
    responses=problems(*CHANGE_ERRORS, *DENIALS),
)
async def replace_reminder_rules(
    *,
    work: RequestWork,
    _actor: Writer,
    place: Place,
    expected: IfMatch,
    body: RulesIn,
    response: Response,
) -> RulesOut:
    answer = await rule_usecases.write_rules(work, place, expected, body)
    response.headers["ETag"] = version_tag(answer.version)
    return answer


@router.delete(
    "/reminder-rules",
    operation_id="inherit_reminder_rules",
    summary="Let a part of the municipality inherit its rules again",
    status_code=204,
    responses=problems(*CHANGE_ERRORS, *DENIALS),
)
async def inherit_reminder_rules(
    work: RequestWork, _actor: Writer, place: Place, expected: IfMatch
) -> None:
    await rule_usecases.write_rules(work, place, expected, None)


@router.get(
    "/reminder-rule-versions",
    operation_id="list_reminder_rule_versions",
    summary="Who decided what about the rules, the oldest first",
    responses=problems(*DENIALS),
)
async def list_reminder_rule_versions(
    work: RequestWork,
    actor: Reader,
    municipality_id: RowId,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[RuleVersionOut]:
    place = await chosen_municipality(work, actor, municipality_id)
    rows = await rule_repository.list_versions(work, place, after=after, limit=limit)
    return page_out(RuleVersionOut, rows, limit)


@router.get(
    "/reminder-preview",
    operation_id="preview_reminders",
    summary="What goes out in the next days, by person and day",
    description=(
        "As if nothing were done and nothing changed until then. Nothing is written."
    ),
    responses=problems(*DENIALS),
)
async def preview_reminders(
    work: RequestWork, actor: Reader, municipality_id: RowId, days: Days = 30
) -> PreviewOut:
    place = await chosen_municipality(work, actor, municipality_id)
    return await preview_usecases.preview(work, place, days=days)


@router.post(
    "/reminder-rules/dry-run",
    operation_id="dry_run_reminder_rules",
    summary="What changed rules would add and what would fall away",
    description="Nothing is written.",
    responses=problems(ReminderRulesError, InvalidInputError, *DENIALS),
)
async def dry_run_reminder_rules(
    *,
    work: RequestWork,
    _actor: Writer,
    place: Place,
    body: RulesIn,
    days: Days = 30,
    _once: Once,
) -> DryRunOut:
    return await preview_usecases.dry_run(work, place, body, days=days)
