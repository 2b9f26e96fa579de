"""Quiet hours and digests, where clocks change as well."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.reminders.preferences import Mode, Preferences

ZONES = ["Asia/Krasnoyarsk", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]
MOMENTS = st.integers(0, 1_100 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
CLOCKS = st.times().map(lambda each: each.replace(microsecond=0))


def at(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone))  # type: ignore[misc,arg-type]


@given(MOMENTS, CLOCKS, CLOCKS, st.sampled_from(ZONES))
def test_nobody_is_disturbed_in_quiet_hours_nor_for_longer_than_a_day(
    now: datetime, quiet_from: time, quiet_to: time, zone: str
) -> None:
    chosen = Preferences(quiet_from=quiet_from, quiet_to=quiet_to, zone=zone)
    moment = chosen.send_after("mail", now, "Europe/Moscow")
    assert now <= moment <= now + timedelta(hours=26)
    if not chosen.is_quiet(now, zone):
        assert moment == now
    elif moment > now:
        local = moment.astimezone(ZoneInfo(zone))
        # A wall clock that jumps over the end stands after it at once.
        assert local.time() >= quiet_to
        assert (local - timedelta(hours=2)).time() <= local.time() or quiet_to.hour < 2


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        ((2021, 3, 27, 22), (2021, 3, 28, 7)),
        ((2021, 10, 31, 1), (2021, 10, 31, 7)),
        ((2021, 6, 1, 12), (2021, 6, 1, 12)),
        ((2021, 6, 1, 21), (2021, 6, 2, 7)),
    ],
)
def test_quiet_hours_end_by_the_wall_clock_when_it_changes(
    now: tuple[int, ...], moment: tuple[int, ...]
) -> None:
    found = Preferences().send_after("mail", at("Europe/Berlin", *now), "Europe/Berlin")
    assert found == at("Europe/Berlin", *moment)


def test_an_end_that_the_clock_skips_comes_after_the_gap() -> None:
    chosen = Preferences(quiet_to=time(2, 30))
    moment = chosen.send_after(
        "mail", at("Europe/Berlin", 2021, 3, 28, 1), "Europe/Berlin"
    )
    assert moment.astimezone(ZoneInfo("Europe/Berlin")).time() == time(3, 30)


def test_the_zone_is_the_persons_own_before_the_municipalitys() -> None:
    now = datetime(2020, 9, 16, 12, tzinfo=UTC)  # 19:00 in Krasnoyarsk, 15:00 Moscow
    assert not Preferences().is_quiet(now, "Asia/Krasnoyarsk")
    assert Preferences(zone="Asia/Vladivostok").is_quiet(now, "Asia/Krasnoyarsk")


def test_an_inbox_knows_no_rest() -> None:
    now = at("Asia/Krasnoyarsk", 2020, 9, 16, 2)
    assert Preferences().send_after("inbox", now, "Asia/Krasnoyarsk") == now


@given(MOMENTS, st.sampled_from([Mode.DAILY, Mode.WEEKLY]), st.integers(0, 6))
def test_a_digest_is_on_its_day_and_hour_and_still_to_come(
    now: datetime, mode: Mode, weekday: int
) -> None:
    zone = "Asia/Krasnoyarsk"
    chosen = Preferences(modes={"mail": mode}, weekday=weekday)
    moment = chosen.digest_after("mail", now, zone)
    local = moment.astimezone(ZoneInfo(zone))
    assert now < moment <= now + timedelta(days=1 if mode is Mode.DAILY else 7)
    assert local.time() == time(8)
    assert mode is Mode.DAILY or local.weekday() == weekday
