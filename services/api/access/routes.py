"""Signing in and asking who one is."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.security import OAuth2PasswordRequestForm

from services.api.access import repository, usecases
from services.api.access.schemas import ProfileOut, TokenOut
from services.api.access.usecases import SignInFailedError
from services.api.http.auth import TOKEN_LIFETIME, CurrentActor, issue_token
from services.api.http.problems import problems
from services.api.http.state import state_of
from services.api.http.work import RequestWork
from shared.domain.errors import UnauthenticatedError
from shared.domain.permissions import GRANTS
from shared.runtime.clock import system_now

router = APIRouter(prefix="/v1", tags=["access"])


@router.post(
    "/tokens",
    operation_id="create_token",
    summary="Sign in with login and password (OAuth2 password grant)",
    responses=problems(SignInFailedError),
)
async def create_token(
    request: Request,
    work: RequestWork,
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
) -> TokenOut:
    user_id = await usecases.sign_in(work, form.username, form.password)
    secret = state_of(request).settings.secret_key
    return TokenOut(
        access_token=issue_token(user_id, secret=secret, now=system_now()),
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
    answer.permissions = sorted(GRANTS[actor.role])
    return answer
