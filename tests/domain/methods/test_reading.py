"""Numbers of a method stay within what anybody can mean."""

from typing import Any

import pytest

from shared.domain.errors import InvalidInputError
from shared.domain.methods.reading import LARGEST, Reader


def read(value: object, how: str, **bounds: Any) -> tuple[object, list[str | None]]:
    reader = Reader.of({"key": value})
    found = getattr(reader, how)("key", **bounds)
    try:
        reader.finish()
    except InvalidInputError as error:
        return found, [fault.column for fault in error.faults]
    return found, []


@pytest.mark.parametrize(
    ("how", "fits", "too_large"),
    [
        ("whole_number", LARGEST, LARGEST + 1),
        ("whole_numbers", [1, LARGEST], [1, LARGEST + 1]),
        ("whole_numbers", [-LARGEST], [-LARGEST - 1]),
        ("numbers", [0.5, float(LARGEST)], [1e300]),
        ("numbers", [0.5], [float("nan")]),
        ("ascending", [-1.0, 1.0], [1.0, float("inf")]),
    ],
)
def test_a_number_beyond_all_bounds_is_refused_where_it_stands(
    how: str, fits: object, too_large: object
) -> None:
    bounds = {"at_least": 0} if how == "whole_number" else {}

    found, faults = read(fits, how, **bounds)
    _, refused = read(too_large, how, **bounds)

    assert faults == []
    assert found == (tuple(fits) if isinstance(fits, list) else fits)
    assert refused == ["key"]
