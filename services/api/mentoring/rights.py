"""Where agreements live in the api, and what its routes ask of their callers."""

from typing import Annotated, Final

from fastapi import Depends

from services.api.http.auth import Actor, require
from services.api.http.preconditions import (
    PreconditionFailedError,
    PreconditionRequiredError,
)
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission

PREFIX: Final = "/v1/mentoring-agreements"

Reader = Annotated[Actor, Depends(require(Permission.AGREEMENTS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.AGREEMENTS_WRITE))]
Signer = Annotated[Actor, Depends(require(Permission.AGREEMENTS_SIGN))]

ALWAYS = (UnauthenticatedError, ForbiddenError, InvalidInputError, NotFoundError)
UNSEEN = (PreconditionRequiredError, PreconditionFailedError)
