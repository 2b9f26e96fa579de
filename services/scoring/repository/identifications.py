"""Schools with low results: what is read for them, and what is written."""

import polars as pl
from sqlalchemy import select

from services.scoring.engine.identification.units import YEARLY_RESULT_SCHEMA
from services.scoring.repository.columns import read_columns, write_columns
from shared.persistence.tables.identification import (
    BackTestRow,
    IdentificationEvidenceRow,
    IdentificationRow,
)
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.work import Work


async def read_results_of_years(
    work: Work, municipality_id: int, first: int, last: int
) -> pl.DataFrame:
    """Return the results of academic years with columns of `YEARLY_RESULT_SCHEMA`."""
    columns = [getattr(AssessmentResultRow, name) for name in YEARLY_RESULT_SCHEMA]
    statement = select(*columns).where(
        AssessmentResultRow.municipality_id == municipality_id,
        AssessmentResultRow.academic_year.between(first, last),
    )
    return await read_columns(work, statement, YEARLY_RESULT_SCHEMA)


async def write_identifications(
    work: Work, run_id: int, municipality_id: int, schools: pl.DataFrame
) -> None:
    """Write statuses: columns of `IDENTIFICATION_SCHEMA`, the rule's code, version."""
    await _write(work, IdentificationRow, run_id, municipality_id, schools)


async def write_evidence(
    work: Work, run_id: int, municipality_id: int, evidence: pl.DataFrame
) -> None:
    """Write evidence with the columns of `EVIDENCE_SCHEMA` and the rule's code."""
    await _write(work, IdentificationEvidenceRow, run_id, municipality_id, evidence)


async def write_back_tests(
    work: Work, run_id: int, municipality_id: int, tests: pl.DataFrame
) -> None:
    """Write back-tests with the columns of `BACK_TEST_SCHEMA` and the rule's code."""
    await _write(work, BackTestRow, run_id, municipality_id, tests)


async def _write(
    work: Work,
    table: type[IdentificationRow | IdentificationEvidenceRow | BackTestRow],
    run_id: int,
    municipality_id: int,
    frame: pl.DataFrame,
) -> None:
    rows = frame.drop("municipality_id")
    await write_columns(work, table, run_id, municipality_id, rows)
