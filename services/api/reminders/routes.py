"""A person's own reminders: how they come, and answering them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.api.http.auth import Actor, require
from services.api.http.conditional import version_tag
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.preconditions import OptionalIfMatch, PreconditionFailedError
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.reminders import answer_usecases, preference_usecases
from services.api.reminders.answer_schemas import AnswerOut, SnoozeIn
from services.api.reminders.preference_schemas import PreferencesIn, PreferencesOut
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.permissions import Permission
from shared.domain.reminders.answers import NothingToAnswerError, SnoozeTooLongError

router = APIRouter(prefix="/v1", tags=["reminders"], route_class=IdempotentRoute)
Reader = Annotated[Actor, Depends(require(Permission.INBOX_READ))]
Answerer = Annotated[Actor, Depends(require(Permission.REMINDERS_ANSWER))]
DENIALS = (UnauthenticatedError, ForbiddenError)


@router.get(
    "/me/reminder-preferences",
    operation_id="read_reminder_preferences",
    summary="How one is reminded: quiet hours, digests, language",
    responses=problems(*DENIALS),
)
async def read_reminder_preferences(
    work: RequestWork, actor: Reader, response: Response
) -> PreferencesOut:
    answer = await preference_usecases.read(work, actor)
    response.headers["ETag"] = version_tag(answer.version)
    return answer


@router.put(
    "/me/reminder-preferences",
    operation_id="replace_reminder_preferences",
    summary="Choose how one is reminded",
    description=(
        "Each channel brings every reminder at once, gathered once a day or a week, or "
        "is off. What is urgent comes over each of them all the same: reminders on the "
        "last day, overdue ones, escalations and alarms. The inbox has everything at "
        "once."
    ),
    responses=problems(PreconditionFailedError, *DENIALS),
)
async def replace_reminder_preferences(
    work: RequestWork,
    actor: Reader,
    expected: OptionalIfMatch,
    body: PreferencesIn,
    response: Response,
) -> PreferencesOut:
    answer = await preference_usecases.write(work, actor, expected, body)
    response.headers["ETag"] = version_tag(answer.version)
    return answer


@router.post(
    "/deadlines/{deadline_id}/acknowledgement",
    operation_id="acknowledge_deadline",
    summary="Say that a missed deadline is seen to: it is not escalated further",
    description=(
        "Nobody above is told of it from then on. Whoever owes it is reminded as "
        "before, until it is done, moved or put off: noticing is not doing. A deadline "
        "that moves is to be acknowledged anew."
    ),
    responses=problems(NothingToAnswerError, NotFoundError, *DENIALS),
)
async def acknowledge_deadline(
    work: RequestWork, actor: Answerer, deadline_id: RowId, _once: Once
) -> AnswerOut:
    return await answer_usecases.acknowledge(work, actor, deadline_id)


@router.post(
    "/deadlines/{deadline_id}/snooze",
    operation_id="snooze_deadline",
    summary="Put one's own reminders of a deadline off to another day",
    description=(
        "To the due date at the latest; once it has passed, by a week at most."
    ),
    responses=problems(
        SnoozeTooLongError, NothingToAnswerError, NotFoundError, *DENIALS
    ),
)
async def snooze_deadline(
    work: RequestWork,
    actor: Answerer,
    deadline_id: RowId,
    body: SnoozeIn,
    _once: Once,
) -> AnswerOut:
    return await answer_usecases.snooze(work, actor, deadline_id, until=body.until)
