"""What other systems are told when a file is committed or taken back."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from services.api.datasets.places import FED, is_replaced, table_of
from services.api.imports.records import StoredImport
from services.api.imports.targets import TargetTable
from shared.contracts.domain_events import DomainEvent
from shared.persistence import domain_events
from shared.persistence.work import Work


async def tell(
    work: Work,
    event: DomainEvent,
    file: StoredImport,
    target: TargetTable,
    *,
    years: Sequence[int | None],
    counts: dict[str, Any],
) -> None:
    """Tell of a file as a whole; `counts` are of its rows."""
    await domain_events.tell(
        work,
        event,
        dataset=dataset_of(target),
        municipality_id=file.municipality_id,
        payload={
            "import_id": file.id,
            "file_format": file.file_format,
            "academic_years": [year for year in years if year is not None],
            **counts,
        },
    )


def dataset_of(target: TargetTable) -> str:
    """Return the dataset that files of a target are written into."""
    return _datasets()[target.table.fullname]


@cache
def _datasets() -> dict[str, str]:
    return {
        table_of(dataset).fullname: code
        for code, dataset in FED.items()
        if not is_replaced(dataset)
    }
