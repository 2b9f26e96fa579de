"""Which reminders are due on a day."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.planning.reminders import (
    DEADLINES_SCHEMA,
    KEY,
    PLANNED_SCHEMA,
    RECIPIENTS_SCHEMA,
    MessageDomainError,
    message_ids,
    plan,
)
from services.notifier.planning.rules import ReminderRule, ReminderRules
from shared.domain.provenance import ProvenanceKind

TODAY = date(2020, 9, 16)
DOMAIN = "podyom.example.ru"
RULES = ReminderRules(
    provenance=ProvenanceKind.UNCONFIRMED,
    rules=tuple(
        ReminderRule(code=f"before_{days}", days_before=days)
        for days in (14, 7, 3, 1, 0)
    ),
)
NOTHING = pl.DataFrame(schema=PLANNED_SCHEMA)
EDITOR = (500, 10, 1, "mail")

Row = tuple[Any, ...]


def deadlines(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=DEADLINES_SCHEMA, orient="row")


def deadline(
    days_left: int, *, number: int = 1, school: int | None = 1, state: str = "open"
) -> Row:
    return (number, 10, school, TODAY + timedelta(days=days_left), state)


def recipients(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=RECIPIENTS_SCHEMA, orient="row")


def planned_on(
    today: date,
    open_deadlines: pl.DataFrame,
    told: pl.DataFrame | None = None,
    planned: pl.DataFrame = NOTHING,
) -> pl.DataFrame:
    return plan(
        open_deadlines,
        recipients(EDITOR) if told is None else told,
        RULES,
        today=today,
        planned=planned,
        domain=DOMAIN,
    )


@pytest.mark.parametrize(
    ("days_left", "rule", "is_late"),
    [
        (400, None, None),
        (15, None, None),
        (14, "before_14", False),
        (13, "before_14", True),
        (8, "before_14", True),
        (7, "before_7", False),
        (4, "before_7", True),
        (3, "before_3", False),
        (2, "before_3", True),
        (1, "before_1", False),
        (0, "before_0", False),
        (-1, None, None),
        (-30, None, None),
    ],
)
def test_the_rule_of_a_day_is_the_nearest_that_is_not_behind(
    days_left: int, rule: str | None, *, is_late: bool | None
) -> None:
    reminders = planned_on(TODAY, deadlines(deadline(days_left)))
    expected = [] if rule is None else [(rule, is_late, days_left)]
    assert reminders.select("rule", "is_late", "days_left").rows() == expected


@pytest.mark.parametrize("state", ["done", "past", "before_programme", "moved"])
def test_only_open_deadlines_are_reminded_of(state: str) -> None:
    assert planned_on(TODAY, deadlines(deadline(7, state=state))).is_empty()


def replay(days: Iterable[date], open_deadlines: pl.DataFrame) -> list[Row]:
    """Run the system on each of `days`, remembering what it planned."""
    planned = NOTHING
    sent: list[Row] = []
    for day in days:
        fresh = planned_on(day, open_deadlines, planned=planned)
        planned = pl.concat([planned, fresh.select(KEY)])
        sent += [(day, *row) for row in fresh.select("rule", "is_late").rows()]
    return sent


def test_a_system_that_runs_every_day_sends_each_rule_once_and_in_time() -> None:
    every_day = [TODAY + timedelta(days=n) for n in range(25)]
    sent = replay(every_day + every_day[-3:], deadlines(deadline(20)))
    assert sent == [
        (TODAY + timedelta(days=20 - days), f"before_{days}", False)
        for days in (14, 7, 3, 1, 0)
    ]


def test_a_week_of_downtime_is_made_up_with_one_late_reminder() -> None:
    due = deadlines(deadline(15))
    days = [TODAY + timedelta(days=n) for n in (0, 1, 11, 11, 12, 13, 14, 15, 16)]
    assert replay(days, due) == [
        (TODAY + timedelta(days=1), "before_14", False),
        (TODAY + timedelta(days=11), "before_7", True),
        (TODAY + timedelta(days=12), "before_3", False),
        (TODAY + timedelta(days=14), "before_1", False),
        (TODAY + timedelta(days=15), "before_0", False),
    ]


@given(
    runs=st.lists(st.integers(0, 40), min_size=1, max_size=30),
    dues=st.lists(st.integers(0, 45), min_size=1, max_size=4),
)
def test_any_pattern_of_downtime_sends_each_reminder_at_most_once(
    runs: list[int], dues: list[int]
) -> None:
    due = deadlines(*(deadline(days, number=n) for n, days in enumerate(dues)))
    planned = NOTHING
    for offset in sorted(runs):
        fresh = planned_on(TODAY + timedelta(days=offset), due, planned=planned)
        per_deadline = fresh.group_by("deadline_id").len()
        assert per_deadline.filter(pl.col("len") > 1).is_empty()
        planned = pl.concat([planned, fresh.select(KEY)])
    assert planned.unique().height == planned.height
    expected = {
        (number, rule.code)
        for number, days in enumerate(dues)
        for offset in runs
        if (rule := RULES.applicable(days - offset)) is not None
    }
    assert set(planned.select("deadline_id", "rule").rows()) == expected


def test_each_recipient_is_told_of_own_deadlines_by_each_channel() -> None:
    due = deadlines(
        deadline(7, number=1, school=1),
        deadline(7, number=2, school=2),
        deadline(7, number=3, school=None),
        (4, 11, None, TODAY, "open"),
    )
    told = recipients(
        EDITOR, (500, 10, 1, "inbox"), (600, 10, 2, "mail"), (700, 10, None, "mail")
    )
    reminders = planned_on(TODAY, due, told)
    assert reminders.select("recipient_id", "deadline_id", "channel").rows() == [
        (500, 1, "inbox"),
        (500, 1, "mail"),
        (600, 2, "mail"),
        (700, 3, "mail"),
    ]


def test_a_deadline_of_two_schools_is_told_to_one_person_once() -> None:
    due = deadlines(deadline(3, school=1), deadline(3, school=2))
    told = recipients(EDITOR, (500, 10, 2, "mail"), (600, 10, 2, "mail"))
    reminders = planned_on(TODAY, due, told)
    assert reminders.select("recipient_id", "school_id").rows() == [(500, 1), (600, 2)]


def test_only_the_same_key_counts_as_planned() -> None:
    due = deadlines(deadline(7))
    told = recipients(EDITOR, (500, 10, 1, "inbox"))
    week = TODAY + timedelta(days=7)
    planned = pl.DataFrame(
        [
            (500, 1, week, "before_14", "inbox"),
            (500, 1, week, "before_7", "mail"),
            (501, 1, week, "before_7", "inbox"),
            (500, 2, week, "before_7", "inbox"),
            (500, 1, TODAY, "before_7", "inbox"),
        ],
        schema=PLANNED_SCHEMA,
        orient="row",
    )
    reminders = planned_on(TODAY, due, told, planned)
    assert reminders.select(KEY).rows() == [(500, 1, week, "before_7", "inbox")]


def test_nothing_is_planned_without_deadlines_or_without_recipients() -> None:
    assert planned_on(TODAY, deadlines()).is_empty()
    assert planned_on(TODAY, deadlines(deadline(7)), recipients()).is_empty()


def test_a_plan_does_not_depend_on_the_order_of_its_input() -> None:
    due = deadlines(*(deadline(n % 15, number=n, school=n % 5) for n in range(200)))
    told = recipients(*((n, 10, n % 5, "mail") for n in range(10)))
    backwards = planned_on(TODAY, due.reverse(), told.reverse())
    assert planned_on(TODAY, due, told).equals(backwards)


def test_a_message_id_is_that_of_its_key_whenever_it_is_planned() -> None:
    early = planned_on(TODAY, deadlines(deadline(14)))
    late = planned_on(TODAY + timedelta(days=2), deadlines(deadline(14)))
    assert early["message_id"].to_list() == late["message_id"].to_list()
    assert early["message_id"].to_list() == message_ids(
        [(500, 1, TODAY + timedelta(days=14), "before_14", "mail")], domain=DOMAIN
    )


def test_keys_that_read_the_same_without_gaps_have_different_message_ids() -> None:
    keys = [(1, 11, "day", "mail"), (11, 1, "day", "mail")]
    assert len(set(message_ids(keys, domain=DOMAIN))) == 2


@given(
    st.lists(st.tuples(st.text(), st.text(), st.text(), st.text()), unique=True),
)
def test_different_keys_have_different_message_ids(keys: list[Row]) -> None:
    ids = message_ids(keys, domain=DOMAIN)
    assert len(set(ids)) == len(keys)
    assert all(one.endswith(f"@{DOMAIN}>") and one.isascii() for one in ids)


@pytest.mark.parametrize(
    "domain", ["", "a b", "a.ru>\nBcc: x", "a.ru\n", "школа.рф", ".ru", "a" * 191]
)
def test_a_domain_that_would_break_the_header_is_refused(domain: str) -> None:
    with pytest.raises(MessageDomainError):
        plan(
            deadlines(),
            recipients(),
            RULES,
            today=TODAY,
            planned=NOTHING,
            domain=domain,
        )
