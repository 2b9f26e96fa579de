"""Bodies of imports."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.ids import RowId
from services.api.http.problems import FaultOut
from services.api.imports.records import (
    Action,
    CommitMode,
    Status,
    StoredFault,
    StoredImport,
    StoredLine,
    fault_of,
)
from shared.domain.sittings import Season

CODE = r"^[a-z][a-z0-9_-]{0,99}$"


class CountsOut(BaseModel):
    """How many rows committing makes new results, changes, leaves; or cannot take.

    `skipped` rows are not wrong and not taken; `skipped_by` says why: `total`,
    `repeated`, `note`, `other_municipality`.
    """

    new: int
    changed: int
    unchanged: int
    bad: int
    skipped: int
    skipped_by: dict[str, int]


class LineOut(BaseModel):
    """A row of a file and what committing it does; a bad one lists all its faults."""

    id: int
    sheet: str
    row: int = Field(description="1-based, as a spreadsheet shows it")
    action: Action
    target_id: int | None = Field(
        description="What there is already, or the number that something new will have"
    )
    record: dict[str, Any] | None = Field(
        description=(
            "The key and the figures that the row states, by columns of the dataset"
        )
    )
    faults: list[FaultOut]

    @classmethod
    def of(cls, line: StoredLine, language: str) -> Self:
        """Translate a stored line."""
        faults = faults_out(line.faults, language)
        return cls.model_validate(asdict(line) | {"faults": faults})


class ImportFilter(BaseModel):
    """What the list of files is narrowed to."""

    municipality_id: RowId | None = None
    school_id: RowId | None = Field(None, description="Files that the school uploaded")
    file_format: str | None = Field(None, pattern=CODE)
    status: Status | None = None
    sha256: str | None = Field(
        None, pattern="^[0-9a-f]{64}$", description="Only uploads of these bytes"
    )


class ImportOut(BaseModel):
    """An uploaded file.

    `already_committed_as` is an earlier import of the same bytes that was committed.
    While `status` is `reading`, `rows_read` of `rows_total` rows are; where it is
    `failed`, the warnings say why.
    """

    id: int
    municipality_id: int
    school_id: int | None = Field(
        None, description="The school that uploaded it; null for the municipality"
    )
    file_format: str
    file_name: str
    sha256: str
    status: Status
    procedure: str
    season: Season | None
    rows_read: int
    rows_total: int
    counts: CountsOut
    warnings: list[FaultOut]
    already_committed_as: int | None
    synthetic: bool
    created_by: int
    created_at: datetime
    committed_at: datetime | None
    committed_mode: CommitMode | None
    undone_at: datetime | None
    undo_reason: str | None
    reason: str | None = Field(None, description="Why closed years are changed")

    @classmethod
    def of(cls, row: StoredImport, language: str, **more: Any) -> Self:
        """Translate a stored import."""
        fields = dict(row.options) | asdict(row) | more
        fields["warnings"] = faults_out(row.warnings, language)
        return cls.model_validate(fields)


class ImportDetailOut(ImportOut):
    """An uploaded file with its first bad rows; all of them: `…/lines?action=bad`."""

    bad_rows: list[LineOut]


class CommitIn(BaseModel):
    """`all_or_nothing` refuses a file with bad rows; `partial` leaves those out."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"mode": "all_or_nothing"}}
    )

    mode: CommitMode


class CommitOut(BaseModel):
    """What was committed: rows that made new results, changed or left them.

    `left_out` are the bad rows; the indicators of `academic_years` are computed anew.
    """

    id: int
    status: Literal["committed"] = "committed"
    mode: CommitMode
    committed_at: datetime
    new: int
    changed: int
    unchanged: int
    left_out: int
    academic_years: list[int]
    synthetic: bool


class FormatOut(BaseModel):
    """A format of files: what may be said of one beside it, and what must be.

    `columns` are the titles of the workbook of bad rows; empty where there is none.
    """

    code: str
    title: str
    columns: list[str]
    options: list[str]
    required: list[str]
    procedure: str = Field(description="What is meant where none is named")


class FormatListOut(BaseModel):
    """All formats."""

    items: list[FormatOut]


class UndoOut(BaseModel):
    """What was taken back: rows that were removed, and rows with their old values.

    The indicators of `academic_years` are computed anew.
    """

    id: int
    status: Literal["undone"] = "undone"
    undone_at: datetime
    removed: int
    restored: int
    academic_years: list[int]
    synthetic: bool


def faults_out(stored: list[StoredFault], language: str) -> list[FaultOut]:
    """Return stored faults in the language of the request."""
    return [FaultOut.of(fault_of(each), language) for each in stored]
