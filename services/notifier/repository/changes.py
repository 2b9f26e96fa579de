"""What has become of letters since they were written, asked before they leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text

from services.notifier.repository.owed import OwedMessage, OwedReminder
from shared.persistence.work import Work

# Whether they are still this process's, to the same account at the same address, of
# deadlines as they were, with no answer since that stops them.
CHANGED = text(
    """
    WITH ours AS (
      SELECT * FROM unnest(CAST(:messages AS bigint[]), CAST(:emails AS text[]))
        AS each (id, email)
    ), told AS (
      SELECT * FROM unnest(CAST(:carriers AS bigint[]), CAST(:deadlines AS bigint[]),
        CAST(:revisions AS int[]), CAST(:days AS date[]), CAST(:above AS boolean[]),
        CAST(:accounts AS bigint[]), CAST(:posts AS text[]), CAST(:today AS date[]))
        AS each (id, deadline_id, revision, due_on, is_above, recipient_id, post, today)
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
    WHERE d.revision IS DISTINCT FROM told.revision
    UNION
    SELECT told.id FROM told
      JOIN api.reminder_acknowledgements a USING (deadline_id, due_on)
    WHERE told.is_above
    UNION
    SELECT told.id FROM told JOIN api.reminder_snoozes s USING (deadline_id, due_on)
    WHERE NOT told.is_above AND s.until > told.today
      AND s.recipient_id IS NOT DISTINCT FROM told.recipient_id
      AND s.recipient_post IS NOT DISTINCT FROM told.post
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A letter as it was written: of whom, of what, on which day.

    `above` are the ids of the reminders that others above are told.
    """

    message: OwedMessage
    reminders: Sequence[OwedReminder]
    above: Sequence[int]
    today: date


async def read_changed(
    work: Work, letters: Sequence[Written], *, leased_until: datetime
) -> set[int]:
    """Return the ids of the messages that have to be looked at again.

    Either something they tell of is different now, or they are no longer held until
    `leased_until`.
    """
    told = [(each, reminder) for each in letters for reminder in each.reminders]
    changed = await work.session.scalars(
        CHANGED,
        {
            "messages": [each.message.id for each in letters],
            "emails": [each.message.email for each in letters],
            "carriers": [each.message.id for each, _ in told],
            "deadlines": [reminder.deadline_id for _, reminder in told],
            "revisions": [reminder.deadline_revision for _, reminder in told],
            "days": [reminder.due_on for _, reminder in told],
            "above": [reminder.id in each.above for each, reminder in told],
            "accounts": [each.message.recipient_id for each, _ in told],
            "posts": [each.message.recipient_role for each, _ in told],
            "today": [each.today for each, _ in told],
            "leased_until": leased_until,
        },
    )
    return set(changed)
