"""Bodies of signing in."""

from pydantic import BaseModel, ConfigDict

from shared.domain.permissions import Permission, Role


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
    municipality_id: int | None
    municipality_name: str | None
    school_id: int | None
    school_name: str | None
    permissions: list[Permission] = []
