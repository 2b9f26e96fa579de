"""What a reader makes of the rows of a file, before anything is looked up."""

from array import array
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from services.api.imports.readers.cells import Cell
from shared.domain.errors import Fault, Text


class SkipReason(StrEnum):
    """Why a row that is not wrong is not taken either."""

    TOTAL = "total"  # the figures of a municipality or a region
    REPEATED = "repeated"  # says the same as an earlier row
    NOTE = "note"  # a lone text between or below the data
    OTHER_MUNICIPALITY = "other_municipality"


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is left out without being wrong."""

    sheet: str
    row: int
    reason: SkipReason
    note: Text


@dataclass(frozen=True, slots=True)
class RowNames:
    """What a row calls its subject, municipality and school, each perhaps empty.

    `number` is the school's in this system, which only our own forms know.
    """

    subject: str
    municipality: str
    school: str
    login: str
    number: int | None = field(default=None, kw_only=True)


@dataclass(slots=True)
class ImportedRow:
    """A row that is sound in itself; whether its names are known is not said yet.

    `key` and `figures` are by the names that the format's target gives them. A figure
    that is not among `figures` stays as it is where the row changes something;
    `when_new` are figures that only something new gets. `cells` are the row's own
    cells by the titles of the format's columns, in case that the row turns out bad.
    `warnings` are faults that stop nothing.
    """

    sheet: str
    row: int
    names: RowNames
    key: Mapping[str, Any]
    figures: Mapping[str, Any]
    when_new: Mapping[str, Any] = field(default_factory=dict)
    cells: Mapping[str, Cell] = field(default_factory=dict)
    warnings: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken, with everything that is wrong with it.

    Of `cells` only those in the columns of the format are kept.
    """

    sheet: str
    row: int
    faults: tuple[Fault, ...]
    names: RowNames | None = None
    cells: Mapping[str, Cell] = field(default_factory=dict)


ReadRow: TypeAlias = ImportedRow | BadRow | SkippedRow


@dataclass(slots=True)
class SeenRows:
    """The rows met so far in one file, by what makes a row unique within its group.

    There may be hundreds of thousands: of each, three numbers are kept.
    """

    _groups: dict[Hashable, dict[Hashable, int]] = field(default_factory=dict)
    _rows: "array[int]" = field(default_factory=lambda: array("q"))
    _figures: "array[int]" = field(default_factory=lambda: array("q"))
    _sheets: list[tuple[int, str]] = field(default_factory=list)  # from a number on

    def repeats(
        self,
        *,
        sheet: str,
        row: int,
        key: Hashable,
        figures: Hashable,
        group: Hashable = None,
    ) -> SkippedRow | Fault | None:
        """Say whether an earlier row of the group had this key.

        Returns:
            Nothing for a new key; a skipped row if the earlier one had the same
            figures; a fault, yet without column and value, if it had others.
        """
        next_number = len(self._rows)
        numbers = self._groups.setdefault(group, {})
        number = numbers.setdefault(key, next_number)
        if number == next_number:
            if not self._sheets or self._sheets[-1][1] != sheet:
                self._sheets.append((number, sheet))
            self._rows.append(row)
            self._figures.append(hash(figures))
            return None
        first_row, is_same = self._rows[number], self._figures[number] == hash(figures)
        first_sheet = next(s for first, s in reversed(self._sheets) if first <= number)
        place = Text(
            f"строка {first_row} листа «{first_sheet}»",
            f"row {first_row} of the sheet “{first_sheet}”",
        )
        if is_same:
            note = Text(f"То же, что {place.ru}.", f"The same as {place.en}.")
            return SkippedRow(sheet, row, SkipReason.REPEATED, note)
        reason = Text(
            f"Для этой школы, предмета, класса и года уже есть {place.ru} с другими "
            "числами: оставьте одну из них.",
            f"This school, subject, grade and year already stand in {place.en} with "
            "other figures: keep one of the two.",
        )
        return Fault(reason=reason, sheet=sheet, row=row)

    def add_new(
        self,
        *,
        sheet: str,
        rows: Sequence[int],
        groups: Sequence[Hashable],
        keys: Sequence[Hashable],
        figures: Iterable[Hashable],
    ) -> bool:
        """Add rows whose keys are all new, and say so; add none if one is not."""
        known, added = self._groups, [*zip(groups, keys, strict=True)]
        if len({*added}) < len(added) or any(
            key in known.get(group, ()) for group, key in added
        ):
            return False
        number = len(self._rows)
        if not self._sheets or self._sheets[-1][1] != sheet:
            self._sheets.append((number, sheet))
        for place, (group, key) in enumerate(added, start=number):
            known.setdefault(group, {})[key] = place
        self._rows.extend(rows)
        self._figures.extend(map(hash, figures))
        return True
