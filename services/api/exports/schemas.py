"""Bodies of the dictionary of datasets."""

from typing import Self

from pydantic import BaseModel, Field

from services.api.datasets.columns import Column, Kind, Need
from services.api.datasets.dataset import Dataset
from services.api.http.localized import LocalizedOut
from shared.domain.errors import Text
from shared.domain.permissions import Permission


def _localized(text: Text) -> LocalizedOut:
    return LocalizedOut(ru=text.ru, en=text.en)


class ColumnOut(BaseModel):
    """A column; in a form, people fill in those that are not `system`."""

    name: str = Field(description="In CSV, and in row 2 of a workbook")
    title: LocalizedOut
    type: Kind = Field(
        description="A moment is in UTC, a list has ` | ` inside, a record is JSON"
    )
    unit: LocalizedOut | None
    allowed: list[str] = Field(description="Values of a closed set; empty if any may")
    need: Need

    @classmethod
    def of(cls, column: Column) -> Self:
        """Translate a column."""
        return cls(
            name=column.name,
            title=_localized(column.title),
            type=column.kind,
            unit=None if column.unit is None else _localized(column.unit),
            allowed=list(column.allowed),
            need=column.need,
        )


class DatasetOut(BaseModel):
    """A dataset that can be exported; `code` goes into the address."""

    code: str
    title: LocalizedOut
    permission: Permission = Field(description="Needed to export it")
    has_academic_year: bool = Field(description="Whether academic_year narrows it")
    can_be_uploaded: bool = Field(
        description="Whether `file_format` of POST /v1/imports takes its filled form"
    )
    columns: list[ColumnOut]

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """Translate a dataset."""
        return cls(
            code=dataset.code,
            title=_localized(dataset.title),
            permission=dataset.permission,
            has_academic_year=dataset.year is not None,
            can_be_uploaded=dataset.can_be_uploaded,
            columns=[ColumnOut.of(column) for column in dataset.columns],
        )


class DatasetListOut(BaseModel):
    """All datasets that can be exported."""

    items: list[DatasetOut]
