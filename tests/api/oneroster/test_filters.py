"""Filters of OneRoster are read as the standard says, or refused with the place."""

import pytest

from services.api.oneroster.filters import Condition, read_filter
from services.api.oneroster.refusals import BadQueryError, CodeMinor


def test_and_binds_more_closely_than_or() -> None:
    read = read_filter("a='1' AND b!='2' or c.d>='3'")
    assert read == [
        [Condition("a", "=", "1"), Condition("b", "!=", "2")],
        [Condition("c.d", ">=", "3")],
    ]


def test_a_value_may_hold_quotes_and_operators() -> None:
    ((one,),) = read_filter("name~'O''Neill AND ''x''='")
    assert one == Condition("name", "~", "O'Neill AND 'x'=")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name='x",
        "name=x",
        "name='x' AND",
        "name='x' XOR name='y'",
        "name='x'AND",
        "(name='x')",
        " AND ".join(["name='x'"] * 21),
    ],
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(BadQueryError) as refused:
        read_filter(text)
    assert refused.value.code is CodeMinor.INVALID_FILTER_FIELD
