"""What an If-Match allows."""

import pytest

from services.api.http.preconditions import PreconditionFailedError, expected_of


@pytest.mark.parametrize(
    "field",
    ["*", " * ", '"3"', '"3-0af9"', '"2", "3"', '"2-aa","3-bb"', '"abc", "3"', '"3" '],
)
def test_the_version_is_allowed(field: str) -> None:
    expected_of(field).check(3)


@pytest.mark.parametrize(
    "field",
    [
        "",
        "3",
        '"4"',
        '"33"',
        'W/"3"',
        'W/"3-0af9"',
        '"3-xyz"',
        '"x3"',
        '"abc"',
        '"3',
        '3"',
        f'"{3 + 10**18}"',
        '"2", W/"3"',
        '""3""',
    ],
)
def test_anything_else_is_refused(field: str) -> None:
    with pytest.raises(PreconditionFailedError):
        expected_of(field).check(3)
