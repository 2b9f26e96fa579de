"""Answers to reminders: acknowledging a deadline, and putting it off."""

from datetime import date, timedelta

from shared.domain.deadlines import OWED
from shared.domain.errors import ConflictError, InvalidInputError, Text
from shared.domain.reminders.rule_books import Deadline

LONGEST_SNOOZE = timedelta(days=7)  # of what is overdue


class NothingToAnswerError(ConflictError):
    """Nothing is owed for the deadline, so that nobody is reminded of it."""

    code = "nothing_to_answer"
    title = Text("Отвечать не на что", "There is nothing to answer")


class SnoozeTooLongError(InvalidInputError):
    """The reminders of a deadline cannot be put off so far."""

    code = "snooze_too_long"
    title = Text("Слишком поздно", "That is too late")


def check_is_owed(deadline: Deadline) -> None:
    """Check that there are reminders of the deadline.

    Raises:
        NothingToAnswerError: there are none.
    """
    if deadline.state in OWED:
        return
    raise NothingToAnswerError(
        Text(
            f"Срок {deadline.id} сейчас никто не должен выполнить "
            f"(состояние «{deadline.state}»): о нём не напоминают.",
            f"Nothing is owed for the deadline {deadline.id} now (its state is "
            f"“{deadline.state}”): nobody is reminded of it.",
        )
    )


def latest_snooze(deadline: Deadline, today: date) -> date:
    """Return the last day that the reminders of a deadline can be put off to."""
    if deadline.due_on > today:
        return deadline.due_on
    return today + LONGEST_SNOOZE


def check_snooze(deadline: Deadline, until: date, today: date) -> None:
    """Check that the reminders of a deadline can be put off until then.

    Raises:
        SnoozeTooLongError: the day is not to come, or too late.
    """
    latest = latest_snooze(deadline, today)
    if today < until <= latest:
        return
    raise SnoozeTooLongError(
        Text(
            f"Отложить можно на день с {today + timedelta(days=1):%d.%m.%Y} "
            f"по {latest:%d.%m.%Y}.",
            f"It can be put off to a day from {today + timedelta(days=1):%Y-%m-%d} "
            f"to {latest:%Y-%m-%d}.",
        )
    )
