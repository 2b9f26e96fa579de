"""Signing in, and asking who one is."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.security import OAuth2PasswordRequestForm

from services.api.access import repository, session_repository, usecases
from services.api.access.attempts import TooManyAttemptsError
from services.api.access.password_change import WrongPasswordError, change_password
from services.api.access.passwords import PasswordRefusedError
from services.api.access.schemas import PasswordIn, ProfileOut, SessionOut, TokenOut
from services.api.access.session_repository import Caller
from services.api.access.usecases import SessionNotFoundError, SignInFailedError
from services.api.http.auth import (
    TOKEN_LIFETIME,
    CurrentActor,
    SignedToken,
    issue_token,
)
from services.api.http.ids import RowId
from services.api.http.pagination import After, Limit, PageOut, page_out
from services.api.http.people import CurrentPerson
from services.api.http.problems import problems
from services.api.http.request_ids import request_id_of
from services.api.http.state import state_of
from services.api.http.work import RequestWork
from shared.domain.errors import ForbiddenError, UnauthenticatedError
from shared.persistence.work import Origin
from shared.runtime.clock import system_now

router = APIRouter(prefix="/v1", tags=["access"])


@router.post(
    "/tokens",
    operation_id="create_token",
    summary="Sign in with login and password (OAuth2 password grant)",
    responses=problems(SignInFailedError, TooManyAttemptsError),
)
async def create_token(
    request: Request,
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
) -> TokenOut:
    caller = caller_of(request)
    user_id, session_id = await usecases.sign_in(
        state_of(request).engine,
        form.username,
        form.password,
        caller,
        origin=Origin(request_id_of(request), caller.address),
    )
    return token_out(request, user_id, session_id)


def caller_of(request: Request) -> Caller:
    """Return where a try to sign in comes from."""
    address = None if request.client is None else request.client.host
    return Caller(address, request.headers.get("user-agent"))


def token_out(request: Request, user_id: int, session_id: int) -> TokenOut:
    """Return the token of a session that was just opened."""
    secret = state_of(request).settings.secret_key
    return TokenOut(
        access_token=issue_token(user_id, session_id, secret=secret, now=system_now()),
        expires_in=int(TOKEN_LIFETIME.total_seconds()),
    )


@router.get(
    "/me",
    operation_id="read_me",
    summary="The account that the token belongs to",
    responses=problems(UnauthenticatedError),
)
async def read_me(work: RequestWork, actor: CurrentActor) -> ProfileOut:
    profile = await repository.read_profile(work, actor.user_id)
    answer = ProfileOut.model_validate(profile)
    answer.permissions = sorted(actor.permissions)
    return answer


@router.get(
    "/me/sessions",
    operation_id="list_my_sessions",
    summary="Where the account is signed in",
    responses=problems(UnauthenticatedError, ForbiddenError),
)
async def list_my_sessions(
    work: RequestWork, actor: CurrentPerson, after: After = 0, limit: Limit = 50
) -> PageOut[SessionOut]:
    rows = await session_repository.list_sessions(
        work, actor.user_id, now=system_now(), after=after, limit=limit
    )
    page = page_out(SessionOut, rows, limit)
    for session in page.items:
        session.is_current = session.id == actor.session_id
    return page


@router.delete(
    "/me/sessions/{session_id}",
    operation_id="end_my_session",
    summary="Sign out in one place; its token is refused from then on",
    status_code=204,
    responses=problems(SessionNotFoundError, UnauthenticatedError, ForbiddenError),
)
async def end_my_session(
    work: RequestWork, actor: CurrentPerson, session_id: RowId
) -> None:
    await usecases.end_session(work, actor, session_id)


@router.delete(
    "/me/sessions",
    operation_id="end_my_other_sessions",
    summary="Sign out everywhere but here",
    status_code=204,
    responses=problems(UnauthenticatedError, ForbiddenError),
)
async def end_my_other_sessions(work: RequestWork, actor: CurrentPerson) -> None:
    await usecases.end_other_sessions(work, actor)


@router.put(
    "/me/password",
    operation_id="change_my_password",
    summary="Choose another password; all other sessions end",
    status_code=204,
    responses=problems(
        WrongPasswordError,
        PasswordRefusedError,
        TooManyAttemptsError,
        UnauthenticatedError,
        ForbiddenError,
    ),
)
async def change_my_password(
    request: Request, token: SignedToken, body: PasswordIn
) -> None:
    await change_password(request, token, old=body.old_password, new=body.new_password)
