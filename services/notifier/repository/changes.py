"""What has become of letters since they were written, asked before they leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text

from services.notifier.repository.owed import OwedMessage, OwedReminder
from shared.persistence.work import Work

# Whether they are still this process's, to the same account at the same address, of
# deadlines as they were, with the same answers to them.
CHANGED = text(
    """
    WITH ours AS (
      SELECT * FROM unnest(CAST(:messages AS bigint[]), CAST(:emails AS text[]))
        AS each (id, email)
    ), told AS (
      SELECT * FROM unnest(CAST(:carriers AS bigint[]), CAST(:deadlines AS bigint[]),
        CAST(:revisions AS int[]), CAST(:days AS date[]),
        CAST(:acknowledged AS boolean[]), CAST(:snoozed AS date[]),
        CAST(:accounts AS bigint[]), CAST(:posts AS text[]))
        AS each (id, deadline_id, revision, due_on, is_acknowledged, snoozed_until,
          recipient_id, post)
    )
    SELECT ours.id FROM ours
      LEFT JOIN notifier.messages m ON m.id = ours.id AND m.status = 'planned'
        AND m.lease_until = :leased_until
      LEFT JOIN api.users u ON u.id = m.recipient_id
    WHERE m.id IS NULL OR m.recipient_id IS NOT NULL
      AND (u.is_active IS NOT TRUE OR u.email IS DISTINCT FROM ours.email)
    UNION
    SELECT told.id FROM told
      LEFT JOIN api.deadlines d ON d.id = told.deadline_id
      LEFT JOIN api.reminder_acknowledgements a ON a.deadline_id = told.deadline_id
        AND a.due_on = told.due_on
      LEFT JOIN api.reminder_snoozes s ON s.deadline_id = told.deadline_id
        AND s.due_on = told.due_on
        AND s.recipient_id IS NOT DISTINCT FROM told.recipient_id
        AND s.recipient_post IS NOT DISTINCT FROM told.post
    WHERE d.revision IS DISTINCT FROM told.revision
      OR (a.id IS NOT NULL) <> told.is_acknowledged
      OR s.until IS DISTINCT FROM told.snoozed_until
    """
)


@dataclass(frozen=True, slots=True)
class Told:
    """A reminder as it was written, and the answers that had been given to it."""

    reminder: OwedReminder
    is_acknowledged: bool
    snoozed_until: date | None


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it was written: to whom, and of what."""

    message: OwedMessage
    told: Sequence[Told]


async def read_changed(
    work: Work, letters: Sequence[Written], *, leased_until: datetime
) -> set[int]:
    """Return the ids of the messages that have to be looked at again.

    Either something they tell of is different now, or they are no longer held until
    `leased_until`.
    """
    told = [(letter.message, each) for letter in letters for each in letter.told]
    reminders = [each.reminder for _, each in told]
    changed = await work.session.scalars(
        CHANGED,
        {
            "messages": [each.message.id for each in letters],
            "emails": [each.message.email for each in letters],
            "carriers": [message.id for message, _ in told],
            "accounts": [message.recipient_id for message, _ in told],
            "posts": [message.recipient_role for message, _ in told],
            "deadlines": [each.deadline_id for each in reminders],
            "revisions": [each.deadline_revision for each in reminders],
            "days": [each.due_on for each in reminders],
            "acknowledged": [each.is_acknowledged for _, each in told],
            "snoozed": [each.snoozed_until for _, each in told],
            "leased_until": leased_until,
        },
    )
    return set(changed)
