"""Who is told what on a day: nothing lost, nothing twice, whatever happens."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.reminders.day import Key, effects_of_day
from shared.domain.reminders.preferences import Mode, Preferences
from shared.domain.reminders.recipients import Recipient
from shared.domain.reminders.steps import StepKind
from tests.domain.reminders.district import (
    ADMINISTRATOR,
    COORDINATOR,
    DIRECTOR,
    EDITOR,
    HEAD,
    deadline,
    replay,
    situation,
)

START = date(2020, 9, 1)
DUE = date(2020, 9, 30)
YEAR = [START + timedelta(days=n) for n in range(150)]
OFFSETS = st.lists(st.integers(0, 120), min_size=1, max_size=40)


def day(offset: int) -> date:
    return START + timedelta(days=offset)


@given(OFFSETS, st.lists(st.integers(10, 60), min_size=1, max_size=3))
def test_days_in_any_order_and_however_often_lose_and_double_nothing(
    offsets: list[int], dues: list[int]
) -> None:
    owed = [deadline(day(due), number=n) for n, due in enumerate(dues)]
    days = [day(offset) for offset in offsets]
    sent = replay(days, owed, situation())
    assert max(Counter(effect.key for _, effect in sent).values(), default=1) == 1
    alone = {
        effect.key for each in days for _, effect in replay([each], owed, situation())
    }
    assert {effect.key for _, effect in sent} == alone


@given(st.integers(0, 100), st.integers(1, 45))
def test_after_downtime_of_any_length_each_is_told_once_what_holds_now(
    first: int, length: int
) -> None:
    owed = [deadline(DUE)]
    up = [each for each in YEAR if not day(first) <= each < day(first + length)]
    sent = replay(up, owed, situation())
    whole = {effect.key for _, effect in replay(YEAR, owed, situation())}
    keys = [effect.key for _, effect in sent]
    assert len(set(keys)) == len(keys)
    assert set(keys) <= whole
    # Escalations are owed to others: not one of them is skipped.
    assert {key for key in whole if key[4].startswith("to_")} <= set(keys)
    back = next(each for each in up if each >= day(first + length))
    for moment, effect in sent:
        if moment < back:
            assert not effect.is_late
    per_person = Counter(
        (effect.key[:2], effect.channel, moment)
        for moment, effect in sent
        if effect.kind is not StepKind.ESCALATION
    )
    assert set(per_person.values()) <= {1}


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(20, 70)), max_size=6))
def test_a_deadline_that_moves_is_told_of_once_for_each_of_its_days(
    moves: list[tuple[int, int]],
) -> None:
    due_on = DUE
    known: dict[Key, date] = {}
    for offset, each in enumerate(YEAR[:110]):
        due_on = next((day(to) for when, to in moves if when == offset), due_on)
        for effect in effects_of_day([deadline(due_on)], situation(), each):
            assert effect.due_on == due_on
            known.setdefault(effect.key, each)
    told = Counter(key[2:5] for key in known if key[0] == EDITOR.id)
    assert set(told.values()) <= {2}  # by mail and in the inbox


def test_a_school_year_is_reminded_of_as_the_rules_say() -> None:
    sent = replay(YEAR, [deadline(DUE)], situation())
    told = [
        (moment, effect.rule)
        for moment, effect in sent
        if effect.recipient.account_id == EDITOR.id and effect.channel == "mail"
    ]
    assert told[:7] == [
        (date(2020, 9, 16), "before_14"),
        (date(2020, 9, 23), "before_7"),
        (date(2020, 9, 25), "before_3"),
        (date(2020, 9, 29), "before_1"),
        (DUE, "on_day"),
        (date(2020, 10, 5), "overdue_3"),
        (date(2020, 10, 6), "overdue_6"),
    ]
    assert told[-1][1] == "overdue_60"
    assert not any(effect.is_late for _, effect in sent)


def test_what_is_missed_goes_up_step_by_step() -> None:
    sent = replay(YEAR, [deadline(DUE)], situation())
    up = [
        (moment, effect.recipient.post or effect.recipient.account_id)
        for moment, effect in sent
        if effect.kind is StepKind.ESCALATION
    ]
    assert up == [
        (date(2020, 10, 5), "director"),
        (date(2020, 10, 12), COORDINATOR.id),
        (date(2020, 10, 20), "head"),
    ]


def test_an_acknowledgement_ends_the_escalation_and_not_the_reminders() -> None:
    around = situation(acknowledged={(1, DUE)})
    kinds = {effect.kind for _, effect in replay(YEAR, [deadline(DUE)], around)}
    assert StepKind.ESCALATION not in kinds
    assert StepKind.OVERDUE in kinds
    moved = replay(YEAR, [deadline(DUE + timedelta(days=1))], around)
    assert StepKind.ESCALATION in {effect.kind for _, effect in moved}


def test_what_is_submitted_waits_for_the_coordinator_alone() -> None:
    waiting = deadline(DUE, state="submitted", changed_on=date(2020, 10, 1))
    sent = replay(YEAR, [waiting], situation())
    assert {effect.recipient.account_id for _, effect in sent} == {COORDINATOR.id}
    assert sent[0][1].rule == "review_3"
    again = replace(waiting, changed_on=date(2020, 11, 2))
    keys = {effect.key for _, effect in sent}
    assert not keys & {e.key for _, e in replay(YEAR, [again], situation())}


@pytest.mark.parametrize("state", ["done", "past", "withdrawn"])
def test_what_is_not_owed_is_not_reminded_of(state: str) -> None:
    assert replay(YEAR, [deadline(DUE, state=state)], situation()) == []


def test_a_municipalitys_own_deadline_is_its_coordinators_and_its_heads() -> None:
    sent = replay(YEAR, [deadline(DUE, school=None)], situation())
    assert {e.recipient.account_id or e.recipient.post for _, e in sent} == {
        COORDINATOR.id,
        "head",
    }


def test_where_nobody_can_be_told_the_coordinator_is_once() -> None:
    around = situation([COORDINATOR], [])
    sent = [e for _, e in replay([date(2020, 9, 16)] * 3, [deadline(DUE)], around)]
    assert [(e.rule, e.kind) for e in sent] == [("nobody_before_14", StepKind.ALARM)]
    assert sent[0].recipient == Recipient(COORDINATOR.id, None, None)


def test_without_a_coordinator_the_administrators_are_alarmed() -> None:
    (alarm,) = effects_of_day(
        [deadline(DUE)], situation([ADMINISTRATOR], []), date(2020, 9, 16)
    )
    assert alarm.recipient.account_id == ADMINISTRATOR.id


def test_a_post_stands_in_where_there_is_no_account() -> None:
    (effect,) = effects_of_day(
        [deadline(DUE)], situation([COORDINATOR], [DIRECTOR, HEAD]), date(2020, 9, 16)
    )
    assert effect.recipient == Recipient(None, "responsible", 1)


def test_mail_that_is_switched_off_comes_when_it_is_urgent() -> None:
    chosen = {EDITOR.id: Preferences(modes={"mail": Mode.OFF, "inbox": Mode.OFF})}
    sent = replay(YEAR, [deadline(DUE)], situation(preferences=chosen))
    mine = [e for _, e in sent if e.recipient.account_id == EDITOR.id]
    by_mail = [e.kind for e in mine if e.channel == "mail"]
    assert set(by_mail) == {StepKind.ON_DAY, StepKind.OVERDUE}
    in_inbox = {e.rule for e in mine if e.channel == "inbox"}
    assert {"before_14", "before_7", "before_3", "before_1"} <= in_inbox


def test_a_deadline_put_off_is_told_again_on_that_day() -> None:
    whom = Recipient(EDITOR.id, None, 1)
    around = situation(snoozed={(whom, 1, DUE): date(2020, 9, 21)})
    sent = replay(YEAR, [deadline(DUE)], around)
    told = [
        (moment, effect.rule)
        for moment, effect in sent
        if effect.recipient == whom and effect.channel == "mail"
    ]
    assert told[:3] == [
        (date(2020, 9, 21), "snoozed_20200921"),
        (date(2020, 9, 23), "before_7"),
        (date(2020, 9, 25), "before_3"),
    ]
    assert told[4] == (DUE, "on_day")
