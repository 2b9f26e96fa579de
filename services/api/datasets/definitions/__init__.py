"""Every dataset that can be exported, by its code."""

from typing import Final

from services.api.datasets.dataset import Dataset
from services.api.datasets.definitions import (
    conditions,
    contacts,
    lists,
    mentoring,
    organisations,
    programmes,
    results,
    scoring,
    staff,
)

GROUPS: Final = (
    organisations,
    contacts,
    results,
    conditions,
    staff,
    lists,
    programmes,
    mentoring,
    scoring,
)
DATASETS: Final[dict[str, Dataset]] = {
    dataset.code: dataset for group in GROUPS for dataset in group.DATASETS
}
