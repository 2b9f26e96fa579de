"""Bodies of a person's reminder preferences."""

from datetime import time
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.api.http.dates import Clock
from services.api.http.numbers import Whole
from shared.domain.reminders.preferences import Mode


def _known_zone(zone: str) -> str:
    if zone not in available_timezones():
        raise ValueError("not a time zone such as Asia/Krasnoyarsk")
    return zone


Zone = Annotated[str, AfterValidator(_known_zone)]
Language = Literal["ru", "en"]


class PreferencesIn(BaseModel):
    """How a person wants to be reminded.

    Reminders on the last day, overdue ones and alarms come over every channel that is
    set, whatever is said here of it, and the inbox has everything.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "mail": "daily",
                    "webhook": "each",
                    "messenger": "off",
                    "quiet_from": "20:00",
                    "quiet_to": "08:00",
                    "digest_at": "09:00",
                    "digest_weekday": 0,
                    "zone": "Asia/Krasnoyarsk",
                    "language": "ru",
                }
            ]
        },
    )

    mail: Mode = Mode.EACH
    webhook: Mode = Mode.EACH
    messenger: Mode = Mode.EACH
    quiet_from: Clock = Field(
        default=time(21), description="Equal to `quiet_to`: there are no quiet hours"
    )
    quiet_to: Clock = time(7)
    digest_at: Clock = time(8)
    digest_weekday: Annotated[Whole, Field(ge=0, le=6, description="0 is Monday")] = 0
    zone: Zone | None = Field(
        default=None, description="Null: that of the municipality"
    )
    language: Language = "ru"


class PreferencesOut(BaseModel):
    """What a person chose, or the defaults as version 0."""

    mail: Mode
    webhook: Mode
    messenger: Mode
    quiet_from: Clock
    quiet_to: Clock
    digest_at: Clock
    digest_weekday: int
    zone: str | None
    language: Language
    version: int
