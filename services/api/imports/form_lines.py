"""The lines of a filled form that change something, as they are kept."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from services.api.imports.records import Action
from shared.domain.errors import Fault, Text
from shared.persistence.tables.results import ImportLineRow
from shared.persistence.work import Work

BATCH: Final = 2_500


@dataclass(frozen=True, slots=True)
class FormLine:
    """A line, the row that it makes or changes, and what that was before."""

    id: int
    sheet: str
    row: int
    record: Mapping[str, Any]
    target_id: int
    previous: Mapping[str, Any] | None

    @property
    def place(self) -> Text:
        """What the line is overlapped with as."""
        return Text(
            f"строкой {self.row} листа «{self.sheet}»",
            f"row {self.row} of the sheet “{self.sheet}”",
        )

    def blamed(self, fault: Fault) -> Fault:
        """Return a fault as one of this line."""
        return Fault(
            reason=fault.reason,
            sheet=self.sheet,
            row=self.row,
            column=fault.column,
            value=fault.value,
        )


async def lines_of(work: Work, import_id: int) -> AsyncIterator[FormLine]:
    """Yield the lines of a file that make or change a row, in its order."""
    line, after = ImportLineRow, 0
    columns = (
        line.id,
        line.sheet,
        line.row,
        line.record,
        line.target_id,
        line.previous,
    )
    while True:
        statement = (
            select(*columns)
            .where(
                line.import_id == import_id,
                line.action.in_([Action.NEW, Action.CHANGED]),
                line.id > after,
            )
            .order_by(line.id)
            .limit(BATCH)
        )
        rows = (await work.session.execute(statement)).all()
        for row in rows:
            yield FormLine(*row)
        if len(rows) < BATCH:
            return
        after = rows[-1].id
