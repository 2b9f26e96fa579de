"""Bodies of invitations."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.api.access.oidc.schemas import LONGEST_NONCE, LONGEST_TOKEN
from services.api.access.schemas import LONGEST_PASSWORD
from services.api.http.dates import Moment
from services.api.http.ids import RowNumber
from services.api.http.refusals import RefusedValueError
from shared.domain.permissions import Role

LOGIN_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._@-]{2,63}$"
EMAIL_PATTERN = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
LONGEST_EMAIL = 254  # characters (RFC 5321)
LONGEST_CODE = 100


class InvitationIn(BaseModel):
    """The account that may be opened, and until when.

    A coordinator need not name the own municipality.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "role": "school_editor",
                "school_id": 4,
                "email": "school@example.org",
                "expires_at": "2027-01-31T00:00:00Z",
            }
        },
    )

    role: Role
    region_id: RowNumber | None = None
    municipality_id: RowNumber | None = None
    school_id: RowNumber | None = None
    email: Annotated[
        str | None, Field(max_length=LONGEST_EMAIL, pattern=EMAIL_PATTERN)
    ] = None
    expires_at: Moment = Field(description="By the real clock; 90 days at most")


class InvitationOut(BaseModel):
    """An invitation without its code; times are real ones, in a sandbox too."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    role: Role
    region_id: int | None
    municipality_id: int | None
    school_id: int | None
    email: str | None
    issuer_id: int
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    account_id: int | None = Field(description="The account that came of it")
    revoked_at: datetime | None


class NewInvitationOut(InvitationOut):
    """An invitation at the only time that its code is shown."""

    code: str


class AcceptanceIn(BaseModel):
    """Opening the account that one was invited to.

    Either with a password, or with an ID token of the identity provider, which will
    be the way to sign in.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "code": "the-code-of-the-invitation",
                "login": "school.four",
                "password": "twelve characters or more",
            }
        },
    )

    code: Annotated[str, Field(min_length=1, max_length=LONGEST_CODE)]
    login: Annotated[str, Field(pattern=LOGIN_PATTERN)]
    password: Annotated[str | None, Field(max_length=LONGEST_PASSWORD)] = None
    id_token: Annotated[str | None, Field(max_length=LONGEST_TOKEN)] = None
    nonce: Annotated[str | None, Field(max_length=LONGEST_NONCE)] = None
    language: Literal["ru", "en"] = "ru"

    @model_validator(mode="after")
    def _proves_once(self) -> Self:
        if (self.password is None) is (self.id_token is None):
            raise RefusedValueError(
                "Укажите либо password, либо id_token.",
                "Give either password or id_token.",
            )
        return self


class AcceptedOut(BaseModel):
    """The account that was opened; sign in with POST /v1/tokens."""

    account_id: int
    login: str
    role: Role
