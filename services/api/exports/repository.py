"""Reading the rows of an export as they are sent, never all of them at once."""

from collections.abc import AsyncIterator, Sequence

from sqlalchemy import select

from services.api.datasets.dataset import Dataset
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

BATCH = 1000  # rows


async def read_batches(
    work: Work,
    dataset: Dataset,
    *,
    municipality_id: int | None,
    academic_year: int | None,
) -> AsyncIterator[Sequence[AnyRow]]:
    """Yield the rows that the caller may see, through a cursor of the server's."""
    statement = dataset.select(
        municipality_id=municipality_id, academic_year=academic_year
    )
    result = await work.session.stream(
        statement, execution_options={"yield_per": BATCH}
    )
    async for batch in result.partitions():
        yield batch


async def has_synthetic_rows(
    work: Work,
    dataset: Dataset,
    *,
    municipality_id: int | None,
    academic_year: int | None,
) -> bool:
    """Tell whether any of those rows is generated."""
    rows = dataset.select(
        municipality_id=municipality_id, academic_year=academic_year
    ).order_by(None)
    wanted = rows.subquery()
    found = await work.session.scalar(
        select(select(wanted).where(wanted.c.synthetic).exists())
    )
    return bool(found)
