"""Bodies of signing in by another system's word."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

LONGEST_TOKEN = 20_000  # characters
LONGEST_NONCE = 500


class IdTokenIn(BaseModel):
    """What the identity provider has given to the frontend."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"id_token": "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "nonce": "n-0S6"}
        },
    )

    id_token: Annotated[str, Field(min_length=1, max_length=LONGEST_TOKEN)]
    nonce: Annotated[
        str | None,
        Field(max_length=LONGEST_NONCE, description="What the frontend had sent there"),
    ] = None


class IdentityIn(BaseModel):
    """By which name the identity provider knows the person of an account."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"subject": "248289761001"}},
    )

    subject: Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00]+$")]


class IdentityOut(BaseModel):
    """A name by which an identity provider knows the person of an account."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    account_id: int
    issuer: str
    subject: str
    linked_at: datetime
