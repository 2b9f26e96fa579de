"""Counting pupils' rows into one result at once, so that no pupil is kept."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from services.api.imports.readers.rows import BadRow, ImportedRow, RowNames
from shared.domain.errors import Fault, Text
from shared.domain.result_figures import WIDE_GAP, mean_of

_DECIMALS = 2


@dataclass(slots=True)
class Pupil:
    """What is counted of one row; it says nothing of whose it is."""

    score: int | None = None
    test_score: int | None = None
    mark: int | None = None
    journal_mark: int | None = None


@dataclass(slots=True)
class Tally:
    """The pupils of one school in one sitting, counted while their rows are read.

    `sheet` and `row` are those of the first of them.
    """

    sheet: str
    row: int
    names: RowNames
    pupils: int = 0
    absent: int = 0
    without_result: int = 0
    bad: int = 0
    marks: Counter[int] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)
    test_scores: Counter[int] = field(default_factory=Counter)
    against_journal: Counter[str] = field(default_factory=Counter)
    far_from_journal: int = 0
    warnings: list[Fault] = field(default_factory=list)

    def add(self, pupil: Pupil) -> None:
        """Count a pupil who took part."""
        self.pupils += 1
        if pupil.score is not None:
            self.scores[pupil.score] += 1
        if pupil.test_score is not None:
            self.test_scores[pupil.test_score] += 1
        if pupil.mark is not None:
            self.marks[pupil.mark] += 1
            if pupil.journal_mark is not None:
                self.against_journal[_compared(pupil.mark, pupil.journal_mark)] += 1
                gap = abs(pupil.mark - pupil.journal_mark)
                self.far_from_journal += gap >= WIDE_GAP

    def figures(
        self, largest: float | None = None, *, tells_absent: bool = True
    ) -> dict[str, Any]:
        """Return the figures of the result.

        Where there are marks, `n` counts them, and the others who took part are
        ungraded; where there are none, `n` counts all who took part.

        Args:
            largest: The largest primary score that can be reached, if known.
            tells_absent: Whether absent pupils have rows, so that none means nobody.
        """
        found: dict[str, Any] = self._graded()
        if tells_absent or self.absent:
            found["n_absent"] = self.absent
        if self.scores:
            mean = mean_of(self.scores) or 0.0
            found["mean_primary_score"] = round(mean, _DECIMALS)
            counts = sorted(self.scores.items())
            found["score_counts"] = {str(score): n for score, n in counts}
        if largest is not None:
            found["max_primary_score"] = float(largest)
        if self.test_scores:
            mean = mean_of(self.test_scores) or 0.0
            found["mean_test_score"] = round(mean, _DECIMALS)
        if self.against_journal:
            found |= {
                f"n_{how}": self.against_journal[how]
                for how in ("lower", "equal", "higher")
            }
            found["n_gap_2"] = self.far_from_journal
        return found

    def _graded(self) -> dict[str, int]:
        if not self.marks and not self.without_result:
            return {"n": self.pupils}
        if not self.marks:
            return {"n": self.pupils, "n_ungraded": self.without_result}
        graded = self.marks.total()
        ungraded = self.pupils - graded + self.without_result
        marks = {f"n{mark}": self.marks[mark] for mark in (2, 3, 4, 5)}
        return {"n": graded, "n_ungraded": ungraded, **marks}

    def imported(self, key: dict[str, Any], figures: dict[str, Any]) -> ImportedRow:
        """Return the result as a row of the file, at the place of its first pupil."""
        return ImportedRow(
            self.sheet,
            self.row,
            self.names,
            key,
            figures,
            warnings=tuple(self.warnings),
        )

    def refused(self) -> BadRow:
        """Say that the result is not taken, for some of its pupils' rows are bad."""
        reason = Text(
            f"Результат не собран: строк учеников с ошибками {self.bad}. Исправьте "
            "их — без них результат был бы неполным.",
            f"The result was not counted: {self.bad} rows of pupils are bad. Correct "
            "them; without them the result would be incomplete.",
        )
        fault = Fault(reason=reason, sheet=self.sheet, row=self.row)
        return BadRow(self.sheet, self.row, (fault,), self.names)

    def warn(self, reason: Text, *, column: str | None = None) -> None:
        """Keep something unusual that stops nothing."""
        self.warnings.append(
            Fault(reason=reason, sheet=self.sheet, row=self.row, column=column)
        )


def _compared(mark: int, journal_mark: int) -> str:
    if mark == journal_mark:
        return "equal"
    return "lower" if mark < journal_mark else "higher"
