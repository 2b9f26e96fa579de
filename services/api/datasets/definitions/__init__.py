"""Every dataset that can be exported, by its code."""

from typing import Final

from services.api.datasets.dataset import Dataset
from services.api.datasets.definitions import (
    conditions,
    contacts,
    decisions,
    lists,
    mentor_bank,
    mentoring,
    municipalities,
    organisations,
    programmes,
    recommendations,
    results,
    school_programmes,
    scoring,
    staff,
)

GROUPS: Final = (
    organisations,
    contacts,
    municipalities,
    results,
    conditions,
    staff,
    lists,
    programmes,
    school_programmes,
    recommendations,
    decisions,
    mentoring,
    mentor_bank,
    scoring,
)
DATASETS: Final[dict[str, Dataset]] = {
    dataset.code: dataset for group in GROUPS for dataset in group.DATASETS
}
