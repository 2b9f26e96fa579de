"""What the sending of rows to regional systems passes between its parts."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from services.notifier.exchange.rendering import RenderedFile
from shared.domain.exchange.schedule import Rhythm
from shared.persistence.exchange import ExchangeTarget


class Cause(StrEnum):
    """Why a push was made."""

    SCHEDULE = "schedule"
    CHANGE = "change"
    ASKED = "asked"


class Status(StrEnum):
    """How far a push is."""

    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a target's rows go, signed by all secrets that are valid, and when."""

    target: ExchangeTarget
    url: str | None = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    is_active: bool
    version: int
    rhythm: Rhythm
    at_time: time | None
    weekday: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How far a target is; see `ExchangeStateRow`."""

    sequence: int
    version: int
    next_run_at: datetime | None
    run_id: int
    number: int
    is_owed: bool
    largest: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a push is due: the newest wish and change that it answers."""

    cause: Cause
    asked_by: int | None
    run_id: int
    number: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """A push that is to be sent now, by the process that leased it."""

    push_id: int
    target_id: int
    kind: str
    url: str | None = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    key: str
    sequence: int
    attempts: int
    leased_until: datetime
    files: tuple[RenderedFile, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the other side said; `again_in` is there where it is to be tried again."""

    status: Status
    code: int | None
    answer: str
    receipt: str | None = None
    again_in: timedelta | None = None
    is_too_large: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A target that is to be sent something now."""

    address: Address
    state: State
    reason: Reason
