"""Every dataset that can be exported, by its code."""

from typing import Final

from services.api.datasets.dataset import Dataset
from services.api.datasets.definitions import (
    conditions,
    mentoring,
    organisations,
    programmes,
    results,
    scoring,
)

DATASETS: Final[dict[str, Dataset]] = {
    dataset.code: dataset
    for group in (organisations, results, conditions, programmes, mentoring, scoring)
    for dataset in group.DATASETS
}
