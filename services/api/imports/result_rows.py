"""From rows of files to results of known schools, subjects and sittings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from operator import itemgetter
from typing import Any

from services.api.imports.drafts import Draft, DraftRun
from services.api.imports.lookup import Lookup
from services.api.imports.readers.mark_runs import MarkRun
from services.api.imports.readers.rows import (
    BadRow,
    ImportedRow,
    ReadRow,
    SeenRows,
    SkippedRow,
    SkipReason,
)
from services.api.imports.result_runs import resolved_run
from services.api.imports.result_sittings import FIELD_ROLES, Sitting, Sittings
from services.api.imports.result_warnings import ResultWarnings
from services.api.imports.targets import Roles
from services.api.imports.usual_names import UsualNames
from shared.domain.assessments import mark_faults
from shared.domain.errors import Fault, Text
from shared.domain.reorganisations import SchoolLife
from shared.domain.result_figures import MARK_COUNTS, ResultFigures, figure_faults
from shared.domain.school_directory import SchoolUnknown
from shared.domain.school_years import day_faults, life_faults

_STATED = frozenset(ResultFigures.__dataclass_fields__)
_MARKS = frozenset({"n", *MARK_COUNTS})
_COMPARED = ("n", *MARK_COUNTS, "counts_rebuilt")
_REBUILT = frozenset({*_COMPARED, "percentages"})
_MARKS_OF = itemgetter(*_COMPARED)
_FOREIGN = Text("Строка другого муниципалитета.", "A row of another municipality.")


class ResultRows:
    """Resolves the rows of one file, batch after batch.

    Two spellings of one school or subject are one: a second row for the same result
    is skipped if it says the same, else it is a bad row.
    """

    def __init__(
        self,
        lookup: Lookup,
        sittings: Sittings,
        roles: Roles,
        lives: Mapping[int, SchoolLife],
    ) -> None:
        """Resolve by what `lookup` and `sittings` know; `roles` place the faults.

        `lives` has the schools that there have not always been, or are no more.
        """
        self._lookup = lookup
        self._sittings = sittings
        self._roles = roles
        self._lives = lives
        self._seen = SeenRows()
        self._usual = UsualNames(lookup, lives)
        self._unusual = ResultWarnings(lookup.municipality, roles)

    def resolve(self, rows: Iterable[ReadRow]) -> Iterator[Draft | BadRow | SkippedRow]:
        """Look up what each row names; pass on what is skipped."""
        for row in rows:
            usual = self._of_known(row) if type(row) is ImportedRow else None
            if usual is not None:
                yield usual
            elif isinstance(row, SkippedRow):
                yield row
            elif row.names is not None and not self._lookup.is_own(row.names):
                self._unusual.add_foreign(row.names.municipality)
                reason = SkipReason.OTHER_MUNICIPALITY
                yield SkippedRow(row.sheet, row.row, reason, _FOREIGN)
            else:
                self._unusual.add_own()
                yield self._own(row)

    def resolve_run(self, run: MarkRun) -> DraftRun | None:
        """Look up what rows in columns name; None if one takes a closer look."""
        drafts = resolved_run(run, self._usual, self._sittings, self._seen)
        if drafts is not None:
            self._unusual.add_own()
        return drafts

    def warnings(self) -> list[Fault]:
        """Return what was unusual in the file, but stops none of its rows."""
        return self._unusual.told()

    def _own(self, row: ImportedRow | BadRow) -> Draft | BadRow | SkippedRow:
        if isinstance(row, BadRow):
            return self._with_unknown_names(row)
        school = self._lookup.school(row.names)
        subject = self._lookup.subject(row.names.subject)
        sitting = self._sittings.of(row.key)
        if (
            isinstance(school, SchoolUnknown)
            or subject is None
            or not isinstance(sitting, Sitting)
        ):
            faults = [*self._lookup.faults(row.names, self._roles)]
            if not isinstance(sitting, Sitting):
                faults += self._placed(row, sitting)
            return _bad(row, faults)
        wrong = [
            *self._life_faults(school.school_id, sitting),
            *self._figure_faults(row, sitting),
        ]
        if wrong:
            return _bad(row, wrong)
        self._unusual.add(row, school)
        self._usual.learn(row.names, school, subject)
        record = {
            "school_id": school.school_id,
            "subject": subject,
            **sitting.columns,
            **row.figures,
        }
        return self._unless_repeated(row, record, sitting, _comparable(row.figures))

    def _of_known(self, row: ImportedRow) -> Draft | BadRow | SkippedRow | None:
        """Resolve a row that is as nearly all are; None if it takes a closer look.

        Its names have been looked up, nothing about them was unusual, and it states
        nothing but marks.
        """
        known = self._usual.known(row.names)
        if known is None or row.warnings:
            return None
        sitting = self._sittings.of(row.key)
        figures = row.figures
        if not isinstance(sitting, Sitting) or figures.keys() != _REBUILT:
            return None
        marks = _MARKS_OF(figures)
        if row.when_new or mark_faults(marks[0], marks[1:5]):
            return None
        record = {**known.columns, **sitting.columns, **figures}
        return self._unless_repeated(row, record, sitting, hash(marks))

    def _unless_repeated(
        self, row: ImportedRow, record: dict[str, Any], sitting: Sitting, figures: int
    ) -> Draft | BadRow | SkippedRow:
        repeated = self._seen.repeats(
            sheet=row.sheet,
            row=row.row,
            # Each school has many rows of a subject: a key for each takes memory.
            group=(record["school_id"], record["subject"]),
            key=sitting.number,
            figures=figures,
        )
        if isinstance(repeated, Fault):
            names = row.names
            role, value = (
                ("login", names.login) if names.login else ("school", names.school)
            )
            fault = replace(repeated, column=self._roles[role], value=value)
            return _bad(row, [fault])
        return repeated or Draft(row.sheet, row.row, record, row.when_new, row.cells)

    def _life_faults(self, school_id: int, sitting: Sitting) -> Iterable[Fault]:
        life = self._lives.get(school_id)
        if life is None:
            return ()
        year = sitting.columns["academic_year"]
        column = self._roles.get("year")
        day = sitting.columns["written_on"]
        written_on = None if day is None else date.fromisoformat(day)
        return (
            *life_faults(life, year, column),
            *day_faults(life, written_on, self._roles.get("written_on", column)),
        )

    def _figure_faults(self, row: ImportedRow, sitting: Sitting) -> list[Fault]:
        stated = {**row.when_new, **row.figures}
        if stated.keys() & _STATED == _MARKS:
            # The usual case, and half of the time that a large file takes.
            marks = [stated[name] for name in MARK_COUNTS]
            found = mark_faults(stated["n"], marks)
        else:
            given = {name: stated[name] for name in stated.keys() & _STATED}
            scores = given.get("score_counts")
            if scores is not None:
                given["score_counts"] = {int(key): n for key, n in scores.items()}
            figures = ResultFigures(**{"n": 0, **given})
            found = figure_faults(figures, marked=sitting.is_marked)
        return [
            replace(fault, column=self._roles.get(fault.column or "", fault.column))
            for fault in found
        ]

    def _placed(self, row: ImportedRow, faults: list[Fault]) -> Iterator[Fault]:
        for fault in faults:
            roles = FIELD_ROLES.get(fault.column or "", ())
            known = (role for role in roles if role in row.key and role in self._roles)
            role = next(known, None)
            if role is None:
                yield fault
            else:
                value = str(row.key[role])
                yield replace(fault, column=self._roles[role], value=value)

    def _with_unknown_names(self, row: BadRow) -> BadRow:
        if row.names is None:
            return row
        blamed = {fault.column for fault in row.faults}
        unknown = self._lookup.faults(row.names, self._roles)
        more = [fault for fault in unknown if fault.column not in blamed]
        placed = (replace(each, sheet=row.sheet, row=row.row) for each in more)
        return replace(row, faults=(*row.faults, *placed))


def _bad(row: ImportedRow, faults: Iterable[Fault]) -> BadRow:
    placed = tuple(replace(each, sheet=row.sheet, row=row.row) for each in faults)
    return BadRow(row.sheet, row.row, placed, row.names, row.cells)


def _comparable(figures: Mapping[str, Any]) -> int:
    """Return a number that figures have in common only if they are the same."""
    if figures.keys() == _REBUILT:
        return hash(_MARKS_OF(figures))
    try:
        return hash(tuple(figures[name] for name in figures if name != "percentages"))
    except TypeError:
        return hash(repr(figures))
