"""What a plan's table makes of a programme, line by line; nothing is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.domain.calendar import SchoolTermsMissingError
from shared.domain.errors import Fault, Text
from shared.domain.plan_tables.columns import NAMES, PlanTable, Role
from shared.domain.plan_tables.compared import (
    ComparedLine,
    LineState,
    Setting,
    Statement,
)
from shared.domain.plan_tables.matching import Measure, matched
from shared.domain.plan_tables.numbering import new_key
from shared.domain.plan_tables.parties import parties_of
from shared.domain.plan_tables.tables import PlanLine
from shared.domain.schedule import (
    Occurrence,
    Schedule,
    UnreadableTermError,
    occurrences,
    parse_term,
)

UNNUMBERED = "б/н"
LONGEST_TEXT = 4000


def compare(
    lines: Sequence[PlanLine], table: PlanTable, setting: Setting
) -> list[ComparedLine]:
    """Compare each line with the measure that it is, if the programme has it.

    What the table has no column for stays as it is. Who owes a measure is read anew
    only where the words of it are new.
    """
    known = matched(lines, setting.measures)
    keys: dict[int, str] = {}
    taken = set(setting.taken)
    for place in range(len(lines)):
        keys[place] = known.get(place) or new_key(
            lines, place, plan=setting.plan, taken=taken
        )
        taken.add(keys[place])
    headings = {line.parent for line in lines}
    return [
        _Comparison(
            table, setting, line, setting.measures.get(known.get(place, ""))
        ).made(
            keys[place],
            None if line.parent is None else keys[line.parent],
            setting.statements.get(place + 1, Statement()),
            is_heading=place in headings,
        )
        for place, line in enumerate(lines)
    ]


def missing(
    compared: Sequence[ComparedLine], measures: Mapping[str, Measure]
) -> list[str]:
    """Return the keys of the measures in force that the table has not."""
    there = {each.key for each in compared}
    return [key for key in measures if key not in there]


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One line beside the measure that it is; None if it is a new one."""

    table: PlanTable
    setting: Setting
    line: PlanLine
    measure: Measure | None

    def made(
        self, key: str, parent: str | None, said: Statement, *, is_heading: bool
    ) -> ComparedLine:
        values = self._values(said)
        faults = [*self._unfit(values)]
        schedule, term_faults = self._schedule(values["term_text"])
        dated: tuple[Occurrence, ...] = ()
        if schedule is not None and not is_heading:
            dated, missing_terms = self._occurrences(schedule)
            term_faults += missing_terms
        faults += term_faults
        changes = self._changes(values)
        return ComparedLine(
            line=self.line,
            key=key,
            parent=parent,
            state=self._state(changes, faults, said),
            values=values,
            changes=changes,
            schedule=schedule,
            occurrences=dated,
            faults=tuple(faults),
        )

    def _values(self, said: Statement) -> dict[str, Any]:
        line, before = self.line, self.measure
        values = {
            "number": line.number or (before["number"] if before else UNNUMBERED),
            "block": line.block,
            "title": line.title,
            "term_text": said.term or line.term,
            "responsible_text": line.responsible or None,
            "expected_result": line.expected_result or None,
        }
        if before is not None:
            for role, name in (
                (Role.RESPONSIBLE, "responsible_text"),
                (Role.EXPECTED_RESULT, "expected_result"),
            ):
                if role not in self.table.layout.places:
                    values[name] = before[name]
        values["parties"] = [*self._parties(values["responsible_text"], said)]
        return values

    def _parties(self, responsible: str | None, said: Statement) -> Sequence[str]:
        if said.parties:
            return said.parties
        before = self.measure
        if before is not None and before["responsible_text"] == responsible:
            named: Sequence[str] = before["parties"]
            return named
        return parties_of(responsible or "") or self.setting.parties

    def _unfit(self, values: Mapping[str, Any]) -> Iterator[Fault]:
        if not values["title"]:
            yield self._fault(
                Role.TITLE,
                "",
                Text(
                    "в строке нет текста мероприятия: исправьте таблицу.",
                    "the row has no words of a measure: correct the table.",
                ),
            )
        for role, name in _TEXTS:
            text = values[name] or ""
            if len(text) > LONGEST_TEXT:
                reason = Text(
                    f"текст длиннее {LONGEST_TEXT} знаков: сократите его.",
                    f"the text is longer than {LONGEST_TEXT} characters: shorten it.",
                )
                yield self._fault(role, text[:100], reason)
        if not values["parties"]:
            yield self._fault(
                Role.RESPONSIBLE,
                self.line.responsible,
                Text(
                    "неясно, кто отвечает: управление образования или школы. Укажите "
                    "parties у строки или у всей таблицы.",
                    "it is not clear who owes this, the municipality or the schools. "
                    "State parties for the line or for the whole table.",
                ),
            )

    def _schedule(self, term: str) -> tuple[Schedule | None, list[Fault]]:
        try:
            return parse_term(term), []
        except UnreadableTermError as error:
            return None, [self._fault(Role.TERM, error.term, error.reason)]

    def _occurrences(
        self, schedule: Schedule
    ) -> tuple[tuple[Occurrence, ...], list[Fault]]:
        period, calendar = self.setting.period, self.setting.calendar
        try:
            return occurrences(schedule, period=period, calendar=calendar), []
        except SchoolTermsMissingError as error:
            return (), [self._fault(Role.TERM, self.line.term, error.detail)]

    def _fault(self, role: Role, value: str, reason: Text) -> Fault:
        layout = self.table.layout
        place = layout.places.get(role)
        named = layout.printed[place] if place is not None and layout.printed else None
        column = named or (NAMES[role].ru if place is None else str(place + 1))
        return Fault(
            reason=reason,
            sheet=self.table.name,
            row=self.line.rows[0],
            column=column,
            value=value,
        )

    def _changes(self, values: Mapping[str, Any]) -> dict[str, list[Any]]:
        before = self.measure
        if before is None:
            return {}
        return {
            name: [before[name], value]
            for name, value in values.items()
            if before[name] != value
        }

    def _state(
        self, changes: Mapping[str, Any], faults: Sequence[Fault], said: Statement
    ) -> LineState:
        if said.is_left_out:
            return LineState.LEFT_OUT
        if faults:
            return LineState.UNREADABLE
        if self.measure is None:
            return LineState.NEW
        return LineState.CHANGED if changes else LineState.UNCHANGED


_TEXTS = (
    (Role.TITLE, "title"),
    (Role.NUMBER, "number"),
    (Role.RESPONSIBLE, "responsible_text"),
    (Role.EXPECTED_RESULT, "expected_result"),
)
