"""How long texts and how large numbers a row of a dataset may have, however it comes.

Bodies and the cells of forms are held to the same.
"""

from typing import Final

from sqlalchemy import BigInteger, SmallInteger

from services.api.datasets.columns import Column, Kind

LONGEST_TEXT: Final = 4000  # characters
LONGEST_KEY: Final = 300  # characters of a text that no other row may have
LONGEST_LIST: Final = 200
DIGITS: Final = 14  # of numeric(14, 2), as amounts of money are kept
PLACES: Final = 2
LARGEST_SMALLINT: Final = 2**15 - 1
LARGEST_INTEGER: Final = 2**31 - 1
LARGEST_BIGINT: Final = 2**63 - 1


def longest_of(column: Column, *, is_key: bool) -> int:
    """Return how many characters a text has at most; an index holds no longer ones."""
    return int(column.most or (LONGEST_KEY if is_key else LONGEST_TEXT))


def bounds_of(column: Column) -> tuple[float | None, float | None]:
    """Return between which numbers a value lies; whole ones count something."""
    least, most = column.least, column.most
    if column.kind is not Kind.INTEGER:
        return least, most
    largest = _largest(column)
    least = 0 if least is None else int(least)
    return least, largest if most is None else min(int(most), largest)


def _largest(column: Column) -> int:
    """Return the largest number that the column's type holds in PostgreSQL."""
    match column.source.type:
        case SmallInteger():
            return LARGEST_SMALLINT
        case BigInteger():
            return LARGEST_BIGINT
        case _:
            return LARGEST_INTEGER
