"""From rows of «Статистика по отметкам» to results of known schools and subjects."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from services.api.imports.readers.mark_columns import (
    GRADE,
    LOGIN,
    SCHOOL,
    SUBJECT,
)
from services.api.imports.readers.mark_statistics import (
    MarkStatisticsRow,
    ParsedRow,
)
from services.api.imports.readers.rows import BadRow, RowNames, SeenRows, SkippedRow
from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.school_directory import SchoolDirectory, SchoolFound, SchoolUnknown
from shared.domain.sittings import Season, VprSitting, vpr_sitting
from shared.domain.spellings import spelling_key

Id = TypeVar("Id")


@dataclass(frozen=True, slots=True)
class Lookup(Generic[Id]):
    """The schools and subjects that rows may name.

    `subjects` maps a spelling, reduced by `spelling_key`, to the subject's code.
    """

    schools: SchoolDirectory[Id]
    subjects: Mapping[str, str]

    def subject(self, text: str) -> str | None:
        """Return the code of the subject that is spelled so, if there is one."""
        return self.subjects.get(spelling_key(text))


@dataclass(frozen=True, slots=True)
class MarkResult(Generic[Id]):
    """One ВПР result of one school; `source` is the row it came from."""

    source: MarkStatisticsRow
    school_id: Id
    subject: str
    sitting: VprSitting
    warnings: tuple[Fault, ...] = ()


def resolve_mark_rows(
    rows: Iterable[ParsedRow], lookup: Lookup[Id], *, season: Season | None = None
) -> Iterator[MarkResult[Id] | SkippedRow | BadRow]:
    """Find school, subject and sitting of each row; pass skipped rows through.

    A bad row is also told which of its names are unknown. Two spellings of one school
    or subject are one: a second row for the same result is skipped if it says the
    same, else it is a bad row.

    Args:
        rows: What `read_mark_statistics` gives.
        lookup: The schools and subjects that are known.
        season: When the ВПР was held, if not when that year's was by default.
    """
    seen = SeenRows()
    for row in rows:
        if isinstance(row, SkippedRow):
            yield row
            continue
        if isinstance(row, BadRow):
            yield _with_unknown_names(row, lookup)
            continue
        resolved = _resolved(row, lookup, season)
        if isinstance(resolved, MarkResult):
            yield _unless_repeated(resolved, seen)
        else:
            yield resolved


def _resolved(
    row: MarkStatisticsRow, lookup: Lookup[Id], season: Season | None
) -> MarkResult[Id] | BadRow:
    faults = [*_unknown_names(row, row.names, lookup)]
    school = lookup.schools.find(login=row.login, name=row.school_text)
    subject = lookup.subject(row.subject_text)
    sitting: VprSitting | None = None
    try:
        sitting = vpr_sitting(row.year, row.grade, season)
    except InvalidInputError as error:
        faults.append(_fault(row, GRADE, str(row.grade), error.detail))
    if isinstance(school, SchoolUnknown) or subject is None or sitting is None:
        return BadRow(row.sheet, row.row, tuple(faults), row.names)
    return MarkResult(row, school.school_id, subject, sitting, _warnings(row, school))


def _warnings(row: MarkStatisticsRow, school: SchoolFound[Id]) -> tuple[Fault, ...]:
    if school.warning is None:
        return ()
    if school.warns_of_login:
        return (_fault(row, LOGIN, row.login, school.warning),)
    return (_fault(row, SCHOOL, row.school_text, school.warning),)


def _unless_repeated(
    result: MarkResult[Id], seen: SeenRows
) -> MarkResult[Id] | SkippedRow | BadRow:
    row = result.source
    repeated = seen.repeats(
        sheet=row.sheet,
        row=row.row,
        key=(result.school_id, result.subject, result.sitting),
        figures=row.counts,
    )
    if isinstance(repeated, Fault):
        column = LOGIN if row.login else SCHOOL
        value = row.login or row.school_text
        fault = replace(repeated, column=column, value=value)
        return BadRow(row.sheet, row.row, (fault,), row.names)
    return repeated or result


def _with_unknown_names(row: BadRow, lookup: Lookup[Id]) -> BadRow:
    if row.names is None:
        return row
    blamed = {fault.column for fault in row.faults}
    unknown = _unknown_names(row, row.names, lookup)
    more = (fault for fault in unknown if fault.column not in blamed)
    return replace(row, faults=(*row.faults, *more))


def _unknown_names(
    row: MarkStatisticsRow | BadRow, names: RowNames, lookup: Lookup[Id]
) -> Iterator[Fault]:
    school = lookup.schools.find(login=names.login, name=names.school)
    if isinstance(school, SchoolUnknown):
        column = LOGIN if school.by_login else SCHOOL
        value = names.login if school.by_login else names.school
        yield _fault(row, column, value, school.reason)
    if lookup.subject(names.subject) is None:
        reason = Text(
            "Такого предмета нет в справочнике: исправьте название.",
            "There is no such subject: correct its name.",
        )
        yield _fault(row, SUBJECT, names.subject, reason)


def _fault(
    row: MarkStatisticsRow | BadRow, column: str, value: str, reason: Text
) -> Fault:
    return Fault(
        reason=reason, sheet=row.sheet, row=row.row, column=column, value=value
    )
