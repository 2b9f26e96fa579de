"""Bodies of the change feed."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from services.api.changes.records import Page
from services.api.datasets.contents import Content
from services.api.http.numbers import Whole
from shared.contracts.domain_events import DomainEvent
from shared.persistence.tables.feed import ChangeRow


class Action(StrEnum):
    """What a change does to a copy of the dataset."""

    UPSERT = "upsert"
    DELETE = "delete"
    REPLACE = "replace"
    EVENT = "event"


class ChangeOut(BaseModel):
    """A change of a row, or of all rows of a municipality's year.

    `upsert`: the rows with this `row_id` are from now on those in `rows`, as they
    stand when they are read; nothing is in it if the row has gone since, which a later
    change tells. `delete`: there are none with it any more here. `replace`: all rows
    of the municipality and the academic year are those that `rows_url` gives.
    """

    type: Literal["change"] = "change"
    number: int = Field(description="Its place in the one order of all changes")
    action: Action
    dataset: str
    row_id: int | None = Field(description="The column `id`; null for `replace`")
    municipality_id: int
    school_id: int | None
    academic_year: int | None = Field(description="Of `replace` and some events")
    event: DomainEvent | None = Field(
        description="What has happened; null unless `event`"
    )
    payload: dict[str, Any] | None = Field(
        description="Numbers, codes and facts of the event; null unless `event`"
    )
    key: dict[str, Any] | None = Field(
        description="What the row is known by: of a deleted one, or where it changed"
    )
    old_key: dict[str, Any] | None = Field(description="Before, where it changed")
    rows: list[dict[str, Any]] | None = Field(
        description="By the columns of GET /v1/export-datasets; null unless `upsert`"
    )
    rows_url: str | None = Field(description="Of `replace`; else null")
    request_id: str | None = Field(description="Of the request that changed it")
    at: datetime

    @classmethod
    def of(cls, change: ChangeRow, rows: list[Content]) -> Self:
        """Translate a change and what stands in its rows."""
        is_upsert = change.action == Action.UPSERT
        return cls(
            number=change.number,
            action=Action(change.action),
            dataset=str(change.dataset),
            row_id=change.row_id,
            municipality_id=change.municipality_id,
            school_id=change.school_id,
            academic_year=change.academic_year,
            event=None if change.event is None else DomainEvent(change.event),
            payload=change.payload,
            key=change.key,
            old_key=change.old_key,
            rows=rows if is_upsert else None,
            rows_url=_rows_url(change),
            request_id=change.request_id,
            at=change.at,
        )


def _rows_url(change: ChangeRow) -> str | None:
    if change.action != Action.REPLACE:
        return None
    query = {
        "dataset": change.dataset,
        "municipality_id": change.municipality_id,
        "academic_year": change.academic_year,
    }
    return f"/v1/changes/replacements?{urlencode(query)}"


class ChangePageOut(BaseModel):
    """A page of changes; without `items` it is a sign of life, not data."""

    feed: str = Field(description="Give it back as `feed`: a restored copy is another")
    items: list[ChangeOut]
    next_after: int = Field(description="Read on from here, whether or not it is full")
    last_number: int
    is_last: bool = Field(description="Nothing had come after it when it was read")

    @classmethod
    def of(cls, page: Page) -> Self:
        """Translate a page."""
        return cls(
            feed=page.state.identity,
            items=list(changes_out(page)),
            next_after=page.next_after,
            last_number=page.state.last_number,
            is_last=page.is_last,
        )


def changes_out(page: Page) -> list[ChangeOut]:
    """Translate the changes of a page."""
    return [
        ChangeOut.of(
            change,
            page.contents.get((str(change.dataset), change.row_id or 0), []),
        )
        for change in page.changes
    ]


class HeartbeatOut(BaseModel):
    """A line of a stream that says: all up to `number` has been sent."""

    type: Literal["heartbeat"] = "heartbeat"
    feed: str
    number: int


class EndOut(BaseModel):
    """The last line: without it a stream has been cut off.

    `rows` counts the lines before it; whoever has the feed up to `number`, too, has
    seen everything that changed while they were read.
    """

    type: Literal["end"] = "end"
    rows: int
    number: int


DatasetNames = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=100)]],
    Field(min_length=1, max_length=100),
]


class SnapshotIn(BaseModel):
    """Which datasets to copy, and in pieces of what size; all that one may read."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"datasets": ["schools"], "rows_per_partition": 5000}
        },
    )

    datasets: DatasetNames | None = None
    rows_per_partition: Whole = Field(10_000, ge=100, le=100_000)


class PartitionOut(BaseModel):
    """A piece that can be read by itself, at the same time as the others, and again."""

    partition: int
    dataset: str
    after_id: int | None = Field(description="Null of what runs replace")
    up_to_id: int | None = Field(description="Null in the last piece of a dataset")
    municipality_id: int | None = Field(description="Of what runs replace; else null")
    academic_year: int | None = Field(description="Of what runs replace; else null")
    rows: int | None = Field(description="How many there were, if that is known")
    url: str


class SnapshotOut(BaseModel):
    """A copy begun at `number`: read the partitions, then the feed after `number`."""

    id: int
    feed: str
    number: int
    created_at: datetime
    partitions: list[PartitionOut]

    @classmethod
    def of(cls, row: Any) -> Self:
        """Translate a snapshot."""
        partitions = [
            PartitionOut(
                partition=number,
                dataset=piece["dataset"],
                after_id=piece.get("after_id"),
                up_to_id=piece.get("up_to_id"),
                municipality_id=piece.get("municipality_id"),
                academic_year=piece.get("academic_year"),
                rows=piece.get("rows"),
                url=f"/v1/snapshots/{row.id}/partitions/{number}",
            )
            for number, piece in enumerate(row.partitions, start=1)
        ]
        return cls(
            id=row.id,
            feed=row.feed,
            number=row.number,
            created_at=row.created_at,
            partitions=partitions,
        )
