"""Plain values that the parts of this feature hand each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Home:
    """Whose a row is: a school's, or of the municipality as a whole."""

    municipality_id: int
    school_id: int | None
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows; `equal` are columns with the value that each must have."""

    municipality_id: int | None
    academic_year: int | None
    equal: Mapping[str, Any]


class Taken(StrEnum):
    """Why the database refused a change."""

    KEY = "key"
    REFERENCE = "reference"
