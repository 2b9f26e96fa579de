"""Bodies of a dataset's rows, made from the columns that describe it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    create_model,
)

from services.api.datasets.columns import Column, Kind, Need
from services.api.datasets.dataset import Dataset
from services.api.datasets.limits import (
    DIGITS,
    LONGEST_LIST,
    LONGEST_TEXT,
    PLACES,
    bounds_of,
    longest_of,
)
from services.api.datasets.recording import Recording
from services.api.http.dates import Day, Moment
from services.api.http.flags import Flag
from services.api.http.texts import text_up_to

Words = Annotated[str, text_up_to(LONGEST_TEXT)]
TYPES: Final[dict[Kind, Any]] = {
    Kind.INTEGER: Annotated[int, Strict()],
    Kind.NUMBER: Annotated[float, Strict(), Field(allow_inf_nan=False)],
    Kind.DECIMAL: Annotated[
        Decimal, Field(ge=0, max_digits=DIGITS, decimal_places=PLACES)
    ],
    Kind.BOOLEAN: Annotated[bool, Strict()],
    Kind.DATE: Day,
    Kind.MOMENT: Moment,
    Kind.TEXT: Words,
    Kind.LIST: Annotated[list[Words], Field(max_length=LONGEST_LIST)],
    Kind.RECORD: dict[str, Any],
}
ANSWERED: Final[dict[Kind, Any]] = {
    **TYPES,
    Kind.INTEGER: int,
    Kind.NUMBER: float,
    Kind.DECIMAL: Decimal,
    Kind.BOOLEAN: bool,
    Kind.DATE: date,
    Kind.MOMENT: datetime,
    Kind.TEXT: str,
    Kind.LIST: list[str],
}


# In an address everything is text: what stands for a number is read as one.
ASKED: Final[dict[Kind, Any]] = {
    **TYPES,
    Kind.INTEGER: int,
    Kind.NUMBER: Annotated[float, Field(allow_inf_nan=False)],
    Kind.BOOLEAN: Flag,
}


def body_of(dataset: Dataset, recording: Recording) -> type[BaseModel]:
    """Return the model of a row as people write it: unknown fields are refused."""
    fields: dict[str, Any] = {
        column.name: _written(column, recording)
        for column in dataset.columns
        if column.need is not Need.SYSTEM
    }
    return create_model(
        f"{_camel(recording.entity)}In",
        __config__=ConfigDict(
            extra="forbid", json_schema_extra={"example": dict(recording.example)}
        ),
        __doc__=f"{dataset.title.en}: a row as it is written.",
        **fields,
    )


def answer_of(dataset: Dataset, recording: Recording) -> type[BaseModel]:
    """Return the model of a row as it is answered."""
    fields: dict[str, Any] = {
        column.name: _answered(column, recording) for column in dataset.columns
    }
    fields["version"] = (int, Field(description="Counts the changes of the row"))
    return create_model(
        f"{_camel(recording.entity)}Out",
        __config__=ConfigDict(from_attributes=True),
        __doc__=f"{dataset.title.en}: a row with where it comes from.",
        **fields,
    )


def filters_of(
    dataset: Dataset, recording: Recording
) -> Iterator[tuple[str, Any, Column]]:
    """Yield the columns that a list can be narrowed by, with the type of each."""
    for column in dataset.columns:
        if column.name in recording.filters:
            yield column.name, _type_of(column, ASKED), column


def _written(column: Column, recording: Recording) -> tuple[Any, Any]:
    described: dict[str, Any] = {
        "title": column.title.en,
        "description": _description(column),
    }
    wanted = _type_of(column, TYPES)
    if column.kind is Kind.TEXT and not column.allowed:
        longest = longest_of(column, is_key=column.name in recording.key)
        wanted = Annotated[wanted, Field(max_length=longest)]
    if column.kind is Kind.LIST:
        return wanted, Field(default_factory=list, **described)
    if column.default is not None:
        return wanted, Field(column.default, **described)
    if column.need is Need.OPTIONAL:
        return wanted | None, Field(None, **described)
    return wanted, Field(**described)


def _answered(column: Column, recording: Recording) -> tuple[Any, Any]:
    wanted = _type_of(column, ANSWERED)
    own = recording.table.c.get(column.name)
    is_always_there = own is not None and not own.nullable
    described = Field(title=column.title.en, description=_description(column))
    if is_always_there or column.name in {"municipality_name", "synthetic"}:
        return wanted, described
    return wanted | None, described


def _type_of(column: Column, types: Mapping[Kind, Any]) -> Any:
    number = column.kind is Kind.INTEGER
    if column.allowed and not (number and types is ASKED):
        values = tuple(int(each) if number else each for each in column.allowed)
        return Literal[values]
    wanted = types[column.kind]
    if types is ANSWERED or column.kind not in {Kind.INTEGER, Kind.NUMBER}:
        return wanted
    least, most = bounds_of(column)
    return Annotated[wanted, Field(ge=least, le=most)]


def _description(column: Column) -> str:
    """Return the Russian title with its unit, as a form has it."""
    unit = "" if column.unit is None else f", {column.unit.ru} ({column.unit.en})"
    return f"{column.title.ru}{unit}"


def _camel(entity: str) -> str:
    return "".join(part.capitalize() for part in entity.split("_"))
