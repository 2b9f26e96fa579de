"""Every dataset that can be exported, by its code."""

from typing import Final

from services.api.datasets.dataset import Dataset
from services.api.datasets.definitions import (
    conditions,
    contacts,
    decisions,
    distances,
    lists,
    mentor_bank,
    mentoring,
    msoko,
    municipalities,
    organisations,
    programmes,
    recommendations,
    results,
    risks,
    school_programmes,
    scoring,
    social_passports,
    staff,
    staff_trainings,
    surveys,
    swot,
)

GROUPS: Final = (
    organisations,
    contacts,
    municipalities,
    results,
    social_passports,
    conditions,
    staff,
    staff_trainings,
    lists,
    surveys,
    msoko,
    risks,
    swot,
    programmes,
    school_programmes,
    recommendations,
    decisions,
    distances,
    mentoring,
    mentor_bank,
    scoring,
)
DATASETS: Final[dict[str, Dataset]] = {
    dataset.code: dataset for group in GROUPS for dataset in group.DATASETS
}
