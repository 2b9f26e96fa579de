"""The days of reminders, against dateutil and day by day."""

from datetime import date, timedelta

from dateutil.rrule import DAILY, rrule
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.calendar import WorkCalendar
from shared.domain.reminders.rules import ReminderRule, Repeats, RuleSet
from shared.domain.reminders.steps import applicable, horizon, ladder, reviews
from tests.domain.reminders.district import RULES

CALENDAR = WorkCalendar()
DAYS = st.dates(date(2020, 1, 1), date(2022, 12, 31))


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    leads = draw(st.lists(st.integers(0, 40), min_size=1, max_size=5, unique=True))
    return RuleSet(
        rules=tuple(
            ReminderRule(code=f"d{days}", days_before=days)
            for days in sorted(leads, reverse=True)
        ),
        overdue=Repeats(every=draw(st.integers(1, 20)), last=draw(st.integers(0, 100))),
        escalation=RULES.general.escalation,
        review=RULES.general.review,
    )


@given(rule_sets(), DAYS)
def test_overdue_days_are_dateutils_moved_to_working_days(
    rules: RuleSet, due_on: date
) -> None:
    last = due_on + timedelta(days=rules.overdue.last)
    days = [
        moment.date()
        for moment in rrule(
            DAILY, interval=rules.overdue.every, dtstart=due_on, until=last
        )
    ][1:]
    steps = ladder(rules, due_on, CALENDAR)[len(rules.rules) :]
    assert [step.on for step in steps] == [
        CALENDAR.next_working_day_on_or_after(day) for day in days
    ]
    assert [step.rule for step in steps] == [
        f"overdue_{(day - due_on).days}" for day in days
    ]


@given(rule_sets(), DAYS)
def test_reminders_are_on_working_days_and_never_later_than_they_should(
    rules: RuleSet, due_on: date
) -> None:
    for rule, step in zip(rules.rules, ladder(rules, due_on, CALENDAR), strict=False):
        wanted = due_on - timedelta(days=rule.days_before)
        assert CALENDAR.is_working_day(step.on)
        assert step.on <= wanted
        between = (
            step.on + timedelta(days=n) for n in range(1, (wanted - step.on).days + 1)
        )
        assert not any(CALENDAR.is_working_day(day) for day in between)


@given(rule_sets(), DAYS, st.integers(-60, 150))
def test_what_applies_is_the_last_whose_day_has_come(
    rules: RuleSet, due_on: date, offset: int
) -> None:
    today = due_on + timedelta(days=offset)
    steps = ladder(rules, due_on, CALENDAR)
    come = [step for step in steps if step.on <= today]
    assert applicable(steps, today) == (come[-1] if come else None)


@given(rule_sets(), DAYS, st.integers(0, 120))
def test_nothing_beyond_the_horizon_is_reminded_of(
    rules: RuleSet, today: date, days: int
) -> None:
    due_on = horizon(rules, today, CALENDAR) + timedelta(days=days)
    assert applicable(ladder(rules, due_on, CALENDAR), today) is None


def test_a_monday_is_reminded_of_on_friday_and_missed_days_on_the_next() -> None:
    monday = date(2020, 9, 28)
    steps = ladder(RULES.general, monday, CALENDAR)
    by_rule = {step.rule: step.on for step in steps}
    assert by_rule["before_3"] == by_rule["before_1"] == date(2020, 9, 25)
    assert by_rule["on_day"] == monday
    assert by_rule["overdue_6"] == date(2020, 10, 5)  # instead of Sunday the 4th
    friday = applicable(steps, date(2020, 9, 25))
    assert friday is not None
    assert friday.rule == "before_1"


def test_a_transferred_day_counts_as_the_calendar_of_the_year_says() -> None:
    # The May holidays of 2021 were prolonged by decree to the 10th.
    steps = ladder(RULES.general, date(2021, 5, 12), CALENDAR)
    by_rule = {step.rule: step.on for step in steps}
    assert by_rule["before_3"] == date(2021, 4, 30)
    assert by_rule["before_1"] == date(2021, 5, 11)


def test_what_is_submitted_is_counted_from_that_day() -> None:
    steps = reviews(RULES.general, date(2020, 9, 1), CALENDAR)
    assert [step.rule for step in steps[:2]] == ["review_3", "review_6"]
    assert {step.audience for step in steps} == {"coordinator"}
