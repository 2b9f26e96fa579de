"""What a list of a dataset can be narrowed by."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, create_model
from sqlalchemy import ColumnElement

from services.api.datasets.dataset import Dataset
from services.api.datasets.recording import Recording
from services.api.http.ids import RowId
from services.api.records.bodies import filters_of
from shared.domain.periods import FIRST_YEAR, LAST_YEAR


def query_of(dataset: Dataset, recording: Recording) -> type[BaseModel]:
    """Return the model of what a list's query narrows it by."""
    fields: dict[str, Any] = {"municipality_id": (RowId | None, Field(None))}
    if recording.is_of_school:
        fields["school_id"] = (RowId | None, Field(None))
    if dataset.year is not None:
        year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
        described = Field(None, description="2019 is the year 2019/2020")
        fields["academic_year"] = (year | None, described)
    for name, wanted, column in filters_of(dataset, recording):
        fields[name] = (wanted | None, Field(None, description=column.title.ru))
    return create_model(f"{dataset.code}-query", **fields)


def sorts_of(dataset: Dataset, recording: Recording) -> dict[str, ColumnElement[Any]]:
    """Return the columns that a list can be sorted by, the row's number first."""
    columns = {column.name: column.source for column in dataset.columns}
    return {name: columns[name] for name in ("id", *recording.sorts)}
