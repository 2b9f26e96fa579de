"""Whatever a title holds, the feed is read back with the same words and days."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from services.api.feeds.rendering import calendar_of
from shared.domain.deadlines import DeadlineState
from shared.persistence.paging import AnyRow

MADE = datetime(2020, 9, 15, 18, 30, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)


def row(**fields: Any) -> AnyRow:
    """Return a deadline in words."""
    words = {
        "id": 7,
        "number": "1.1.",
        "kind": "measure",
        "title": "Анкета",
        "school_name": None,
        "expected_result": None,
        "programme_title": None,
        "due_on": date(2020, 10, 30),
        "state": DeadlineState.OPEN.value,
        "revision": 3,
        "created_at": MADE,
        "changed_at": MADE,
    }
    return cast("AnyRow", SimpleNamespace(**words | fields))


def rendered(
    *rows: AnyRow,
    name: str = "Сроки",
    language: str = "ru",
    time_zone: str = "Asia/Krasnoyarsk",
) -> bytes:
    return calendar_of(name, rows, language=language, time_zone=time_zone)


@given(title=WORDS, school=WORDS, name=WORDS)
def test_any_words_survive_folding_and_escaping(
    title: str, school: str, name: str
) -> None:
    content = rendered(row(title=title, school_name=school), name=name)
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in content.replace(b"\r\n", b"")
    read: Any = Calendar.from_ical(content)
    (event,) = read.walk("VEVENT")
    assert str(event["SUMMARY"]).split() == f"1.1. {_shown(title)}".split()
    assert _shown(school) in str(event["DESCRIPTION"])
    assert event["DTSTART"].dt == date(2020, 10, 30)
    assert event["SEQUENCE"] == 3


def _shown(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def test_states_are_told_and_equal_deadlines_are_equal_bytes() -> None:
    rows = [
        row(id=number, state=state.value)
        for number, state in enumerate(DeadlineState)
        if state is not DeadlineState.PAST
    ]
    content = rendered(*rows, language="en")
    assert content == rendered(*rows, language="en")
    read: Any = Calendar.from_ical(content)
    assert [
        (str(event["STATUS"]), event["CATEGORIES"].to_ical().decode())
        for event in read.walk("VEVENT")
    ] == [
        ("CONFIRMED", "To be done"),
        ("CONFIRMED", "Submitted"),
        ("CONFIRMED", "Returned"),
        ("CONFIRMED", "Done"),
        ("CANCELLED", "Withdrawn"),
    ]
    assert not read.walk("VTIMEZONE")
    assert b"DTSTART;VALUE=DATE:20201030\r\n" in content


@pytest.mark.parametrize(
    "time_zone", ["Europe/Kaliningrad", "Asia/Krasnoyarsk", "Europe/Berlin"]
)
@pytest.mark.parametrize("due_on", [date(2021, 3, 28), date(2021, 10, 31)])
def test_a_day_is_the_same_day_in_every_zone_though_clocks_change_on_it(
    time_zone: str, due_on: date
) -> None:
    # In Berlin half past two comes twice in autumn; both moments are told apart.
    twice = [datetime(2021, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    rows = [
        row(id=number, due_on=due_on, changed_at=each.astimezone(ZoneInfo(time_zone)))
        for number, each in enumerate(twice)
    ]
    read: Any = Calendar.from_ical(rendered(*rows, time_zone=time_zone))
    assert str(read["X-WR-TIMEZONE"]) == time_zone
    events = read.walk("VEVENT")
    assert [event["DTSTAMP"].dt for event in events] == twice
    for event in events:
        assert event["DTSTART"].params["VALUE"] == "DATE"
        assert (event["DTSTART"].dt, event["DTEND"].dt) == (
            due_on,
            due_on + timedelta(days=1),
        )


def test_the_same_number_made_elsewhere_is_another_event() -> None:
    later = row(created_at=MADE.replace(microsecond=1))
    read: Any = Calendar.from_ical(rendered(row(), later))
    assert len({str(event["UID"]) for event in read.walk("VEVENT")}) == 2


def test_a_record_s_deadline_is_called_in_the_reader_s_language() -> None:
    answer = row(kind="recommendation", title="Ответить на рекомендацию: Чтение")
    for language, summary in (
        ("ru", "Ответить на рекомендацию: Чтение"),
        ("en", "Answer the recommendation: Чтение"),
    ):
        (event,) = Calendar.from_ical(rendered(answer, language=language)).walk(
            "VEVENT"
        )
        assert str(event["SUMMARY"]).endswith(summary)
