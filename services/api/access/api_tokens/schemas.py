"""Bodies of API tokens."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.dates import Moment
from services.api.http.ids import RowNumber
from shared.domain.permissions import Permission
from shared.domain.scopes import Scope

LONGEST_NAME = 100  # characters


class ApiTokenIn(BaseModel):
    """What a program shall be able to do, where, and until when.

    Without a place it is the issuer's own.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "name": "Районный портал",
                "scopes": ["organisations:read", "results:read"],
                "expires_at": "2027-06-30T00:00:00Z",
            }
        },
    )

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    scopes: Annotated[list[Permission | Scope], Field(min_length=1, max_length=100)]
    region_id: RowNumber | None = None
    municipality_id: RowNumber | None = None
    school_id: RowNumber | None = None
    expires_at: Moment = Field(description="By the real clock; a year at most")


class ApiTokenOut(BaseModel):
    """A token without what it is used by; times are real ones, in a sandbox too."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    scopes: list[str]
    region_id: int | None
    municipality_id: int | None
    school_id: int | None
    issuer_id: int
    client_id: int = Field(description="The account that the audit names as the actor")
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute or so")


class NewApiTokenOut(ApiTokenOut):
    """A token at the only time that it is shown."""

    token: str = Field(description="For the header `Authorization: Bearer …`")
