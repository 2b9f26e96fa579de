"""Which changes are wanted, and what a page of them is."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.api.datasets.contents import Content, RowId
from shared.persistence.feed import FeedState
from shared.persistence.tables.feed import ChangeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whose changes of which datasets; None or nothing does not narrow.

    With `events` there are only events, and only these.
    """

    after: int
    limit: int
    datasets: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    region_id: int | None = None
    municipality_id: int | None = None
    school_id: int | None = None
    identity: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Changes in their order, what stands in their rows, and where to go on."""

    state: FeedState
    changes: Sequence[ChangeRow]
    contents: dict[RowId, list[Content]]
    next_after: int

    @property
    def is_last(self) -> bool:
        """Whether nothing had come after it when it was read."""
        return self.next_after >= self.state.last_number
