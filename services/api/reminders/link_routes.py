"""Answering a reminder by the link in its message, without signing in.

Reading the page changes nothing, since scanners of mail follow every link.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from services.api.http.errors import language_of
from services.api.http.problems import problems
from services.api.http.state import state_of
from services.api.http.work import RequestWork
from services.api.reminders import link_usecases
from services.api.reminders.link_pages import asked, done
from shared.domain.errors import NotFoundError
from shared.domain.reminders.answers import NothingToAnswerError
from shared.domain.reminders.links import LONGEST, PATH, LinkInvalidError, key_of

router = APIRouter(prefix=PATH, tags=["reminders"])

Token = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$", max_length=LONGEST)
]
ERRORS = (LinkInvalidError, NothingToAnswerError, NotFoundError)
# Nothing is loaded, framed or told to other sites; the address holds the token.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; form-action 'self';"
    " frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


@router.get(
    "/{token}",
    operation_id="read_reminder_link",
    summary="A page with a button that answers a reminder; reading it does nothing",
    response_class=HTMLResponse,
    responses=problems(*ERRORS),
)
async def read_reminder_link(
    request: Request, work: RequestWork, token: Token
) -> HTMLResponse:
    key = key_of(state_of(request).settings.secret_key)
    subject, answering = await link_usecases.read(work, token, key)
    page = asked(subject, answering, language=language_of(request))
    return HTMLResponse(page, headers=HEADERS)


@router.post(
    "/{token}",
    operation_id="use_reminder_link",
    summary="Answer a reminder by the link in its message, once",
    response_class=HTMLResponse,
    responses=problems(*ERRORS),
)
async def use_reminder_link(
    request: Request, work: RequestWork, token: Token
) -> HTMLResponse:
    key = key_of(state_of(request).settings.secret_key)
    answer = await link_usecases.use(work, token, key)
    return HTMLResponse(done(answer, language=language_of(request)), headers=HEADERS)
