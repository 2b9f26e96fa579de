"""Every dataset that can be exported, by its code."""

from typing import Final

from services.api.exports.dataset import Dataset
from services.api.exports.datasets import (
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
