"""Bodies of looking after accounts."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from services.api.http.ids import RowNumber
from shared.domain.permissions import Role

LONGEST_REASON = 500  # characters
LONGEST_EMAIL = 254  # characters (RFC 5321)
ADDRESS = r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$"


class AccountOut(BaseModel):
    """An account of a person."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    login: str
    role: Role
    region_id: int | None
    municipality_id: int | None
    school_id: int | None
    display_name: str
    email: str | None
    language: str
    is_active: bool
    created_at: datetime
    last_seen_at: datetime | None = Field(
        None, description="To the minute or so, as far back as sessions are kept"
    )


class AccountPatch(BaseModel):
    """What of the account shall be otherwise; what is left out stays.

    Another role may need another place: a school for an editor, none for a methodist.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"role": "school_reader", "reason": "Передача полномочий"}
        },
    )

    is_active: StrictBool | None = Field(
        None, description="false also ends all sessions"
    )
    role: Role | None = None
    region_id: RowNumber | None = None
    municipality_id: RowNumber | None = None
    school_id: RowNumber | None = None
    email: Annotated[
        str | None,
        Field(
            max_length=LONGEST_EMAIL,
            pattern=ADDRESS,
            description="Another address settles that mail came back from the old one",
        ),
    ] = None
    reason: Annotated[str | None, Field(max_length=LONGEST_REASON)] = None
