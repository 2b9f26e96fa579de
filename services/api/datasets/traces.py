"""Keeping that what leads to persons has left the system."""

from typing import Any

from services.api.datasets.dataset import Dataset
from shared.persistence.audit import created, record_change
from shared.persistence.work import Work


async def trace_reading(
    work: Work,
    dataset: Dataset,
    *,
    rows: int,
    how: str,
    municipality_id: int | None,
    school_id: int | None,
) -> None:
    """Keep who took how many rows, and how, if the dataset leads to persons."""
    if not dataset.reaches_persons:
        return
    taken: dict[str, Any] = {"format": how, "rows": rows}
    await record_change(
        work,
        dataset.code.replace("-", "_"),
        "export",
        created(taken),
        municipality_id=municipality_id,
        school_id=school_id,
    )
