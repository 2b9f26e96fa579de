"""Whether a school can have a row of a dataset in the row's academic year."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from services.api.datasets.dataset import Dataset
from shared.domain.errors import Fault
from shared.domain.reorganisations import SchoolLife
from shared.domain.school_years import future_faults, life_faults


def school_year_faults(
    dataset: Dataset,
    values: Mapping[str, Any],
    *,
    life: SchoolLife | None,
    today: date,
) -> Iterator[Fault]:
    """Yield what speaks against a row of a school in its year; nothing of other rows.

    Args:
        dataset: What the row is of.
        values: The row.
        life: Its school; None if there has always been the school.
        today: The day, of which facts cannot be far ahead.
    """
    recording, year = dataset.recording, dataset.academic_year_of(values)
    if recording is None or not recording.is_of_school or year is None:
        return
    column = None if dataset.year is None else str(dataset.year.key)
    if life is not None:
        yield from life_faults(life, year, column)
    if not recording.planned:
        yield from future_faults(year, today, column)
