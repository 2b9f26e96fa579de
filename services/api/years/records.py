"""What the repository reads and writes of years, as plain values."""

from dataclasses import dataclass
from datetime import date

from shared.domain.data_years import YearState


@dataclass(frozen=True, slots=True)
class Place:
    """Whose year it is: a school's, or the municipality's with all of its schools."""

    municipality_id: int
    school_id: int | None


@dataclass(frozen=True, slots=True)
class StoredYear:
    """A year that a step is taken in; without an id nothing has been done with it."""

    id: int | None
    school_id: int | None
    state: YearState


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What a step is taken by: a comment or reason, and the order if there is one."""

    note: str | None = None
    order_number: str | None = None
    order_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFilter:
    """What a list is narrowed to; None does not narrow."""

    academic_year: int
    municipality_id: int | None = None
    school_id: int | None = None
    state: YearState | None = None
