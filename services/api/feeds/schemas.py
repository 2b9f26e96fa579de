"""Bodies of feeds."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.ids import RowNumber
from services.api.http.texts import text_up_to

FeedKind = Literal["person", "school", "municipality"]


class FeedIn(BaseModel):
    """Which deadlines a feed shows: one's own, a school's, or a municipality's."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"kind": "municipality", "municipality_id": 1}},
    )

    kind: FeedKind
    municipality_id: RowNumber | None = Field(
        None, description="Of a municipality's feed"
    )
    school_id: RowNumber | None = Field(None, description="Of a school's feed")
    name: Annotated[str, text_up_to(100)] | None = Field(
        None, description="What calendar programs call it"
    )


class FeedOut(BaseModel):
    """A feed; its address was shown once, when it was made."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: FeedKind
    municipality_id: int
    school_id: int | None
    name: str
    created_at: datetime
    revoked_at: datetime | None


class NewFeedOut(FeedOut):
    """A new feed with its address: whoever has that reads the feed."""

    url: str = Field(description="To be subscribed to in a calendar program")
