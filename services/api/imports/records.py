"""What the repository reads of imports, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.domain.errors import Fault, Text

LONGEST_TEXT = 1000

StoredFault = Mapping[str, Any]


class Status(StrEnum):
    """How far an import has come; only what is `PREVIEWED` can be committed."""

    READING = "reading"
    FAILED = "failed"
    PREVIEWED = "previewed"
    COMMITTED = "committed"
    UNDONE = "undone"


class Action(StrEnum):
    """What committing a row does."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    BAD = "bad"


class CommitMode(StrEnum):
    """Whether rows are committed although others of the file are bad."""

    ALL_OR_NOTHING = "all_or_nothing"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class Municipality:
    """The municipality that a file is for; `only_school` where one school sends it."""

    id: int
    name: str
    only_school: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredImport:
    """An uploaded file as it is kept; `counts` are of rows by action.

    `school_id` is the school that uploaded it, if not the municipality.
    `already_committed_as` is an import of the same bytes that was committed. While
    the file is read, `read_at` is the last sign of life, by the machine's clock.
    """

    id: int
    municipality_id: int
    file_format: str
    file_name: str
    sha256: str
    status: str
    options: Mapping[str, Any]
    counts: Mapping[str, Any]
    warnings: list[StoredFault]
    created_by: int
    created_at: datetime
    committed_at: datetime | None
    committed_mode: str | None
    rows_read: int
    rows_total: int
    read_at: datetime | None
    undone_at: datetime | None
    undo_reason: str | None
    school_id: int | None
    synthetic: bool
    already_committed_as: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLine:
    """A row of a file as it is kept."""

    id: int
    sheet: str
    row: int
    action: str
    record: Mapping[str, Any] | None
    target_id: int | None
    cells: Mapping[str, Any] | None
    faults: list[StoredFault]


def stored_fault(fault: Fault) -> StoredFault:
    """Return a fault as it is kept."""
    return {
        "sheet": fault.sheet and stored_text(fault.sheet),
        "row": fault.row,
        "column": fault.column,
        "value": fault.value and stored_text(fault.value),
        "reason_ru": stored_text(fault.reason.ru),
        "reason_en": stored_text(fault.reason.en),
    }


def fault_of(stored: StoredFault) -> Fault:
    """Return a fault as it was before it was kept."""
    return Fault(
        reason=Text(stored["reason_ru"], stored["reason_en"]),
        sheet=stored["sheet"],
        row=stored["row"],
        column=stored["column"],
        value=stored["value"],
    )


def stored_text(text: str) -> str:
    """Return what of a text from a file is kept: PostgreSQL's hold no U+0000."""
    return text.replace("\0", "")[:LONGEST_TEXT]
