"""Bodies of the exchange with regional systems."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from services.api.http.dates import Clock
from services.api.http.ids import RowNumber
from services.api.http.numbers import Whole
from services.api.http.refusals import RefusedValueError
from services.api.http.texts import text_up_to
from shared.domain.endpoints import LONGEST_URL, webhook_endpoint
from shared.domain.exchange.datasets import DatasetCode, TargetKind
from shared.domain.exchange.differences import Obstacle
from shared.domain.exchange.schedule import Rhythm

MOST_CODES = 200
MOST_DAYS = 36_600  # a century
LONGEST_OVERLAP = 168  # hours

IdentifierKind = Literal["code", "fis_oko_login", "gia_code", "inn", "ogrn", "internal"]
SubjectCode = Annotated[str, text_up_to(60)]
SubjectCodes = Annotated[
    dict[SubjectCode, SubjectCode],
    Field(
        max_length=MOST_CODES,
        description="The region's codes by ours; empty: ours are sent",
    ),
]
_EXAMPLE: dict[str, Any] = {
    "name": "Региональная система",
    "url": "https://region.example.ru/podyom",
    "identifier_kind": "fis_oko_login",
    "subject_codes": {"mathematics": "MAT", "russian": "RUS"},
    "rhythm": "daily",
    "at_time": "21:00",
}


class ExchangeTargetPut(BaseModel):
    """Where rows go, by which codes, and when."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {**_EXAMPLE, "is_active": True}}
    )

    name: Annotated[str, text_up_to(200)]
    url: Annotated[
        str | None,
        Field(max_length=LONGEST_URL, description="For calls only; https"),
    ] = None
    identifier_kind: IdentifierKind = Field(
        description="By which code schools are known there; `code` is our own"
    )
    subject_codes: SubjectCodes = {}
    rhythm: Rhythm
    at_time: Clock | None = Field(None, description="In the zone; not on change")
    weekday: Annotated[
        Whole | None, Field(ge=1, le=7, description="1 is Monday; for weeks only")
    ] = None
    is_active: StrictBool = True
    bytes_kept_days: Annotated[
        Whole | None,
        Field(
            ge=1,
            le=MOST_DAYS,
            description="After the end of a push; receipts stay. Null: for ever",
        ),
    ] = None

    def values(self) -> dict[str, Any]:
        """Return what can be changed, as the table has it."""
        return {name: getattr(self, name) for name in ExchangeTargetPut.model_fields}

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if (self.rhythm is Rhythm.ON_CHANGE) is not (self.at_time is None):
            raise RefusedValueError(
                "at_time нужен для daily и weekly, и только для них.",
                "at_time is for daily and weekly, and for these only.",
            )
        if (self.rhythm is Rhythm.WEEKLY) is not (self.weekday is not None):
            raise RefusedValueError(
                "weekday нужен для weekly, и только для него.",
                "weekday is for weekly, and for that only.",
            )
        return self


class ExchangeTargetIn(ExchangeTargetPut):
    """A regional system; what it is sent, whose and how, stays as it is.

    Without a place it is the caller's own municipality.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                **_EXAMPLE,
                "municipality_id": 1,
                "dataset": "results",
                "kind": "http",
            }
        },
    )

    municipality_id: RowNumber | None = None
    region_id: RowNumber | None = None
    dataset: DatasetCode
    kind: TargetKind = Field(
        description="A call, or a file that is laid down in the file store"
    )


class ExchangeTargetOut(BaseModel):
    """A regional system; of its address only the origin is shown."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int | None
    region_id: int | None
    name: str
    dataset: DatasetCode
    kind: TargetKind
    origin: str | None
    identifier_kind: IdentifierKind
    subject_codes: dict[str, str]
    rhythm: Rhythm
    at_time: Clock | None
    weekday: int | None
    time_zone: str
    is_active: bool
    bytes_kept_days: int | None
    former_until: datetime | None = Field(
        description="Till when the secret before signs as well; real time"
    )
    version: int
    created_at: datetime
    updated_at: datetime

    @model_validator(mode="before")
    @classmethod
    def _with_origin(cls, row: Any) -> Any:
        if isinstance(row, dict):
            return row
        origin = None if row.url is None else webhook_endpoint(row.url).origin
        return {**row._asdict(), "origin": origin}


class NewExchangeTargetOut(ExchangeTargetOut):
    """A regional system with what signs calls, at the only time that it is shown."""

    secret: str | None = Field(description="Standard Webhooks; null for files")


class ExchangeSecretIn(BaseModel):
    """How long the present secret signs beside the new one."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"overlap_hours": 24}]}
    )

    overlap_hours: Annotated[Whole, Field(ge=0, le=LONGEST_OVERLAP)] = 24


class HeldOut(BaseModel):
    """Rows that stay here for want of a code."""

    model_config = ConfigDict(from_attributes=True)

    obstacle: Obstacle
    school_id: int | None
    name: str = Field(description="Of the school, or our code of the subject")
    rows: int


class ExchangePreviewOut(BaseModel):
    """What would go out now; `rows` are the first of them as they would look."""

    upserts: int
    deletes: int
    unchanged: int
    held: list[HeldOut]
    rows: list[dict[str, Any]]
    deleted_keys: list[str]


class ExchangeRunOut(BaseModel):
    """That what is different goes out now."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    target_id: int
    asked_at: datetime
    held: list[HeldOut] = Field(description="What will stay here, as things are")


class ExchangeFileOut(BaseModel):
    """A file of a push: the very bytes that left."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    name: str
    media_type: str
    sha256: str
    is_kept: bool = Field(description="Whether its bytes can still be read")


class ExchangePushOut(BaseModel):
    """A push and its receipt; times are real ones, in a sandbox too."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    target_id: int
    municipality_id: int | None
    sequence: int
    key: str = Field(description="`Idempotency-Key` of all attempts")
    status: Literal["sending", "accepted", "refused"]
    cause: Literal["schedule", "change", "asked"]
    asked_by: int | None
    upserts: int
    deletes: int
    unchanged: int
    held: list[HeldOut]
    attempts: int
    made_at: datetime
    next_try_at: datetime | None
    ended_at: datetime | None
    code: int | None = Field(description="Status of the last answer")
    answer: str | None
    receipt: str | None = Field(description="The number that the other side gave")
    files: list[ExchangeFileOut]
