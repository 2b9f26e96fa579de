"""Bodies of inboxes and of the delivery log."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.pagination import PageOut
from shared.domain.permissions import Role

Channel = Literal["mail", "inbox"]
ReminderStatus = Literal["planned", "sent", "dead"]


class MessageOut(BaseModel):
    """A reminder in its recipient's inbox."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    school_id: int | None
    deadline_id: int
    subject: str
    body: str
    created_at: datetime
    read_at: datetime | None = Field(description="Null until it has been read")
    synthetic: bool


class InboxOut(PageOut[MessageOut]):
    """A page of an inbox; `unread_count` is of the whole inbox."""

    unread_count: int


class ReminderOut(BaseModel):
    """What became of a reminder; to whom by role and school, never by address."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    school_id: int | None
    school_name: str | None
    recipient_role: Role | None = Field(description="Null for a removed account")
    deadline_id: int
    measure_number: str | None
    measure_title: str | None
    rule: str
    channel: Channel
    status: ReminderStatus
    is_late: bool = Field(description="Later than the rule foresees")
    attempts: int
    planned_at: datetime
    next_try_at: datetime | None = Field(
        description="Earliest next attempt, in real time even in a sandbox; null once "
        "the reminder is sent or given up"
    )
    sent_at: datetime | None
    last_error: str | None
    message_id: str | None = Field(description="Message-ID of a mail")
    synthetic: bool
