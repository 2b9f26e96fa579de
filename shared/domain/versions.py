"""What was known of a thing when, from what is known now and the changes until then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """A change with the old and the new value of each field that it touched.

    One that `creates` the thing has nothing before it; one that removes it has all of
    the old values.
    """

    at: datetime
    values: Mapping[str, Sequence[Any]]
    creates: bool = False


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """Values from the moment `since` until `until`, excluded; None is the present.

    `change` is the place of the change that brought them about, None for what was
    there before the first of them.
    """

    change: int | None
    since: datetime
    until: datetime | None
    values: Mapping[str, Any]


def known_versions(
    present: Mapping[str, Any] | None,
    changes: Sequence[RecordedChange],
    *,
    since: datetime | None,
) -> list[KnownVersion]:
    """Take the changes back, one by one, from what is known at present.

    What the record of changes does not touch is as it is now; hence rows that were
    loaded without an entry of their own have their versions, too.

    `known_versions({"n": 3}, [RecordedChange(noon, {"n": [2, 3]})], since=dawn)` is
    n = 2 from dawn until noon, then n = 3.

    Args:
        present: The values of now; None once the thing was removed.
        changes: All changes of it, oldest first.
        since: When it came about, if no change tells; without either, what was known
            before the first change is left out.
    """
    values, until = present, None
    versions: list[KnownVersion] = []
    for place in reversed(range(len(changes))):
        change = changes[place]
        if values is not None:
            versions.append(KnownVersion(place, change.at, until, values))
        until = change.at
        old = {name: pair[0] for name, pair in change.values.items()}
        values = None if change.creates else {**(values or {}), **old}
    if values is not None and since is not None:
        versions.append(KnownVersion(None, since, until, values))
    return versions[::-1]
