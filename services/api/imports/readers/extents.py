"""How far the cells of a sheet reach, found over whole pieces of its XML at once."""

import re
from dataclasses import dataclass

_CELL = re.compile(rb'<c r="([A-Z]{1,3}\d{1,7})"[ />]')
_DIGITS, _LETTERS = b"0123456789", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Of the tags of a sheet that begin with c, all but the cell's begin with one of these.
_OTHERS = (b"<co", b"<cf", b"<cu", b"<ce")


@dataclass(frozen=True, slots=True)
class Extent:
    """The last row and the last column that a cell stands in, counted from 1."""

    rows: int
    columns: int


def usual_extent(tags: bytes) -> Extent | None:
    """Return how far cells reach that are all written as ``<c r="AB12" …>``.

    Args:
        tags: A piece of XML that ends with a tag.

    Returns:
        None where some cell is written in another way, or could hide one that is.
    """
    cells = _CELL.findall(tags)
    begun = tags.count(b"<c")
    if len(cells) != begun:
        begun -= sum(tags.count(other) for other in _OTHERS)
    if len(cells) != begun:
        return None
    listed = b" ".join(cells)
    rows = {*map(int, {*listed.translate(None, _LETTERS).split()})}
    columns = {*map(column_number, {*listed.translate(None, _DIGITS).split()})}
    if 0 in rows:
        return None
    return Extent(max(rows, default=0), max(columns, default=0))


def column_number(letters: bytes) -> int:
    """Return the number of a column, counted from 1: 28 for ``AB``."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
