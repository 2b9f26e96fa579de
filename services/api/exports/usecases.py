"""Writing an export into a file."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from services.api.datasets.dataset import Dataset
from services.api.datasets.definitions import DATASETS
from services.api.exports import repository
from services.api.exports.writers import CsvWriter, TableWriter, WorkbookWriter
from shared.domain.errors import Fault, InvalidInputError, NotFoundError, Text
from shared.persistence.work import Work


class FileFormat(StrEnum):
    """What an export may be."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Which rows are wanted; None does not narrow."""

    municipality_id: int | None = None
    academic_year: int | None = None


class UnknownDatasetError(NotFoundError):
    """There is no dataset with this code; the detail lists those there are."""

    code = "unknown_dataset"
    title = Text("Такого набора данных нет", "No such dataset")


def find_dataset(code: str) -> Dataset:
    """Return the dataset.

    Raises:
        UnknownDatasetError: there is none.
    """
    found = DATASETS.get(code)
    if found is None:
        known = ", ".join(DATASETS)
        raise UnknownDatasetError(
            Text(
                f"Набора данных с таким кодом нет. Есть: {known}.",
                f"There is no dataset with this code. There are: {known}.",
            )
        )
    return found


async def write_export(
    work: Work,
    dataset: Dataset,
    wanted: Narrowing,
    file_format: FileFormat,
    target: IO[bytes],
) -> int:
    """Write what the caller may see of the dataset; memory holds a batch of rows.

    Returns how many rows that is.

    Raises:
        InvalidInputError: the dataset has no years to narrow it by.
        TooManyRowsError: a sheet cannot hold it.
    """
    _require_year_of(dataset, wanted)
    where = {
        "municipality_id": wanted.municipality_id,
        "academic_year": wanted.academic_year,
    }
    writer: TableWriter
    match file_format:
        case FileFormat.CSV:
            writer = CsvWriter(dataset, target)
        case FileFormat.XLSX:
            is_synthetic = await repository.has_synthetic_rows(work, dataset, **where)
            writer = WorkbookWriter(
                dataset, target, is_synthetic=is_synthetic, made_on=work.now.date()
            )
    rows = 0
    try:
        async for batch in repository.read_batches(work, dataset, **where):
            # Making cells takes the processor; others are answered meanwhile.
            await asyncio.to_thread(writer.write, batch)
            rows += len(batch)
    finally:
        await asyncio.to_thread(writer.close)
    return rows


def _require_year_of(dataset: Dataset, wanted: Narrowing) -> None:
    if wanted.academic_year is None or dataset.year is not None:
        return
    reason = Text(
        f"У набора «{dataset.code}» нет учебного года: уберите academic_year.",
        f"The dataset '{dataset.code}' has no academic year: leave academic_year out.",
    )
    raise InvalidInputError(
        reason, faults=[Fault(column="query.academic_year", reason=reason)]
    )
