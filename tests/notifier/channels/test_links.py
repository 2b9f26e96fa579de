"""Which links a message carries: only such as do what they say."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.notifier.channels.links import LinkMaker
from shared.domain.reminders.day import Effect
from shared.domain.reminders.recipients import INBOX, MAIL, Recipient
from shared.domain.reminders.steps import StepKind

NOW = datetime(2020, 9, 16, tzinfo=UTC)
LINKS = LinkMaker.of("https://podyom.example.ru", "s" * 32)
EARLY = Effect(
    recipient=Recipient(1, None, 2),
    deadline_id=3,
    school_id=2,
    due_on=date(2020, 9, 30),
    rule="14_days_before",
    channel=MAIL,
    kind=StepKind.BEFORE,
    is_urgent=False,
    is_late=False,
)


@pytest.mark.parametrize("kind", StepKind)
def test_a_reminder_has_the_links_that_it_can_be_answered_by(kind: StepKind) -> None:
    answers = LINKS.answers(replace(EARLY, kind=kind), NOW)
    # What was submitted waits for the one reminded, and where nobody can be told
    # somebody has to be named.
    assert (answers is None) is (kind in {StepKind.REVIEW, StepKind.ALARM})
    if answers is not None:
        assert (answers.snooze is None) is (kind is StepKind.ESCALATION)


@pytest.mark.parametrize(
    "other",
    [
        replace(EARLY, is_urgent=True),
        replace(EARLY, channel=INBOX),
        replace(EARLY, recipient=Recipient(None, "director", 2)),
    ],
)
def test_only_mails_that_an_account_may_switch_off_can_be_ended(other: Effect) -> None:
    assert LINKS.unsubscribe([EARLY, EARLY], NOW) is not None
    assert LINKS.unsubscribe([other], NOW) is None
    assert LINKS.unsubscribe([EARLY, other], NOW) is None
