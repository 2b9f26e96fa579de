"""What goes out together."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.reminders.bundles import (
    Bundle,
    MessageDomainError,
    bundles,
    message_id,
)
from shared.domain.reminders.day import Situation, effects_of_day
from shared.domain.reminders.preferences import Mode, Preferences
from tests.domain.reminders.district import EDITOR, deadline, situation

DOMAIN = "podyom.example.ru"
ZONE = "Asia/Krasnoyarsk"
NOW = datetime(2020, 9, 16, 2, tzinfo=UTC)  # 9 in the morning
TODAY = date(2020, 9, 16)
IN_TIME = deadline(date(2020, 9, 30))
LATE = deadline(date(2020, 9, 25), number=2)
LATER = deadline(date(2020, 9, 28), number=3)
OVERDUE = deadline(date(2020, 9, 10), number=4)


def packed(around: Situation, *owed: object) -> list[Bundle]:
    effects = effects_of_day(owed, around, TODAY)  # type: ignore[arg-type]
    mine = [e for e in effects if e.recipient.account_id == EDITOR.id]
    return bundles(mine, around, now=NOW, zone=ZONE, domain=DOMAIN)


def by_mail(found: list[Bundle]) -> list[tuple[str, list[int]]]:
    return [
        (each.kind, [effect.deadline_id for effect in each.effects])
        for each in found
        if each.channel == "mail"
    ]


def test_a_reminder_in_time_is_alone_and_late_ones_are_merged() -> None:
    assert by_mail(packed(situation(), IN_TIME, LATE, LATER)) == [
        ("reminder", [1]),
        ("late", [2, 3]),
    ]


def test_a_digest_gathers_all_but_what_is_urgent() -> None:
    chosen = {EDITOR.id: Preferences(modes={"mail": Mode.DAILY})}
    found = packed(situation(preferences=chosen), IN_TIME, LATE, OVERDUE)
    assert by_mail(found) == [("digest", [1, 2]), ("reminder", [4])]
    digest = next(each for each in found if each.kind == "digest")
    assert digest.send_after == datetime(2020, 9, 17, 1, tzinfo=UTC)
    (alone,) = [
        each
        for each in packed(situation(preferences=chosen), LATER)
        if each.channel == "mail"
    ]
    assert alone.message_id == digest.message_id


def test_nothing_but_the_inbox_is_used_on_a_day_off() -> None:
    friday = datetime(2020, 9, 18, 15, 30, tzinfo=UTC)  # 22:30, in the quiet hours
    for mode, hour in ((Mode.EACH, 7), (Mode.DAILY, 8)):
        around = situation(preferences={EDITOR.id: Preferences(modes={"mail": mode})})
        effects = effects_of_day([LATE], around, friday.date())
        mine = [each for each in effects if each.recipient.account_id == EDITOR.id]
        found = bundles(mine, around, now=friday, zone=ZONE, domain=DOMAIN)
        moments = {each.channel: each.send_after for each in found}
        monday = datetime(2020, 9, 21, hour, tzinfo=ZoneInfo(ZONE))
        assert (moments["mail"], moments["inbox"]) == (monday, friday)


def test_a_message_is_the_same_whenever_and_in_whatever_order_it_is_packed() -> None:
    one = packed(situation(), LATE, LATER)
    other = packed(situation(), LATER, LATE)
    assert {each.message_id for each in one} == {each.message_id for each in other}
    assert len({each.message_id for each in one}) == len(one)


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), unique=True))
def test_different_keys_have_different_message_ids(
    keys: list[tuple[str, ...]],
) -> None:
    ids = [message_id(key, domain=DOMAIN) for key in keys]
    assert len(set(ids)) == len(keys)
    assert all(one.endswith(f"@{DOMAIN}>") and one.isascii() for one in ids)


@pytest.mark.parametrize(
    "domain", ["", "a b", "a.ru>\nBcc: x", "a.ru\n", "школа.рф", ".ru", "a" * 191]
)
def test_a_domain_that_would_break_the_header_is_refused(domain: str) -> None:
    with pytest.raises(MessageDomainError):
        bundles([], situation(), now=NOW, zone=ZONE, domain=domain)
