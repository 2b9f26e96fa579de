"""Bodies of webhook endpoints."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.api.http.dates import Moment
from services.api.http.ids import RowNumber
from services.api.http.numbers import Whole
from services.api.http.refusals import RefusedValueError
from services.api.http.texts import text_up_to
from shared.contracts.domain_events import DomainEvent
from shared.domain.endpoints import LONGEST_URL
from shared.domain.webhook_keys import Scheme

LONGEST_NAME = 100  # characters
LONGEST_OVERLAP = 168  # hours

EndpointStatus = Literal["active", "paused", "disabled"]
Name = Annotated[str, text_up_to(LONGEST_NAME)]
Url = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_URL)]
Events = Annotated[list[DomainEvent], Field(min_length=1, max_length=100)]
Datasets = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=100)]], Field(max_length=100)
]


class WebhookEndpointIn(BaseModel):
    """A system to be told of events; without a place, of the caller's own part."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "name": "Региональный портал",
                    "url": "https://hooks.example.org/podyom?key=of-yours",
                    "events": ["import.committed", "deadline.missed"],
                }
            ]
        },
    )

    name: Name
    url: Url = Field(description="https://…; it is not shown again")
    events: Events = Field(
        default_factory=lambda: list(DomainEvent), description="All if omitted"
    )
    datasets: Datasets = Field(
        default_factory=list, description="Only events about these; none: about any"
    )
    signatures: Annotated[list[Scheme], Field(min_length=1, max_length=2)] = Field(
        default_factory=lambda: [Scheme.V1],
        description="`v1`: HMAC with a secret; `v1a`: ed25519 with a public key",
    )
    region_id: RowNumber | None = None
    municipality_id: RowNumber | None = None
    school_id: RowNumber | None = None


class WebhookEndpointPatch(BaseModel):
    """What of an endpoint is to change; another address enables it anew."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"events": ["deadline.missed"]}]},
    )

    name: Name | None = None
    url: Url | None = None
    events: Events | None = None
    datasets: Datasets | None = None


class WebhookKeyOut(BaseModel):
    """A key that webhooks are signed with; times are real ones, in a sandbox too."""

    model_config = ConfigDict(from_attributes=True)

    scheme: Scheme
    public_key: str | None = Field(description="`whpk_…` of `v1a`; null of `v1`")
    created_at: datetime
    valid_until: datetime | None = Field(description="Null while it is in use")


class WebhookEndpointOut(BaseModel):
    """An endpoint without what is secret of it; times are real ones."""

    id: int
    name: str
    region_id: int | None
    municipality_id: int | None
    school_id: int | None
    shown: str = Field(description="Scheme and host of the address")
    events: list[str]
    datasets: list[str]
    status: EndpointStatus
    disabled_at: datetime | None
    disabled_reason: Literal["gone", "failing"] | None
    failing_since: datetime | None
    held_until: datetime | None = Field(
        description="The system asked to be left alone until then"
    )
    delivered_at: datetime | None = Field(description="The last that it accepted")
    waiting: int = Field(description="Events that wait to be sent")
    from_number: int = Field(description="Events after this number of the feed")
    keys: list[WebhookKeyOut]
    created_by: int
    created_at: datetime

    @classmethod
    def of(cls, row: Any, keys: list[Any]) -> Self:
        """Translate an endpoint with its keys."""
        status: EndpointStatus = "paused" if row.is_paused else "active"
        if row.disabled_at is not None:
            status = "disabled"
        return cls(
            **{
                name: getattr(row, name)
                for name in WebhookEndpointOut.model_fields
                if name not in {"status", "keys"}
            },
            status=status,
            keys=[WebhookKeyOut.model_validate(each) for each in keys],
        )


class NewWebhookEndpointOut(WebhookEndpointOut):
    """An endpoint at the only time that its secret is shown."""

    secret: str | None = Field(description="`whsec_…` to check `v1` by; else null")


class WebhookSecretIn(BaseModel):
    """Which key is to be replaced, and how long the old one signs beside the new."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"scheme": "v1", "overlap_hours": 24}]},
    )

    scheme: Scheme = Scheme.V1
    overlap_hours: Whole = Field(24, ge=0, le=LONGEST_OVERLAP)


class WebhookReplayIn(BaseModel):
    """Which events are wanted once more: by their numbers, or by when they were."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"first_number": 1, "last_number": 1000}]},
    )

    first_number: RowNumber | None = None
    last_number: RowNumber | None = None
    since: Moment | None = Field(None, description="By the system's own clock")
    until: Moment | None = Field(None, description="Before then")

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        numbers = (self.first_number, self.last_number)
        times = (self.since, self.until)
        is_of_numbers = None not in numbers and times == (None, None)
        is_of_times = None not in times and numbers == (None, None)
        if not is_of_numbers and not is_of_times:
            raise RefusedValueError(
                "Укажите first_number и last_number либо since и until.",
                "Give first_number and last_number, or since and until.",
            )
        lower, upper = numbers if is_of_numbers else times
        if lower > upper:  # type: ignore[operator]
            raise RefusedValueError(
                "Начало промежутка позже его конца.",
                "The range begins after its end.",
            )
        return self


class WebhookTestOut(BaseModel):
    """A test that is on its way: an event `webhook.test` in the list of deliveries."""

    endpoint_id: int
    asked_at: datetime


class WebhookReplayOut(BaseModel):
    """A wish to have events once more; null until the notifier has seen to it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    first_number: int
    last_number: int
    requested_at: datetime
    done_at: datetime | None
    count: int | None = Field(description="Events that were put on their way by it")


class WebhookDeliveryOut(BaseModel):
    """An event on its way to an endpoint, or what became of it; times are real."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    number: int = Field(description="Of the change feed")
    webhook_id: str = Field(description="The header `webhook-id` of every attempt")
    event: str
    municipality_id: int
    school_id: int | None
    previous_number: int | None
    status: Literal["waiting", "delivered", "failed"]
    attempts: int
    replays: int
    created_at: datetime
    next_try_at: datetime | None = Field(description="Null unless it waits")
    ended_at: datetime | None


class WebhookAttemptOut(BaseModel):
    """A call of an endpoint; `lost` is one whose process died."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    number: int
    event: str
    started_at: datetime
    duration_ms: int | None
    outcome: Literal["delivered", "put_off", "failed", "lost"]
    code: int | None = Field(description="Status of the answer; null without one")
    reply: str | None = Field(description="How the answer begins, or why there is none")
