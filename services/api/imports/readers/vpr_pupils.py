"""Tables of ВПР with a row for each pupil: their columns, and how rows are read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.api.imports.readers.cells import Cell, is_blank, text_of
from services.api.imports.readers.headings import Headings, Span
from services.api.imports.readers.pupil_cells import (
    TaskColumn,
    grade_of,
    is_absent,
    is_not_attempted,
    is_without_mark,
    mark_of,
    score_of,
    shown,
    task_columns,
)
from services.api.imports.readers.pupil_tally import Pupil
from services.api.imports.readers.rows import RowNames
from services.api.imports.readers.tables import Column
from shared.domain.errors import Fault, Text

CODE, VARIANT, TOTAL = "Код участника", "Вариант", "Первичный балл"
MARK, JOURNAL = "Отметка", "Отметка по журналу"
LOGIN, SCHOOL, MUNICIPALITY = "ОО", "Название ОО", "Муниципалитет"
CLASS, SUBJECT, YEAR = "Класс", "Предмет", "Год"

COLUMNS = (
    Column(CODE, ("Код", "Код ученика")),
    Column(VARIANT, ("№ варианта", "Номер варианта", "Вар.")),
    Column(TOTAL, ("Итого баллов", "Итого", "Сумма баллов", "Всего баллов")),
    Column(MARK, ("Отметка ВПР", "Отметка за ВПР", "Отметка за работу")),
    Column(
        JOURNAL,
        (
            "Отметка за предыдущий триместр/ четверть/полугодие",
            "Отметка за предыдущий триместр/четверть",
            "Отметка за предыдущую четверть",
            "Отметка за предыдущую четверть/триместр/полугодие",
            "Отметка за предыдущее полугодие",
            "Отметка за предыдущий триместр",
            "Отметка за предыдущий год",
            "Журнал",
        ),
    ),
    Column(LOGIN, ("Логин", "Логин ОО", "Пользователь")),
    Column(SCHOOL, ("Наименование ОО", "Школа")),
    Column(MUNICIPALITY, ("МО", "Муниципальное образование")),
    Column(CLASS, ("Наименование класса",)),
)
ROLES: Mapping[str, str] = {
    "year": YEAR,
    "grade": CLASS,
    "subject": SUBJECT,
    "municipality": MUNICIPALITY,
    "school": SCHOOL,
    "login": LOGIN,
    "n": CODE,
    "n_equal": JOURNAL,
    "mean_primary_score": TOTAL,
    "score_counts": TOTAL,
}
_LOGIN = re.compile(r"[a-zа-я]{0,6}\d{3,12}(?:\.0+)?", re.IGNORECASE)


@dataclass(slots=True)
class PupilTable:
    """A header that was found; `sums` says that tasks go before a total of nothing."""

    sheet: str
    spans: Mapping[str, Span]
    tasks: tuple[TaskColumn, ...]
    sums: bool
    largest: float | None = field(init=False)

    def __post_init__(self) -> None:
        self.largest = sum(task.largest for task in self.tasks) or None

    @classmethod
    def found(
        cls, sheet: str, cells: Sequence[Cell], headings: Headings, *, sums: bool
    ) -> "PupilTable | None":
        """Return the table whose header these cells are, if they are one."""
        spans = headings.match(cells)
        tasks = task_columns(cells)
        if not headings.is_header(spans) or (sums and not tasks):
            return None
        return cls(sheet, spans, tasks, sums)

    def may_be_header(self, cells: Sequence[Cell]) -> bool:
        """Say whether a row below could be another header: its code is no number."""
        code = self.cell(cells, CODE)
        return isinstance(code, str) and not any(map(str.isdigit, code))

    def cell(self, cells: Sequence[Cell], title: str) -> Cell:
        """Return the cell of a column; blank where there is no such column."""
        span = self.spans.get(title)
        return "" if span is None else span.cell(cells)

    def is_empty(self, cells: Sequence[Cell]) -> bool:
        """Say whether nothing was entered; a code and a total of 0 are made before."""
        entered = [self.cell(cells, title) for title in (VARIANT, MARK)]
        entered += [_at(cells, task.place) for task in self.tasks]
        return all(is_blank(cell) for cell in entered) and not score_of(
            self.cell(cells, TOTAL)
        )

    def is_absent(self, cells: Sequence[Cell]) -> bool:
        """Say whether the row tells of an absent pupil."""
        told = [self.cell(cells, title) for title in (VARIANT, TOTAL, MARK)]
        return any(map(is_absent, [*told, *(_at(cells, t.place) for t in self.tasks)]))

    def names(self, cells: Sequence[Cell], subject: str) -> RowNames:
        """Return what the row calls its school, and the subject of the file."""
        login, school = (
            "" if is_blank(cell) else text_of(cell)
            for cell in (self.cell(cells, LOGIN), self.cell(cells, SCHOOL))
        )
        if login and not _LOGIN.fullmatch(login):
            login, school = "", school or login
        municipality = self.cell(cells, MUNICIPALITY)
        named = "" if is_blank(municipality) else text_of(municipality)
        return RowNames(subject, named, school, login)

    def grade(self, cells: Sequence[Cell]) -> int | None:
        """Return the grade of the pupil's class, where the table has it."""
        return grade_of(self.cell(cells, CLASS))

    def pupil(self, cells: Sequence[Cell], row: int) -> tuple[Pupil, list[Fault]]:
        """Read what is counted of a pupil, with everything that is wrong with it."""
        faults: list[Fault] = []
        points = self._points(cells, row, faults)
        pupil = Pupil(
            score=self._score(cells, row, points, faults),
            mark=self._mark(cells, row, MARK, faults),
            journal_mark=self._mark(cells, row, JOURNAL, faults),
        )
        return pupil, faults

    def _points(
        self, cells: Sequence[Cell], row: int, faults: list[Fault]
    ) -> int | None:
        """Return the sum over the tasks; None where no task was entered."""
        points, is_entered = 0, False
        for task in self.tasks:
            cell = _at(cells, task.place)
            is_entered |= not is_blank(cell)
            score = 0 if is_not_attempted(cell) else score_of(cell)
            if score is None or score > task.largest:
                faults.append(self._fault(row, task.title, cell, _points_of(task)))
            else:
                points += score
        return points if is_entered else None

    def _score(
        self, cells: Sequence[Cell], row: int, points: int | None, faults: list[Fault]
    ) -> int | None:
        cell = self.cell(cells, TOTAL)
        total = None if is_not_attempted(cell) else score_of(cell)
        if (total is None and not is_not_attempted(cell)) or (
            total is not None and total > (self.largest or total)
        ):
            faults.append(self._fault(row, TOTAL, cell, _total_up_to(self.largest)))
            return None
        if self.sums and points is not None and total and total != points:
            if not faults:
                faults.append(self._fault(row, TOTAL, cell, _sum_is(points)))
            return None
        # A program that does not reckon leaves the made total of 0 as it was.
        return points if (self.sums and points is not None) or total is None else total

    def _mark(
        self, cells: Sequence[Cell], row: int, title: str, faults: list[Fault]
    ) -> int | None:
        cell = self.cell(cells, title)
        mark = mark_of(cell)
        if mark is None and not is_without_mark(cell):
            faults.append(self._fault(row, title, cell, _MARK_EXPECTED))
        return mark

    def _fault(self, row: int, column: str, cell: Cell, reason: Text) -> Fault:
        return Fault(
            reason=reason, sheet=self.sheet, row=row, column=column, value=shown(cell)
        )


_MARK_EXPECTED = Text(
    "Ожидается отметка 2, 3, 4 или 5 либо «нет отметки».",
    "A mark of 2, 3, 4 or 5 is expected, or «нет отметки».",
)


def _points_of(task: TaskColumn) -> Text:
    return Text(
        f"Ожидается целое число от 0 до {task.largest} или x (не приступал).",
        f"A whole number from 0 to {task.largest} is expected, or x (not attempted).",
    )


def _total_up_to(largest: float | None) -> Text:
    ru = "" if largest is None else f" до {largest:g}"
    en = "" if largest is None else f" to {largest:g}"
    return Text(
        f"Ожидается целое число баллов от 0{ru}.",
        f"A whole number of points from 0{en} is expected.",
    )


def _sum_is(points: int) -> Text:
    return Text(
        f"Сумма баллов за задания — {points}: исправьте баллы или итог.",
        f"The points of the tasks sum to {points}: correct them or the total.",
    )


def _at(cells: Sequence[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else ""
