"""Pauses between attempts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.planning.retries import (
    LONGEST_DELAY,
    LONGEST_WISH,
    MOST_ATTEMPTS,
    Away,
    delay_after,
)


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(1, 10), (2, 20), (3, 40), (4, 80), (9, 2560), (10, 3600), (99, 3600)],
)
def test_the_pause_doubles_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert delay_after(attempts, chance=0) == timedelta(seconds=seconds)


def test_trying_ends_after_days() -> None:
    assert delay_after(MOST_ATTEMPTS, chance=0) is None
    pauses = [delay_after(attempts, chance=0.5) for attempts in range(1, MOST_ATTEMPTS)]
    total = sum((pause for pause in pauses if pause is not None), timedelta())
    assert timedelta(days=3) < total < timedelta(days=5)


@given(st.integers(0, MOST_ATTEMPTS - 2))
def test_a_later_attempt_never_waits_less(attempts: int) -> None:
    first = delay_after(attempts, chance=0)
    second = delay_after(attempts + 1, chance=0)
    assert first is not None
    assert second is not None
    assert timedelta(0) < first <= second <= LONGEST_DELAY


@given(st.integers(1, MOST_ATTEMPTS - 1), st.floats(0, 1))
def test_chance_takes_a_quarter_of_the_pause_at_most(
    attempts: int, chance: float
) -> None:
    whole = delay_after(attempts, chance=0)
    cut = delay_after(attempts, chance=chance)
    assert whole is not None
    assert cut is not None
    assert whole * 0.75 <= cut <= whole


@pytest.mark.parametrize(
    ("wish", "pause"),
    [
        (timedelta(seconds=3), timedelta(seconds=10)),
        (timedelta(minutes=7), timedelta(minutes=7)),
        (timedelta(days=30), LONGEST_WISH),
    ],
)
def test_what_the_other_side_asks_for_is_kept_within_bounds(
    wish: timedelta, pause: timedelta
) -> None:
    assert delay_after(1, chance=0, retry_after=wish) == pause


def test_a_server_that_stays_away_is_looked_for_less_and_less_often() -> None:
    now = datetime(2020, 9, 16, 9, tzinfo=UTC)
    away, pauses = Away(), []
    assert not away.lasts_at(now)
    for _ in range(8):
        away.was_met(now)
        assert away.until is not None
        assert away.lasts_at(away.until - timedelta(milliseconds=1))
        assert not away.lasts_at(away.until)
        pauses.append((away.until - now).total_seconds())
    assert pauses == [5, 10, 20, 40, 80, 120, 120, 120]
    away.is_over()
    assert not away.lasts_at(now)
    away.was_met(now)
    assert away.until == now + timedelta(seconds=5)
