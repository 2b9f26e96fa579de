"""What the caller says of a file, and how far the file has been read."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from shared.domain.sittings import Season

VPR: Final = "vpr"


@dataclass(slots=True)
class Meter:
    """How many rows of a file have been read, of how many; 0 is not known yet."""

    read: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOptions:
    """What a file does not say itself; None where the caller said nothing either.

    `academic_year` is the year's start. The reader moves `meter` on while it reads.
    """

    procedure: str = VPR
    season: Season | None = None
    school_id: int | None = None
    subject: str | None = None
    academic_year: int | None = None
    grade: int | None = None
    written_on: date | None = None
    meter: Meter = field(default_factory=Meter, compare=False)

    def stated(self) -> dict[str, Any]:
        """Return everything but the meter, as JSON can hold it."""
        values = asdict(self) | {"written_on": self.written_on and str(self.written_on)}
        return {name: value for name, value in values.items() if name != "meter"}
