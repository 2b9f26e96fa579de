"""The blocks of protocols of ЕГЭ and ОГЭ: titles, headers, pupils and footers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from services.api.imports.readers.archive import UnreadableFileError
from services.api.imports.readers.cells import (
    Cell,
    is_blank,
    text_of,
    whole_number_of,
)
from services.api.imports.readers.gia_columns import (
    APPEAL,
    FINALS,
    HEADINGS,
    SCHOOL_CODE,
    SUBJECT_CODE,
)
from services.api.imports.readers.gia_exams import (
    Exam,
    below_minimum,
    minimum_warnings,
)
from services.api.imports.readers.gia_reference import GiaReference, GiaSubject
from services.api.imports.readers.gia_rows import GiaRow, GiaTable, Without
from services.api.imports.readers.gia_titles import BlockTitle, block_title
from services.api.imports.readers.headings import Nearest
from services.api.imports.readers.options import FileOptions
from services.api.imports.readers.pupil_tally import Pupil, Tally
from services.api.imports.readers.rows import (
    BadRow,
    ReadRow,
    RowNames,
    SkippedRow,
    SkipReason,
)
from services.api.imports.readers.tables import HEADER_WITHIN_ROWS, Sheet
from services.api.imports.readers.vpr_titles import unsaid
from shared.domain.errors import Fault, Text
from shared.domain.result_figures import MAX_TEST_SCORE

Place: TypeAlias = tuple[Exam, str]

_NOTE = Text("Строка-примечание.", "A note, not a row.")
_TOTAL = Text("Итог, не строка участника.", "A total, not a pupil's row.")
_ORAL = Text("Устная часть без итогового балла.", "An oral part without a final score.")
_FOOTERS = ("средн", "миним", "максим", "всего", "итого", "количество", "кол-во")


@dataclass(slots=True)
class _Block:
    """A title and the rows below it; `first` is the first school met in it."""

    title: BlockTitle | None = None
    minimum: int | None = None
    declared: int | None = None
    pupils: int = 0
    exams: set[Exam] = field(default_factory=set)
    first: Tally | None = None


class Protocol:
    """One file while it is read: its blocks, and the schools counted so far."""

    def __init__(self, options: FileOptions, reference: GiaReference) -> None:
        """Read by what the caller says and what the reference knows."""
        self.is_found = False
        self.nearest: list[Nearest] = []
        self._options = options
        self._reference = reference
        self._tallies: dict[Place, Tally] = {}
        self._minimums: dict[Exam, int | None] = {}

    def read(self, sheet: Sheet) -> Iterator[ReadRow]:
        """Yield bad and skipped rows of a sheet; count the others."""
        block = _Block()
        table: GiaTable | None = None
        nearest: Nearest = (sheet.name, None, ())
        for row, cells in sheet.rows:
            title = block_title(cells, self._reference)
            may_be = title is None and (table is None or table.may_be_header(cells))
            spans = HEADINGS.match(cells) if may_be else {}
            if title is not None:
                self._close(block)
                block = _Block(title)
                yield from self._unusable(sheet.name, row, title)
            elif HEADINGS.is_header(spans) and not spans.keys().isdisjoint(FINALS):
                if APPEAL in spans:
                    raise _appeals(sheet.name, row)
                table, self.is_found = GiaTable(sheet.name, spans), True
            elif table is not None:
                yield from self._row(table, block, row, cells)
            elif row <= HEADER_WITHIN_ROWS and len(spans) > len(nearest[2]):
                nearest = (sheet.name, row, tuple(spans))
        self._close(block)
        if table is None:
            self.nearest.append(nearest)

    def results(self) -> Iterator[ReadRow]:
        """Yield a result of each school, exam and day."""
        told: set[tuple[str, int]] = set()
        for (exam, _), tally in self._tallies.items():
            if tally.bad:
                yield tally.refused()
                continue
            stated = self._minimums.get(exam)
            if (about := (exam.subject, exam.academic_year)) not in told:
                told.add(about)
                for warning in minimum_warnings(exam, stated, self._reference):
                    tally.warn(warning)
            figures = tally.figures()
            below = below_minimum(exam, tally, stated, self._reference)
            if below is not None:
                figures["n_below_minimum"] = below
            yield tally.imported(exam.key, figures)

    def _row(
        self, table: GiaTable, block: _Block, row: int, cells: Sequence[Cell]
    ) -> Iterator[ReadRow]:
        filled = [cell for cell in cells if not is_blank(cell)]
        if not filled:
            return
        if text_of(filled[0]).casefold().startswith(_FOOTERS):
            _read_footer(block, filled)
            yield SkippedRow(table.sheet, row, SkipReason.TOTAL, _TOTAL)
            return
        if block.title is not None and not _is_usable(block.title):
            return
        reading = GiaRow(table, row, cells)
        if reading.is_note():
            yield SkippedRow(table.sheet, row, SkipReason.NOTE, _NOTE)
            return
        yield from self._pupil(block, reading)

    def _pupil(self, block: _Block, reading: GiaRow) -> Iterator[BadRow]:
        block.pupils += 1
        title = block.title
        subject = self._subject(title, reading)
        if subject is None:
            yield reading.unknown_subject()
            return
        stated = title.written_on if title else None
        day = reading.day() or stated or self._options.written_on
        marks = reading.table.has_marks
        exam = Exam.of(subject, day, reading.grade(), self._options, has_marks=marks)
        if exam is None:
            raise unsaid("written_on", "дата экзамена", "the day of the exam")
        code, counted, faults = reading.counted(exam)
        if code is None:
            yield reading.bad(faults)
            return
        tally = self._tally(block, exam, code, reading)
        if faults:
            tally.bad += 1
            yield reading.bad(faults)
        elif counted is Without.ABSENT:
            tally.absent += 1
        elif isinstance(counted, Pupil):
            tally.add(counted)
        else:
            tally.without_result += 1

    def _subject(self, title: BlockTitle | None, reading: GiaRow) -> GiaSubject | None:
        """Return the subject of a row, of its title, or of the caller."""
        named = self._options.subject
        own = reading.subject(self._reference)
        if own is not None or reading.has_subject():
            return own
        if title is not None:
            return title.subject
        if named is None:
            raise unsaid("subject", "предмет", "the subject")
        return self._reference.named(named)

    def _tally(self, block: _Block, exam: Exam, code: str, reading: GiaRow) -> Tally:
        names = RowNames(exam.subject, "", "", code)
        new = Tally(reading.table.sheet, reading.row, names)
        tally = self._tallies.setdefault((exam, code), new)
        block.exams.add(exam)
        block.first = block.first or tally
        return tally

    def _close(self, block: _Block) -> None:
        for exam in block.exams:
            self._minimums[exam] = block.minimum or self._minimums.get(exam)
        declared, actual = block.declared, block.pupils
        if block.first is not None and declared not in (None, actual):
            block.first.warn(
                Text(
                    f"Заявлено участников {declared}, а строк участников {actual}.",
                    f"{declared} participants are declared, but there are {actual} "
                    "rows of them.",
                ),
                column=SCHOOL_CODE,
            )

    def _unusable(self, sheet: str, row: int, title: BlockTitle) -> Iterator[ReadRow]:
        if title.subject is not None and title.subject.oral:
            yield SkippedRow(sheet, row, SkipReason.NOTE, _ORAL)
        elif title.subject is None:
            yield BadRow(sheet, row, (_unknown_code(sheet, row, title.code),))


def _is_usable(title: BlockTitle) -> bool:
    return title.subject is not None and not title.subject.oral


def _read_footer(block: _Block, filled: Sequence[Cell]) -> None:
    label = text_of(filled[0]).casefold()
    numbers = [n for n in map(whole_number_of, filled[1:]) if n is not None]
    if not numbers:
        return
    if label.startswith("миним") and 0 < numbers[-1] <= MAX_TEST_SCORE:
        block.minimum = numbers[-1]
    elif "участник" in label:
        block.declared = numbers[-1]


def _unknown_code(sheet: str, row: int, code: int | None) -> Fault:
    reason = Text(
        "Такого кода предмета в справочнике ГИА нет: строки этого блока не прочитаны.",
        "There is no such code of a subject of ГИА: the block's rows were not read.",
    )
    value = None if code is None else f"{code:02}"
    return Fault(reason=reason, sheet=sheet, row=row, column=SUBJECT_CODE, value=value)


def _appeals(sheet: str, row: int) -> UnreadableFileError:
    reason = Text(
        "Это протокол апелляций: в нём не все участники. Загрузите протокол "
        "результатов, в котором апелляции учтены.",
        "This is a protocol of appeals, which has not all pupils. Upload the protocol "
        "of results that takes the appeals into account.",
    )
    fault = Fault(reason=reason, sheet=sheet, row=row, column=APPEAL)
    return UnreadableFileError(reason, faults=[fault])
