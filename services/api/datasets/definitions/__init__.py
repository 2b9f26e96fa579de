"""Every dataset that can be exported, by its code."""

from typing import Final

from services.api.datasets.dataset import Dataset
from services.api.datasets.definitions import (
    condition_indices,
    conditions,
    contacts,
    decisions,
    distances,
    identification_decisions,
    internal_controls,
    lists,
    mentor_bank,
    mentoring,
    msoko,
    municipalities,
    objectivity,
    organisations,
    programmes,
    ranking_publications,
    recommendations,
    results,
    risks,
    roadmap_execution,
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
    condition_indices,
    staff,
    staff_trainings,
    lists,
    objectivity,
    surveys,
    msoko,
    risks,
    swot,
    internal_controls,
    programmes,
    roadmap_execution,
    school_programmes,
    recommendations,
    decisions,
    distances,
    mentoring,
    mentor_bank,
    scoring,
    ranking_publications,
    identification_decisions,
)
DATASETS: Final[dict[str, Dataset]] = {
    dataset.code: dataset for group in GROUPS for dataset in group.DATASETS
}
