"""Trying a row of one of our own forms as the same row would be tried by hand.

What a file leaves out stays as it is. So the rules see the row as it would be: what is
there already, with what the file says in its place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeAlias

from services.api.datasets.codes import unknown_code
from services.api.datasets.columns import Column, Kind, Need
from services.api.datasets.dataset import Dataset
from services.api.datasets.recording import Recording
from services.api.datasets.school_years import school_year_faults
from services.api.imports.readers.forms import MUNICIPALITY_ID, SCHOOL_ID
from shared.domain.errors import ConflictError, Fault, InvalidInputError, Text
from shared.domain.record_rules import Facts
from shared.domain.reorganisations import SchoolLife
from shared.domain.school_directory import SchoolDirectory

Row: TypeAlias = Mapping[str, Any]

_UNKNOWN_ROW: Final = Text(
    "Записи с таким номером в муниципалитете нет, или она другой школы.",
    "The municipality has no row with this number, or it is another school's.",
)
_IN_USE: Final = Text(
    "На эту запись с прежним значением ссылаются другие: сначала уберите их.",
    "Other rows refer to this one with its former value: remove them first.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormContext:
    """What rows may name, and what their rules may know.

    `schools` are those whose rows the file may have, `all_schools` those that rules
    may know. `enrolments` are pupils by school and academic year; `references` has the
    rows that a column may name, `codes` the codes that it may have, `lives` the schools
    that have not always been, or are no more. `existing` are the rows that there are,
    by their key; `in_use` the numbers of those to whose value in a column others refer.
    """

    today: date
    schools: SchoolDirectory[int]
    all_schools: SchoolDirectory[int] | None
    enrolments: Mapping[tuple[int, int], int]
    references: Mapping[str, Mapping[int, Row]]
    codes: Mapping[str, frozenset[str]]
    lives: Mapping[int, SchoolLife]
    existing: Mapping[tuple[Any, ...], Row]
    in_use: Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Tried:
    """What a row says, what it would be, what was there, and all that is wrong."""

    stated: dict[str, Any]
    whole: Row
    before: Row | None
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class FormRules:
    """The rules of one dataset, for the rows of a file of one municipality.

    `key` are the columns that make a row unique within the municipality.
    """

    dataset: Dataset
    recording: Recording
    key: tuple[str, ...]
    context: FormContext
    filled: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        filled = tuple(
            column
            for column in self.dataset.columns
            if column.need is not Need.SYSTEM and column.name != MUNICIPALITY_ID
        )
        object.__setattr__(self, "filled", filled)

    def tried(self, stated: Row, *, siblings: Sequence[Row] = ()) -> Tried:
        """Return what a row comes to; `siblings` are those that it is held against."""
        before = self.context.existing.get(tuple(stated.get(name) for name in self.key))
        given = self._given(stated, before)
        if (unknown := self._unknown_year(given)) is not None:
            return Tried(dict(stated), given, before, [unknown])
        facts = self._facts(given, siblings)
        whole = self._completed(given, stated, before, facts)
        added = {name: value for name, value in whole.items() if value != given[name]}
        faults = [*self._faults(whole, facts)]
        if not faults and self._is_changed(whole, before):
            faults += self._held(whole, before, facts)
        return Tried({**stated, **added}, whole, before, faults)

    def read_back(self, record: Row) -> dict[str, Any]:
        """Return what a row stated from how JSON has it."""
        kinds = {column.name: column.kind for column in self.filled}
        return {name: _typed(value, kinds.get(name)) for name, value in record.items()}

    def _given(self, stated: Row, before: Row | None) -> dict[str, Any]:
        """Return the row as the file would have it."""
        given = dict(stated)
        for column in self.filled:
            name = column.name
            if name not in given and before is not None:
                given[name] = before[name]
            elif given.get(name) is None:
                given[name] = [] if column.kind is Kind.LIST else column.default
        return given

    def _unknown_year(self, given: Row) -> Fault | None:
        """Say if a day is of no year that the system keeps."""
        try:
            self.dataset.academic_year_of(given)
        except InvalidInputError as error:
            column = None if self.dataset.year is None else str(self.dataset.year.key)
            value = None if column is None else str(given[column])
            return Fault(reason=error.detail, column=column, value=value)
        return None

    def _completed(
        self, given: Row, stated: Row, before: Row | None, facts: Facts
    ) -> Row:
        """Return the row with what follows from it.

        What followed from the row as it was, and is not stated, follows anew.
        """
        complete = self.recording.complete
        if complete is None:
            return given
        kept = {} if before is None else {name: before[name] for name in given}
        followed = {
            name: None
            for name, value in kept.items()
            if name not in stated
            and value is not None
            and complete({**kept, name: None}, facts)[name] == value
        }
        return complete({**given, **followed}, facts)

    def _facts(self, given: Row, siblings: Sequence[Row]) -> Facts:
        school = given.get(SCHOOL_ID)
        year = self.dataset.academic_year_of(given)
        enrolment = None
        if year is not None and school is not None:
            enrolment = self.context.enrolments.get((school, year))
        return Facts(
            today=self.context.today,
            enrolment=enrolment,
            referenced=dict(self._referenced(given)),
            siblings=siblings,
            schools=self.context.all_schools,
        )

    def _referenced(self, given: Row) -> Iterator[tuple[str, Row]]:
        for column, rows in self.context.references.items():
            row = rows.get(given.get(column, 0))
            of_any = column not in self.recording.own_school
            if row is not None and (of_any or row[SCHOOL_ID] == given[SCHOOL_ID]):
                yield column, row

    def _faults(self, whole: Row, facts: Facts) -> Iterator[Fault]:
        """Yield what a new row with these values would be refused for."""
        for column in self.context.references:
            value = whole.get(column)
            if value is not None and column not in facts.referenced:
                yield Fault(reason=_UNKNOWN_ROW, column=column, value=str(value))
        for column, codes in self.context.codes.items():
            value = whole.get(column)
            if value is not None and value not in codes:
                yield unknown_code(column, value)
        life = self.context.lives.get(whole.get(SCHOOL_ID, 0))
        yield from school_year_faults(self.dataset, whole, life=life, today=facts.today)
        for rule in self.recording.rules:
            yield from rule(whole, facts)

    def _is_changed(self, whole: Row, before: Row | None) -> bool:
        return before is None or any(
            before[column.name] != whole[column.name] for column in self.filled
        )

    def _held(self, whole: Row, before: Row | None, facts: Facts) -> Iterator[Fault]:
        """Yield what the state that things are in has against a change."""
        guard, column = self.recording.guard, self.recording.guarded_by
        owner = before if column is None else facts.referenced.get(column)
        if guard is not None and owner is not None:
            try:
                guard(owner)
            except ConflictError as error:
                name = column or self.key[-1]
                yield Fault(reason=error.detail, column=name, value=str(whole[name]))
        for name, numbers in self.context.in_use.items():
            if before and before[name] != whole[name] and before["id"] in numbers:
                yield Fault(reason=_IN_USE, column=name, value=str(whole[name]))


def _typed(value: Any, kind: Kind | None) -> Any:
    is_day = kind is Kind.DATE and value is not None
    return date.fromisoformat(value) if is_day else value


def plain(value: Any) -> Any:
    """Return a value as JSON holds it; see `FormRules.read_back`."""
    return value.isoformat() if isinstance(value, date) else value
