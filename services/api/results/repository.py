"""Results, and the lists that they refer to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from shared.domain.result_rules import Procedure
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.results import (
    AssessmentResultRow,
    ProcedureRow,
    SubjectRow,
)
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work

NATURAL_KEY = "uq_assessment_results_natural_key"
NATURAL_KEY_COLUMNS = (
    "municipality_id",
    "academic_year",
    "school_id",
    "procedure",
    "subject",
    "programme_grade",
    "pupil_grade",
    "wave",
    "written_on",
)
_RESULT = AssessmentResultRow.__table__.c


@dataclass(frozen=True, slots=True)
class SchoolScope:
    """Whose results a school's are, and whether they are generated ones."""

    municipality_id: int
    synthetic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFilter:
    """What a list is narrowed to; None does not narrow."""

    school_id: int | None = None
    municipality_id: int | None = None
    academic_year: int | None = None
    procedure: str | None = None
    subject: str | None = None


async def find_school_scope(work: Work, school_id: int) -> SchoolScope | None:
    """Return the scope of a school that the transaction may see."""
    statement = (
        select(SchoolRow.municipality_id, MunicipalityRow.synthetic)
        .join(MunicipalityRow, MunicipalityRow.id == SchoolRow.municipality_id)
        .where(SchoolRow.id == school_id)
    )
    row = (await work.session.execute(statement)).one_or_none()
    return None if row is None else SchoolScope(*row)


async def insert_result(work: Work, values: Mapping[str, Any]) -> Row[Any] | None:
    """Write a new result and return it; None where its natural key exists."""
    statement = (
        insert(AssessmentResultRow)
        .values(**values, version=1, created_at=work.now, updated_at=work.now)
        .on_conflict_do_nothing(constraint=NATURAL_KEY)
        .returning(*_RESULT)
    )
    return (await work.session.execute(statement)).one_or_none()


async def find_by_natural_key(work: Work, values: Mapping[str, Any]) -> int | None:
    """Return the id of the result that has these values in its natural key."""
    same = (
        _RESULT[name].is_not_distinct_from(values[name]) for name in NATURAL_KEY_COLUMNS
    )
    found: int | None = await work.session.scalar(select(_RESULT.id).where(*same))
    return found


async def read_result(work: Work, result_id: int) -> Row[Any] | None:
    """Return one result that the transaction may see."""
    statement = select(*_RESULT).where(_RESULT.id == result_id)
    return (await work.session.execute(statement)).one_or_none()


async def lock_result(work: Work, result_id: int) -> Row[Any] | None:
    """Return one result that nobody else can change until the transaction ends."""
    statement = select(*_RESULT).where(_RESULT.id == result_id).with_for_update()
    return (await work.session.execute(statement)).one_or_none()


async def replace_counts(
    work: Work, result_id: int, counts: Mapping[str, int | None]
) -> Row[Any]:
    """Write counts that no longer come from a file, as the result's next version."""
    statement = (
        update(AssessmentResultRow)
        .where(AssessmentResultRow.id == result_id)
        .values(
            **counts,
            percentages=None,
            counts_rebuilt=False,
            import_id=None,
            import_sheet=None,
            import_row=None,
            version=AssessmentResultRow.version + 1,
            updated_at=work.now,
        )
        .returning(*_RESULT)
    )
    return (await work.session.execute(statement)).one()


async def list_results(
    work: Work, wanted: ResultFilter, *, after: int, limit: int
) -> Sequence[Row[Any]]:
    """Return up to `limit` + 1 results after the id `after`, by id."""
    narrowed = [
        _RESULT[name] == value
        for name, value in (
            ("school_id", wanted.school_id),
            ("municipality_id", wanted.municipality_id),
            ("academic_year", wanted.academic_year),
            ("procedure", wanted.procedure),
            ("subject", wanted.subject),
        )
        if value is not None
    ]
    statement = (
        select(*_RESULT)
        .where(_RESULT.id > after, *narrowed)
        .order_by(_RESULT.id)
        .limit(limit + 1)
    )
    return (await work.session.execute(statement)).all()


async def list_subjects(work: Work) -> Sequence[SubjectRow]:
    """Return all subjects by code."""
    return (
        await work.session.scalars(select(SubjectRow).order_by(SubjectRow.code))
    ).all()


async def list_procedures(work: Work) -> Sequence[ProcedureRow]:
    """Return all procedures by code."""
    return (
        await work.session.scalars(select(ProcedureRow).order_by(ProcedureRow.code))
    ).all()


async def read_procedures(work: Work) -> dict[str, Procedure]:
    """Return what the domain's rules need to know of the procedures, by code."""
    return {
        row.code: Procedure(row.code, frozenset(row.grades), row.marked)
        for row in await list_procedures(work)
    }


async def read_subject_codes(work: Work) -> frozenset[str]:
    """Return the codes of all subjects."""
    return frozenset(await work.session.scalars(select(SubjectRow.code)))
