"""How far the cells of a sheet reach, found over whole pieces of its XML at once."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

_MOST_LETTERS = 3
_MOST_DIGITS = 7
_START = np.frombuffer(b'<c r="', np.uint8)
_LONGEST = len(_START) + _MOST_LETTERS + _MOST_DIGITS + 2
# Of the tags of a sheet that begin with c, all but the cell's go on with one of these.
_OTHERS = np.frombuffer(b"ofue", np.uint8)
_ENDS = np.frombuffer(b" />", np.uint8)

_Bytes: TypeAlias = NDArray[np.uint8]
_Numbers: TypeAlias = NDArray[np.int64]


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
    signs = np.frombuffer(tags + bytes(_LONGEST), np.uint8)
    starts = np.flatnonzero((signs[:-1] == _START[0]) & (signs[1:] == _START[1]))
    is_cell = signs[starts + 2] == _START[2]
    if not np.isin(signs[starts[~is_cell] + 2], _OTHERS).all():
        return None
    cells = starts[is_cell]
    for offset in range(3, len(_START)):
        if not (signs[cells + offset] == _START[offset]).all():
            return None
    columns, places = _read(signs, cells + len(_START), "A", 26, _MOST_LETTERS)
    rows, places = _read(signs, places, "0", 10, _MOST_DIGITS)
    is_closed = signs[places] == ord('"')
    if not (is_closed & np.isin(signs[places + 1], _ENDS)).all():
        return None
    if not columns.all() or not rows.all():
        return None
    return Extent(int(rows.max(initial=0)), int(columns.max(initial=0)))


def _read(
    signs: _Bytes, places: _Numbers, first: str, base: int, most: int
) -> tuple[_Numbers, _Numbers]:
    """Return the numbers that stand at these places, and where each ends.

    The digits are the `base` signs from `first` on; letters count from 1, since A is
    the first column.
    """
    numbers = np.zeros(len(places), np.int64)
    one = 1 if first == "A" else 0
    for _ in range(most):
        digits = signs[places].astype(np.int64) - ord(first)
        is_digit = (digits >= 0) & (digits < base)
        numbers = np.where(is_digit, numbers * base + digits + one, numbers)
        places = places + is_digit
    return numbers, places
