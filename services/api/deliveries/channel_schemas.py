"""Bodies of one's own channels."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from shared.domain.endpoints import LONGEST_URL

OwnChannel = Literal["webhook", "messenger"]


class ReminderChannelIn(BaseModel):
    """Where reminders shall go."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"url": "https://hooks.example.org/podyom?key=of-yours"}]
        },
    )

    url: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=LONGEST_URL)
    ] = Field(
        description="https://… of a webhook, or an Apprise address of a messenger such "
        "as tgram://{token}/{chat}; it is not shown again"
    )
    rotates_secret: StrictBool = Field(
        default=False, description="Give the webhook another secret to check it by"
    )


class ReminderChannelOut(BaseModel):
    """A channel of one's own, without the secret parts of its address."""

    model_config = ConfigDict(from_attributes=True)

    channel: OwnChannel
    shown: str = Field(description="Host of a webhook, or name of a messenger")
    changed_at: datetime
    gone_at: datetime | None = Field(
        description="Since when it is not used: the other side said that it is gone, "
        "or it refused for days. Setting it again takes it back into use"
    )
    test_asked_at: datetime | None
    tested_at: datetime | None
    test_outcome: Literal["sent", "put_off", "refused"] | None
    test_reply: str | None


class NewReminderChannelOut(ReminderChannelOut):
    """A channel that was just set."""

    secret: str | None = Field(
        description="What a new webhook is signed with (Standard Webhooks); it is not "
        "shown again"
    )


class ReminderChannelsOut(BaseModel):
    """One's own channels besides inbox and mail."""

    items: list[ReminderChannelOut]
