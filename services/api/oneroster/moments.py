"""When a thing was changed last, by the change feed's own clock.

A change is shown once it is committed and has its number: whoever asks for what changed
after the last answer misses nothing, however long a transaction took.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, func, select

from shared.persistence.tables.feed import ChangeRow

# Of what did not change for as long as the feed remembers.
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)

_CHANGE = ChangeRow.__table__.c


def changed_at(
    datasets: Sequence[str],
    joined: FromClause | None,
    place: ColumnElement[Any],
    school: ColumnElement[Any] | None = None,
) -> Any:
    """Return when rows of a municipality, or of one of its schools, last changed.

    With `joined` municipalities, `place` is a condition that chooses among them.
    """
    rows = select(func.max(_CHANGE.numbered_at)).where(_CHANGE.dataset.in_(datasets))
    if joined is not None:
        rows = rows.join(joined, joined.c.id == _CHANGE.municipality_id).where(place)
    else:
        rows = rows.where(_CHANGE.municipality_id == place)
    if school is not None:
        rows = rows.where(_CHANGE.school_id == school)
    return rows.scalar_subquery()


def shown_moment(moment: datetime) -> str:
    """Return it in UTC with milliseconds.

    >>> shown_moment(LONG_AGO)
    '1970-01-01T00:00:00.000Z'
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
