"""Rows of a file as they are handed to the database: batch by batch, in columns."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.api.imports.readers.rows import BadRow, SkippedRow
from services.api.imports.records import stored_fault, stored_text
from services.api.imports.targets import Draft


@dataclass(slots=True)
class Batch:
    """Lines of a file, one list for each column; JSON is text."""

    sheets: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    records: list[str | None] = field(default_factory=list)
    when_new: list[str | None] = field(default_factory=list)
    faults: list[str | None] = field(default_factory=list)
    cells: list[str | None] = field(default_factory=list)

    def add(self, row: Draft | BadRow, columns: tuple[str, ...]) -> None:
        """Add a line; of a bad row, keep only the cells of these columns."""
        self.sheets.append(stored_text(row.sheet))
        self.rows.append(row.row)
        if isinstance(row, Draft):
            self.records.append(json.dumps(row.record, ensure_ascii=False))
            self.when_new.append(
                json.dumps(dict(row.when_new)) if row.when_new else None
            )
            self.faults.append(None)
            self.cells.append(None)
        else:
            self.records.append(None)
            self.when_new.append(None)
            self.faults.append(json.dumps([stored_fault(each) for each in row.faults]))
            self.cells.append(_stored_cells(row.cells, columns))


@dataclass(slots=True)
class ReadBatch:
    """What a batch of rows has come to; `drafts` are by their place in `lines`."""

    lines: Batch
    drafts: list[Draft | None]
    skipped: Counter[str]
    warnings: list[Any] = field(default_factory=list)


def batch_of(
    rows: Iterable[Draft | BadRow | SkippedRow], columns: tuple[str, ...]
) -> ReadBatch:
    """Put rows into columns, and count those that are skipped."""
    batch = ReadBatch(Batch(), [], Counter())
    for row in rows:
        if isinstance(row, SkippedRow):
            batch.skipped[row.reason] += 1
        else:
            batch.lines.add(row, columns)
            batch.drafts.append(row if isinstance(row, Draft) else None)
    return batch


def _stored_cells(cells: Mapping[str, Any], columns: tuple[str, ...]) -> str | None:
    kept = {
        title: stored_text(cell) if isinstance(cell, str) else cell
        for title, cell in cells.items()
        if title in columns
    }
    return json.dumps(kept, ensure_ascii=False, default=str) if kept else None
