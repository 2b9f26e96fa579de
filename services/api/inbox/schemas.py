"""Bodies of inboxes and of the delivery log."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.pagination import PageOut

Channel = Literal["mail", "inbox"]
ReminderStatus = Literal["planned", "sent", "dead", "withdrawn"]


class MessageOut(BaseModel):
    """A message in its recipient's inbox."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    school_id: int | None
    deadline_id: int | None = Field(
        description="Null where the message tells of several deadlines"
    )
    subject: str
    body: str
    created_at: datetime
    read_at: datetime | None = Field(description="Null until it has been read")
    synthetic: bool


class InboxOut(PageOut[MessageOut]):
    """A page of an inbox; `unread_count` is of the whole inbox."""

    unread_count: int


class UnreadOut(BaseModel):
    """How many messages of an inbox have not been read."""

    unread_count: int
    newest_id: int = Field(
        description="Number of the newest message, as in Last-Event-ID; 0 without any"
    )


class ReminderOut(BaseModel):
    """What became of a reminder; to whom by role and school, never by address."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    school_id: int | None
    school_name: str | None
    recipient_role: str | None = Field(
        description="The role of the account, or the post of a contact; null for a "
        "removed account"
    )
    deadline_id: int
    measure_number: str | None
    measure_title: str | None
    due_on: date = Field(description="The day that was reminded of")
    rule: str
    channel: Channel
    status: ReminderStatus
    reason: str | None = Field(description="Why it was withdrawn, as a code")
    is_late: bool = Field(description="Later than the rule foresees")
    attempts: int
    planned_at: datetime
    next_try_at: datetime | None = Field(
        description="Earliest next attempt, in real time even in a sandbox; null once "
        "the reminder is sent, withdrawn or given up"
    )
    sent_at: datetime | None
    last_error: str | None
    message_id: str | None = Field(description="Message-ID of a mail")
    synthetic: bool
