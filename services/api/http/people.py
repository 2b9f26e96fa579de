"""What is for people, and for no program."""

from typing import Annotated

from fastapi import Depends

from services.api.http.auth import Actor, CurrentActor
from shared.domain.errors import ForbiddenError, Text
from shared.domain.permissions import Role


async def require_person(actor: CurrentActor) -> Actor:
    """Let people through, and no programs: these have no password and no sessions.

    Raises:
        ForbiddenError: a token of the API asks.
    """
    if actor.role is Role.API_CLIENT:
        raise ForbiddenError(
            Text(
                "Это доступно только человеку, вошедшему через POST /v1/tokens, а не "
                "по токену API.",
                "This is for people who have signed in with POST /v1/tokens, not for "
                "an API token.",
            )
        )
    return actor


CurrentPerson = Annotated[Actor, Depends(require_person)]
