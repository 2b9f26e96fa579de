"""Bodies of signing in."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.permissions import Permission, Role

LONGEST_PASSWORD = 1000  # characters; hashing takes time with the length


class TokenOut(BaseModel):
    """A bearer token; `expires_in` is in seconds."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105 (a kind of token, not a secret)
    expires_in: int


class ProfileOut(BaseModel):
    """The account that the request acts for, and what it may do."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    login: str
    role: Role
    display_name: str
    language: str
    region_id: int | None = Field(description="Of an account for a whole region")
    region_name: str | None
    municipality_id: int | None
    municipality_name: str | None
    school_id: int | None
    school_name: str | None
    permissions: list[Permission] = []


class SessionOut(BaseModel):
    """A sign-in that still goes on; times are real ones, in a sandbox too."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    created_at: datetime
    last_seen_at: datetime = Field(description="To the minute or so")
    expires_at: datetime
    address: str | None
    user_agent: str | None
    is_current: bool = Field(default=False, description="It is the one that asks")


class PasswordIn(BaseModel):
    """The password as it is and as it shall be."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "old_password": "what it has been",
                "new_password": "what it is to be",
            }
        },
    )

    old_password: str = Field(max_length=LONGEST_PASSWORD)
    new_password: str = Field(max_length=LONGEST_PASSWORD)
