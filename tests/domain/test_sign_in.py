"""How long one waits after failed tries."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.sign_in import WINDOW, allowed_at, wait_after

NOW = datetime(2020, 9, 16, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(0, 0), (9, 0), (10, 1), (11, 2), (12, 4), (13, 8), (14, 15), (10**6, 15)],
)
def test_the_wait_doubles_up_to_the_window(failures: int, minutes: int) -> None:
    assert wait_after(failures, allowed=10) == timedelta(minutes=minutes)


@given(st.integers(0, 10**6), st.integers(1, 1000))
def test_more_failures_never_shorten_the_wait(failures: int, allowed: int) -> None:
    longer = wait_after(failures + 1, allowed=allowed)
    assert wait_after(failures, allowed=allowed) <= longer <= WINDOW


def test_the_wait_begins_with_the_last_failure() -> None:
    assert allowed_at(10, NOW, allowed=10) == NOW + timedelta(minutes=1)
    assert allowed_at(9, NOW, allowed=10) is None
    assert allowed_at(0, None, allowed=10) is None
