"""What rows of files mean: values by columns of the table that they go to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.api.imports.readers.mark_runs import MarkRun, Shares

_GRADES = ("academic_year", "programme_grade", "pupil_grade")
_COUNTS = ("n", "n2", "n3", "n4", "n5")
_REMEMBERED = 1 << 14


@dataclass(slots=True)
class Draft:
    """What a row means: values by columns of the target's table.

    `record` has the key whole and those figures that the row states; JSON can hold
    all of it. `when_new` is added where there is nothing with this key yet.
    """

    sheet: str
    row: int
    record: dict[str, Any]
    when_new: Mapping[str, Any] = field(default_factory=dict)
    cells: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DraftRun:
    """What rows of marks mean, of one procedure and wave, by no day.

    `names` and `sittings` have the columns of each row's key: many have the same.
    """

    run: MarkRun
    names: Sequence[Mapping[str, Any]]
    sittings: Sequence[Mapping[str, Any]]

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.run)

    def __iter__(self) -> Iterator[Draft]:
        """Yield the rows one by one."""
        for row, names, sitting in zip(
            self.run, self.names, self.sittings, strict=True
        ):
            record = {**names, **sitting, **row.figures}
            yield Draft(row.sheet, row.row, record, row.when_new, row.cells)

    def columns(self) -> dict[str, Any]:
        """Return the rows as `import_runs` keeps them; percentages as text of JSON."""
        *counts, shares = zip(*self.run.marks, strict=True)
        return {
            "sheet": self.run.sheet,
            "procedure": self.sittings[0]["procedure"],
            "wave": self.sittings[0]["wave"],
            "row": self.run.rows,
            "school_id": [each["school_id"] for each in self.names],
            "subject": [each["subject"] for each in self.names],
            **{name: [each[name] for each in self.sittings] for name in _GRADES},
            **dict(zip(_COUNTS, counts, strict=True)),
            "percentages": _as_json(shares),
        }


class _Shown(dict[float, str]):
    """Numbers as JSON has them, each made once: a file has few, on many rows each."""

    def __missing__(self, number: float) -> str:
        shown = self[number] = repr(number)
        return shown


_shown = _Shown()


def _as_json(percentages: Iterable[Shares]) -> list[str]:
    if len(_shown) > _REMEMBERED:
        _shown.clear()
    return [
        f'{{"2":{_shown[two]},"3":{_shown[three]},"4":{_shown[four]},'
        f'"5":{_shown[five]}}}'
        for two, three, four, five in percentages
    ]
