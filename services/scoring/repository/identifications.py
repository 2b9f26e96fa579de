"""Schools with low results, written as columns."""

from collections.abc import Mapping

import polars as pl

from services.scoring.repository.areas import write_rows
from shared.persistence.tables.identification import (
    BackTestRow,
    IdentificationEvidenceRow,
    IdentificationRow,
)
from shared.persistence.work import Work


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
