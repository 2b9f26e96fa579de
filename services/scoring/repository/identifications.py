"""Schools with low results: what is read for them, and what is written."""

from collections.abc import Mapping

import polars as pl
from sqlalchemy import select

from services.scoring.engine.identification.units import YEARLY_RESULT_SCHEMA
from services.scoring.repository.areas import Area, write_rows
from shared.persistence.tables.identification import (
    BackTestRow,
    IdentificationEvidenceRow,
    IdentificationRow,
)
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.work import Work


async def read_results_of_years(
    work: Work, area: Area, first: int, last: int
) -> pl.DataFrame:
    """Return the results of academic years with columns of `YEARLY_RESULT_SCHEMA`."""
    columns = [getattr(AssessmentResultRow, name) for name in YEARLY_RESULT_SCHEMA]
    statement = select(*columns).where(
        area.holds(AssessmentResultRow.municipality_id),
        AssessmentResultRow.academic_year.between(first, last),
    )
    return await area.read(work, statement, YEARLY_RESULT_SCHEMA)


async def write_identifications(
    work: Work, runs: Mapping[int, int], schools: pl.DataFrame
) -> None:
    """Write statuses: columns of `IDENTIFICATION_SCHEMA`, the rule's code, version."""
    await write_rows(work, IdentificationRow, runs, schools)


async def write_evidence(
    work: Work, runs: Mapping[int, int], evidence: pl.DataFrame
) -> None:
    """Write evidence with the columns of `EVIDENCE_SCHEMA` and the rule's code."""
    await write_rows(work, IdentificationEvidenceRow, runs, evidence)


async def write_back_tests(
    work: Work, runs: Mapping[int, int], tests: pl.DataFrame
) -> None:
    """Write back-tests with the columns of `BACK_TEST_SCHEMA` and the rule's code."""
    await write_rows(work, BackTestRow, runs, tests)
