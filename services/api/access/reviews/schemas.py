"""Bodies of reviews of access."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from shared.domain.permissions import Permission, Role

Level = Literal[
    "installation", "region", "municipality", "school", "successor", "agreement"
]


class AccessOut(BaseModel):
    """Somebody or something that reads of the school, and by which right."""

    kind: Literal["account", "api_token", "client", "agreement"]
    id: int = Field(description="Number of the account, token, client or agreement")
    name: str = Field(
        description="Title of the office, name of the program, or the mentor school"
    )
    level: Level = Field(
        description="What it is for: all, the region, the municipality, the school, "
        "one that took it over, or the mentor school of an agreement in force"
    )
    role: Role | None = Field(description="Of an account")
    permissions: list[Permission] = Field(
        description="Of an account, by its role; of a program, its scopes"
    )
    shared_datasets: list[str] = Field(description="Of an agreement")
    issuer_id: int | None = Field(description="Account that lent a program its rights")
    created_at: datetime
    expires_at: datetime | None = Field(
        description="Of a program; of an agreement, its last day"
    )
    last_used_at: datetime | None = Field(
        description="As far back as sessions are kept; null also of agreements"
    )
    is_unused: bool = Field(
        description="There for `unused_days`, and not used since; never an agreement"
    )


class AccessReviewOut(BaseModel):
    """Who can read a school's data at this moment."""

    school_id: int
    school_name: str
    municipality_id: int
    unused_days: int
    n_unused: int
    access: list[AccessOut]
