"""Ending mails by the link in their header, without signing in (RFC 8058).

Mail programs post to it by themselves, with nothing that tells who they are.
"""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.api.http.errors import language_of
from services.api.http.problems import problems
from services.api.http.state import state_of
from services.api.http.work import RequestWork
from services.api.reminders import unsubscribe_usecases
from services.api.reminders.link_pages import unsubscribe_asked, unsubscribe_done
from services.api.reminders.link_routes import HEADERS, Token
from shared.domain.reminders.links import LinkInvalidError
from shared.domain.reminders.unsubscribing import PATH, key_of

router = APIRouter(prefix=PATH, tags=["reminders"])


@router.get(
    "/{token}",
    operation_id="read_unsubscribe_link",
    summary="A page with a button that ends mails; reading it does nothing",
    response_class=HTMLResponse,
    responses=problems(LinkInvalidError),
)
async def read_unsubscribe_link(
    request: Request, work: RequestWork, token: Token
) -> HTMLResponse:
    key = key_of(state_of(request).settings.secret_key)
    await unsubscribe_usecases.read(work, token, key)
    page = unsubscribe_asked(language=language_of(request))
    return HTMLResponse(page, headers=HEADERS)


@router.post(
    "/{token}",
    operation_id="use_unsubscribe_link",
    summary="End the mails that may be switched off; urgent ones go on",
    response_class=HTMLResponse,
    responses=problems(LinkInvalidError),
)
async def use_unsubscribe_link(
    request: Request, work: RequestWork, token: Token
) -> HTMLResponse:
    key = key_of(state_of(request).settings.secret_key)
    await unsubscribe_usecases.use(work, token, key)
    page = unsubscribe_done(language=language_of(request))
    return HTMLResponse(page, headers=HEADERS)
