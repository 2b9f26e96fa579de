"""What committing a file would do to the results that there are, row by row."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from services.api.imports.mark_results import Lookup, MarkResult, resolve_mark_rows
from services.api.imports.readers.mark_columns import GRADE, MUNICIPALITY, YEAR
from services.api.imports.readers.mark_statistics import ParsedRow
from services.api.imports.readers.rows import BadRow, RowNames, SkippedRow
from shared.domain.assessments import MARKS
from shared.domain.errors import Fault, Text
from shared.domain.result_rules import Procedure, ResultDraft, validate_result
from shared.domain.school_names import login_key, municipality_key
from shared.domain.sittings import Season

OTHER_MUNICIPALITY = "other_municipality"
MOST_WARNINGS = 100
WAVE = 1  # files of this format do not tell waves apart

# School, subject, academic year, programme grade, pupil grade.
ResultKey = tuple[int, str, int, int, int]


class Action(StrEnum):
    """What committing a row does."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Target:
    """What a file is read for: one municipality's schools, and one procedure."""

    municipality: str
    lookup: Lookup[int]
    procedure: Procedure
    season: Season | None
    today: date


@dataclass(frozen=True, slots=True)
class Existing:
    """A result that there is already; `counts` are n and n2 … n5."""

    id: int
    version: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row and what committing it does; a bad one has faults and no record."""

    sheet: str
    row: int
    action: Action
    record: dict[str, Any] | None = None
    result_id: int | None = None
    result_version: int | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class ResolvedFile:
    """The rows of one municipality in the file's order, and why others are not taken.

    `skipped` counts by `SkipReason` and `OTHER_MUNICIPALITY`.
    """

    rows: list[MarkResult[int] | BadRow]
    skipped: Counter[str]
    warnings: list[Fault]

    @property
    def academic_years(self) -> set[int]:
        """The academic years that the rows are of."""
        sound = (row for row in self.rows if isinstance(row, MarkResult))
        return {row.sitting.academic_year.start for row in sound}


def resolve_file(rows: Iterable[ParsedRow], target: Target) -> ResolvedFile:
    """Find the municipality's own rows and what each of them is a result of.

    A row belongs to the municipality that it names; to ours also if it names none, or
    if its code is of one of our schools.
    """
    foreign: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    kept: list[MarkResult[int] | BadRow] = []
    warnings: dict[tuple[str | None, str | None], Fault] = {}
    own = _own_rows(rows, target, foreign)
    for row in resolve_mark_rows(own, target.lookup, season=target.season):
        if isinstance(row, SkippedRow):
            skipped[row.reason] += 1
            continue
        kept.append(_checked(row, target) if isinstance(row, MarkResult) else row)
        if isinstance(row, MarkResult):
            for warning in row.warnings:
                warnings.setdefault((warning.column, warning.value), warning)
    if foreign:
        skipped[OTHER_MUNICIPALITY] = foreign.total()
    told = [*_file_warnings(kept, foreign, target), *warnings.values()]
    return ResolvedFile(kept, skipped, told[:MOST_WARNINGS])


def compare(file: ResolvedFile, existing: Mapping[ResultKey, Existing]) -> list[Line]:
    """Say for every row what committing it would do.

    A result with the same counts is unchanged, whether or not it came from a file.
    """
    return [_line(row, existing) for row in file.rows]


def _own_rows(
    rows: Iterable[ParsedRow], target: Target, foreign: Counter[str]
) -> Iterator[ParsedRow]:
    own = municipality_key(target.municipality)
    codes = target.lookup.schools.by_login
    for row in rows:
        names = None if isinstance(row, SkippedRow) else row.names
        if names is None or _is_own(names, own, codes):
            yield row
        else:
            foreign[names.municipality] += 1


def _is_own(names: RowNames, own: str, codes: Mapping[str, Any]) -> bool:
    named = municipality_key(names.municipality)
    return named in ("", own) or login_key(names.login) in codes


def _checked(result: MarkResult[int], target: Target) -> MarkResult[int] | BadRow:
    row, counts = result.source, result.source.counts
    draft = ResultDraft(
        procedure=target.procedure.code,
        subject=result.subject,
        academic_year=result.sitting.academic_year,
        programme_grade=result.sitting.programme_grade,
        pupil_grade=result.sitting.pupil_grade,
        n=counts.n,
        n2=counts.n2,
        n3=counts.n3,
        n4=counts.n4,
        n5=counts.n5,
    )
    # School, subject and counts are in order by now: grade and year remain.
    faults = validate_result(
        draft,
        procedures={target.procedure.code: target.procedure},
        subjects=frozenset({result.subject}),
        today=target.today,
    )
    if not faults:
        return result
    cells = {"academic_year": (YEAR, row.year)}
    placed = []
    for fault in faults:
        column, value = cells.get(fault.column or "", (GRADE, row.grade))
        here = replace(fault, column=column, value=str(value))
        placed.append(replace(here, sheet=row.sheet, row=row.row))
    return BadRow(row.sheet, row.row, tuple(placed), row.names)


def _file_warnings(
    kept: list[MarkResult[int] | BadRow], foreign: Counter[str], target: Target
) -> Iterator[Fault]:
    if not kept:
        yield Fault(
            reason=Text(
                f"В файле нет строк школ: {target.municipality}.",
                f"The file has no rows of schools of {target.municipality}.",
            )
        )
    for name, count in foreign.most_common():
        reason = Text(
            f"Пропущены строки другого муниципалитета: {count}.",
            f"Rows of another municipality were skipped: {count}.",
        )
        yield Fault(reason=reason, column=MUNICIPALITY, value=name)


def _line(
    row: MarkResult[int] | BadRow, existing: Mapping[ResultKey, Existing]
) -> Line:
    if isinstance(row, BadRow):
        return Line(row.sheet, row.row, Action.BAD, faults=row.faults)
    source, sitting = row.source, row.sitting
    key = (
        row.school_id,
        row.subject,
        sitting.academic_year.start,
        sitting.programme_grade,
        sitting.pupil_grade,
    )
    there = existing.get(key)
    record = _record(row)
    if there is None:
        return Line(source.sheet, source.row, Action.NEW, record)
    same = there.counts == (source.counts.n, *source.counts.marks)
    action = Action.UNCHANGED if same else Action.CHANGED
    return Line(source.sheet, source.row, action, record, there.id, there.version)


def _record(result: MarkResult[int]) -> dict[str, Any]:
    counts, sitting = result.source.counts, result.sitting
    shares = zip(MARKS, result.source.percentages, strict=True)
    return {
        "school_id": result.school_id,
        "subject": result.subject,
        "academic_year": sitting.academic_year.start,
        "programme_grade": sitting.programme_grade,
        "pupil_grade": sitting.pupil_grade,
        "n": counts.n,
        "n2": counts.n2,
        "n3": counts.n3,
        "n4": counts.n4,
        "n5": counts.n5,
        "percentages": {str(mark): share for mark, share in shares},
    }
