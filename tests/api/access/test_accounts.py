"""Opening accounts: how somebody can sign in to a real installation at all."""

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.access.accounts import LoginTakenError, NewAccount, open_account
from shared.domain.errors import DomainError, InvalidInputError, NotFoundError
from shared.domain.permissions import Role
from shared.persistence.work import begin_as_system

PASSWORD = "long enough to pass"  # noqa: S105 (of an account in a throw-away database)


async def test_an_opened_account_can_sign_in(
    engine: AsyncEngine, client: httpx.AsyncClient
) -> None:
    wanted = NewAccount(
        login="Head.Of.Uzhur",
        password=PASSWORD,
        role=Role.MUNICIPAL_COORDINATOR,
        municipality="uzhur",
    )
    async with begin_as_system(engine) as work:
        await open_account(work, wanted)
    answer = await client.post(
        "/v1/tokens", data={"username": "head.of.uzhur", "password": PASSWORD}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("wanted", "error", "mentioned"),
    [
        (
            NewAccount(login="a", password=PASSWORD[:11], role=Role.ADMINISTRATOR),
            InvalidInputError,
            "password",
        ),
        (
            NewAccount(login="a", password=PASSWORD, role=Role.SCHOOL_EDITOR),
            InvalidInputError,
            "school",
        ),
        (
            NewAccount(
                login="a",
                password=PASSWORD,
                role=Role.ADMINISTRATOR,
                municipality="uzhur",
            ),
            InvalidInputError,
            "municipality",
        ),
        (
            NewAccount(
                login="a",
                password=PASSWORD,
                role=Role.MUNICIPAL_COORDINATOR,
                municipality="nowhere",
            ),
            NotFoundError,
            "nowhere",
        ),
        (
            NewAccount(
                login="a",
                password=PASSWORD,
                role=Role.SCHOOL_EDITOR,
                municipality="uzhur",
                school="nowhere",
            ),
            NotFoundError,
            "nowhere",
        ),
        (
            NewAccount(login="ADMIN", password=PASSWORD, role=Role.ADMINISTRATOR),
            LoginTakenError,
            "admin",
        ),
    ],
)
async def test_what_does_not_fit_is_refused_and_named(
    engine: AsyncEngine,
    wanted: NewAccount,
    error: type[DomainError],
    mentioned: str,
) -> None:
    with pytest.raises(error) as refused:
        async with begin_as_system(engine) as work:
            await open_account(work, wanted)
    assert mentioned in refused.value.detail.en
