"""Pauses between attempts."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.planning.retries import (
    LONGEST_DELAY,
    MOST_ATTEMPTS,
    delay_after,
)


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(1, 10), (2, 20), (3, 40), (4, 80), (9, 2560), (10, 3600), (99, 3600)],
)
def test_the_pause_doubles_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert delay_after(attempts) == timedelta(seconds=seconds)


def test_trying_ends_after_days() -> None:
    assert delay_after(MOST_ATTEMPTS) is None
    pauses = [delay_after(attempts) for attempts in range(1, MOST_ATTEMPTS)]
    total = sum((pause for pause in pauses if pause is not None), timedelta())
    assert timedelta(days=3) < total < timedelta(days=5)


@given(st.integers(0, MOST_ATTEMPTS - 2))
def test_a_later_attempt_never_waits_less(attempts: int) -> None:
    first, second = delay_after(attempts), delay_after(attempts + 1)
    assert first is not None
    assert second is not None
    assert timedelta(0) < first <= second <= LONGEST_DELAY
