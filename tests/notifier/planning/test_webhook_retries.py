"""The schedule of Standard Webhooks, with what the other side asks for."""

from datetime import timedelta

import pytest

from services.notifier.planning.webhook_retries import (
    LONGEST_WISH,
    pause_after,
)

ATTEMPTS = range(1, 12)


@pytest.mark.parametrize(("chance", "hours"), [(0, 68), (0.5, 75), (1, 83)])
def test_ten_attempts_take_about_three_days(chance: float, hours: int) -> None:
    pauses = [pause_after(number, chance=chance) for number in ATTEMPTS]
    made = [each for each in pauses if each is not None]
    assert len(made) == 9
    assert pauses[9:] == [None, None]
    assert sum(made, timedelta()) // timedelta(hours=1) == hours
    assert made == sorted(made)


def test_a_wish_is_kept_unless_it_is_shorter_or_too_long() -> None:
    wish = timedelta(hours=3)
    assert pause_after(1, chance=0.5, retry_after=wish) == wish
    usual = pause_after(9, chance=0.5)
    assert pause_after(9, chance=0.5, retry_after=wish) == usual
    year = timedelta(days=365)
    assert pause_after(1, chance=0.5, retry_after=year) == LONGEST_WISH
