"""What the repository reads of results, as plain values."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class SchoolScope:
    """Whose results a school's are, and whether they are generated ones."""

    municipality_id: int
    synthetic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFilter:
    """What a list is narrowed to; None does not narrow."""

    school_id: int | None = None
    lineage_of: int | None = None
    municipality_id: int | None = None
    academic_year: int | None = None
    procedure: str | None = None
    subject: str | None = None
    programme_grade: int | None = None
    pupil_grade: int | None = None

    @property
    def given(self) -> dict[str, Any]:
        """What narrows, by the name of the column."""
        return {
            name: value for name, value in asdict(self).items() if value is not None
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResult:
    """A result as it is kept; `percentages` are the figures of its file."""

    id: int
    municipality_id: int
    school_id: int
    procedure: str
    subject: str
    programme_grade: int
    pupil_grade: int
    academic_year: int
    written_on: date | None
    wave: int
    n: int
    n2: int | None
    n3: int | None
    n4: int | None
    n5: int | None
    n_absent: int
    n_ungraded: int
    n_below_minimum: int | None
    mean_primary_score: float | None
    max_primary_score: float | None
    mean_test_score: float | None
    n_lower: int | None
    n_equal: int | None
    n_higher: int | None
    n_gap_2: int | None
    observed: bool | None
    score_counts: dict[str, int] | None
    counts_rebuilt: bool
    percentages: dict[str, float] | None
    import_id: int | None
    import_sheet: str | None
    import_row: int | None
    synthetic: bool
    version: int
    created_at: datetime
    updated_at: datetime
