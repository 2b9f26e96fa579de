"""Reading deadlines to be answered, and keeping the answers."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from shared.domain.reminders.recipients import Recipient
from shared.domain.reminders.rule_books import Deadline
from shared.persistence.reminder_situations import DEADLINES, deadline_of
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.reminder_choices import (
    AcknowledgementRow,
    SnoozeRow,
    UsedReminderLinkRow,
)
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class Subject:
    """A deadline that is answered, where it is, and which day it is there."""

    deadline: Deadline
    municipality_id: int
    today: date


async def read_subject(work: Work, deadline_id: int) -> Subject | None:
    """Return a deadline that the transaction may see."""
    rows = await work.session.execute(DEADLINES.where(DeadlineRow.id == deadline_id))
    row = rows.one_or_none()
    if row is None:
        return None
    return Subject(deadline_of(row), row.municipality_id, work.today_in(row.time_zone))


async def acknowledge(work: Work, subject: Subject, whom: Recipient) -> bool:
    """Keep an acknowledgement; return whether it is the first one."""
    added = await work.session.scalar(
        insert(AcknowledgementRow)
        .values(_values(work, subject, whom))
        .on_conflict_do_nothing()
        .returning(AcknowledgementRow.id)
    )
    return added is not None


async def snooze(work: Work, subject: Subject, whom: Recipient, *, until: date) -> None:
    """Keep until when reminders are put off; the last word counts."""
    added = insert(SnoozeRow).values(until=until, **_values(work, subject, whom))
    await work.session.execute(
        added.on_conflict_do_update(
            constraint="uq_reminder_snoozes_key",
            set_={"until": until, "answered_at": work.now},
        )
    )


async def use_link(work: Work, digest: str, municipality_id: int) -> bool:
    """Take note that a link was acted on; return whether it is the first time."""
    used = await work.session.scalar(
        insert(UsedReminderLinkRow)
        .values(digest=digest, municipality_id=municipality_id, used_at=work.now)
        .on_conflict_do_nothing()
        .returning(UsedReminderLinkRow.digest)
    )
    return used is not None


async def is_used(work: Work, digest: str) -> bool:
    """Tell whether a link was acted on."""
    found = await work.session.scalar(
        select(UsedReminderLinkRow.digest).where(UsedReminderLinkRow.digest == digest)
    )
    return found is not None


def _values(work: Work, subject: Subject, whom: Recipient) -> dict[str, object]:
    return {
        "municipality_id": subject.municipality_id,
        "school_id": whom.school_id,
        "deadline_id": subject.deadline.id,
        "due_on": subject.deadline.due_on,
        "recipient_id": whom.account_id,
        "recipient_post": whom.post,
        "answered_at": work.now,
    }
