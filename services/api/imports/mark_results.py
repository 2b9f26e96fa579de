"""From rows of «Статистика по отметкам» to results of known schools and subjects."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from services.api.imports.readers.mark_statistics import (
    GRADE,
    LOGIN,
    SCHOOL,
    SUBJECT,
    MarkStatisticsRow,
    ParsedRow,
)
from services.api.imports.readers.rows import BadRow, SeenRows, SkippedRow
from services.api.results.reference import spelling_key
from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.school_directory import SchoolDirectory, SchoolUnknown
from shared.domain.sittings import Season, VprSitting, vpr_sitting

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
    """Find school, subject and sitting of each row; pass skipped and bad rows through.

    Two spellings of one school or subject are one: a second row for the same result is
    skipped if it says the same, else it is a bad row.

    Args:
        rows: What `read_mark_statistics` gives.
        lookup: The schools and subjects that are known.
        season: When the ВПР was held, if not when that year's was by default.
    """
    seen = SeenRows()
    for row in rows:
        if not isinstance(row, MarkStatisticsRow):
            yield row
            continue
        resolved = _resolved(row, lookup, season)
        if isinstance(resolved, MarkResult):
            yield _unless_repeated(resolved, seen)
        else:
            yield resolved


def _resolved(
    row: MarkStatisticsRow, lookup: Lookup[Id], season: Season | None
) -> MarkResult[Id] | BadRow:
    faults: list[Fault] = []
    school = lookup.schools.find(login=row.login, name=row.school_text)
    if isinstance(school, SchoolUnknown):
        faults.append(_school_fault(row, school.reason, by_login=school.by_login))
    subject = lookup.subject(row.subject_text)
    if subject is None:
        faults.append(_unknown_subject(row))
    sitting: VprSitting | None = None
    try:
        sitting = vpr_sitting(row.year, row.grade, season)
    except InvalidInputError as error:
        faults.append(_fault(row, GRADE, str(row.grade), error.detail))
    if isinstance(school, SchoolUnknown) or subject is None or sitting is None:
        return BadRow(row.sheet, row.row, tuple(faults))
    warned = school.warning and _fault(row, LOGIN, row.login, school.warning)
    warnings = (warned,) if warned else ()
    return MarkResult(row, school.school_id, subject, sitting, warnings)


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
        return BadRow(row.sheet, row.row, (fault,))
    return repeated or result


def _fault(row: MarkStatisticsRow, column: str, value: str, reason: Text) -> Fault:
    return Fault(
        reason=reason, sheet=row.sheet, row=row.row, column=column, value=value
    )


def _school_fault(row: MarkStatisticsRow, reason: Text, *, by_login: bool) -> Fault:
    column, value = (LOGIN, row.login) if by_login else (SCHOOL, row.school_text)
    return _fault(row, column, value, reason)


def _unknown_subject(row: MarkStatisticsRow) -> Fault:
    reason = Text(
        "Такого предмета нет в справочнике: исправьте название.",
        "There is no such subject: correct its name.",
    )
    return _fault(row, SUBJECT, row.subject_text, reason)
