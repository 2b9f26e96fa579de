"""What messages look like, in words that are made up."""

from datetime import timedelta
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from services.api.http.auth import Actor, require
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from shared.domain.errors import ForbiddenError, UnauthenticatedError
from shared.domain.permissions import Permission
from shared.persistence.work import Work
from shared.runtime.wording import ReminderNotice, render_message

router = APIRouter(prefix="/v1", tags=["reminders"])

Kind = Literal["reminder", "digest", "late", "escalation", "alarm"]
Language = Literal["ru", "en"]
Reader = Annotated[Actor, Depends(require(Permission.REMINDERS_READ))]
DENIALS = (UnauthenticatedError, ForbiddenError)
# Days before the deadline of what a message of the kind tells of; below 0: overdue.
DAYS: dict[str, tuple[int, ...]] = {
    "reminder": (3,),
    "digest": (-2, 0, 1, 7, 14),
    "late": (1, 4, 11),
    "escalation": (-6,),
    "alarm": (3, 3),
}


class TemplateOut(BaseModel):
    """A kind of message."""

    code: Kind


class TemplatesOut(BaseModel):
    """The kinds of messages."""

    items: list[TemplateOut]


class PreviewOut(BaseModel):
    """A message as it is sent; what it tells of is made up."""

    subject: str
    text: str
    html: str
    synthetic: bool = True


@router.get(
    "/reminder-templates",
    operation_id="list_reminder_templates",
    summary="The kinds of messages",
    responses=problems(*DENIALS),
)
async def list_reminder_templates(_work: RequestWork, _actor: Reader) -> TemplatesOut:
    return TemplatesOut(items=[TemplateOut(code=kind) for kind in get_args(Kind)])


@router.get(
    "/reminder-templates/{kind}/preview",
    operation_id="preview_reminder_template",
    summary="A message of a kind, made of made-up deadlines",
    responses=problems(*DENIALS),
)
async def preview_reminder_template(
    work: RequestWork, _actor: Reader, kind: Kind, language: Language = "ru"
) -> PreviewOut:
    notices = [_notice(work, days) for days in DAYS[kind]]
    made = render_message(notices, language=language, kind=kind)
    return PreviewOut(subject=made.subject, text=made.text, html=made.html)


def _notice(work: Work, days: int) -> ReminderNotice:
    today = work.now.date()
    return ReminderNotice(
        programme_title="Повышение качества образования",
        school_name="МБОУ «Школа №1»",
        measure_code="1.2",
        measure_title="Анализ результатов ВПР",
        expected_result="Справка",
        due_on=today + timedelta(days=days),
        today=today,
        days_before=max(days, 0),
        is_late=False,
        is_synthetic=True,
    )
