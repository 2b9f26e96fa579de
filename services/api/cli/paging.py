"""Reading lists to their end."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from shared.persistence.paging import AnyRow

PAGE: Final = 200


async def every_row(
    read: Callable[[int, int], Awaitable[Sequence[AnyRow]]],
) -> list[AnyRow]:
    """Return all rows of a list.

    Args:
        read: Returns up to `limit + 1` rows with numbers beyond `after`, given both.
    """
    found: list[AnyRow] = []
    after = 0
    while True:
        page = await read(after, PAGE)
        found += page[:PAGE]
        if len(page) <= PAGE:
            return found
        after = found[-1].id
