"""Bodies of the delivery log, of resends and of bounces."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from services.api.http.dates import Moment
from services.api.http.ids import LARGEST_ID
from services.api.http.numbers import Whole
from services.api.http.refusals import RefusedValueError

Channel = Literal["mail", "inbox", "webhook", "messenger"]
DeliveryStatus = Literal["planned", "sent", "dead", "withdrawn"]
Outcome = Literal["sent", "put_off", "refused", "lost", "unreachable", "no_address"]
Resendable = Literal["sent", "dead"]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class DeliveryOut(BaseModel):
    """A message on its way, or what became of it; never with an address."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    school_id: int | None
    school_name: str | None
    recipient_id: int | None
    recipient_role: str | None = Field(
        description="The role of the account, or the post of a contact"
    )
    channel: Channel
    kind: str
    status: DeliveryStatus
    deadline_ids: list[int] = Field(description="What it tells of")
    attempts: int
    resends: int = Field(description="How often somebody had it sent once more")
    planned_at: datetime
    sent_at: datetime | None
    read_at: datetime | None = Field(description="When it was read, in an inbox")
    next_try_at: datetime | None = Field(
        description="Earliest next attempt, in real time even in a sandbox"
    )
    last_error: str | None
    message_id: str | None = Field(description="Message-ID of a mail, id of a webhook")
    synthetic: bool


class AttemptOut(BaseModel):
    """A try to hand a message over; times are real even in a sandbox."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    started_at: datetime | None
    ended_at: datetime
    outcome: Outcome = Field(
        description="lost: the process died, whether it was accepted is not known; "
        "unreachable: the server took nothing at all, from `started_at` on, last tried "
        "at `ended_at`; no_address: nothing could be tried, and `reply` says why"
    )
    code: int | None = Field(description="Reply code of SMTP or HTTP")
    reply: str | None = Field(description="What the other side said, no addresses")
    provider_id: str | None = Field(description="The number that it gave the message")
    tries: int = Field(
        default=1, description="How often a server that is away was looked for"
    )
    back_at: datetime | None = Field(
        default=None, description="When a server that was away answered again"
    )


class LoggedAttemptOut(AttemptOut):
    """An attempt with the message that it was of; never with an address."""

    delivery_id: int
    municipality_id: int
    school_id: int | None
    recipient_id: int | None
    recipient_role: str | None
    channel: Channel
    kind: str
    deadline_ids: list[int]


class DeliveryDetailOut(DeliveryOut):
    """A message with its attempts, oldest first."""

    attempt_log: list[AttemptOut]


class ResendIn(BaseModel):
    """Which messages to send once more, of those that were sent or given up."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "since": "2020-09-16T10:00:00+07:00",
                    "until": "2020-09-16T12:00:00+07:00",
                    "status": "dead",
                    "reason": "Почтовый сервер отвергал письма",
                }
            ]
        },
    )

    since: Moment = Field(description="Planned then or later")
    until: Moment = Field(description="Planned before then")
    status: Resendable = "dead"
    channel: Literal["mail", "webhook", "messenger"] | None = None
    school_id: Whole | None = Field(default=None, ge=1, le=LARGEST_ID)
    reason: Reason | None = None

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.since >= self.until:
            raise RefusedValueError(
                "since должно быть раньше until.", "since must be before until."
            )
        return self


class ResendOneIn(BaseModel):
    """Why a message is sent once more."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"reason": "Письмо не дошло до школы"}]},
    )

    reason: Reason | None = None


class ResendOut(BaseModel):
    """A wish to send messages once more; each goes out under its own key."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    count: int = Field(description="How many messages are meant")
    requested_at: datetime


class BounceIn(BaseModel):
    """That a mail came back: told by its Message-ID, or by the address."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "email": "school@example.org",
                    "kind": "permanent",
                    "reason": "550 5.1.1 User unknown",
                }
            ]
        },
    )

    message_id: Annotated[str, StringConstraints(max_length=300)] | None = None
    email: Annotated[str, StringConstraints(max_length=254)] | None = None
    kind: Literal["permanent", "temporary"] = Field(
        default="permanent",
        description="permanent: nothing more is sent there; temporary: only noted",
    )
    reason: Reason | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.message_id is None) == (self.email is None):
            raise RefusedValueError(
                "Укажите либо message_id, либо email.",
                "Give either message_id or email.",
            )
        return self


class BounceOut(BaseModel):
    """Whose mail came back; the address itself is not shown."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    account_id: int | None
    account_role: str | None
    school_id: int | None
    school_name: str | None
    kind: Literal["permanent", "temporary"]
    reason: str | None
    delivery_id: int | None = Field(description="The message that came back")
    recorded_at: datetime
    cleared_at: datetime | None = Field(
        description="Since then mail is sent there again"
    )
