"""Whether reminders still stand: what planned them, asked again of the present."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import text

from services.notifier.repository.changes import Told
from services.notifier.repository.owed import OwedMessage, OwedReminder
from shared.domain.deadlines import OWED, DeadlineState
from shared.domain.reminders.day import Effect, Key, Situation, effects_of_day
from shared.domain.reminders.recipients import MAIL, Recipient
from shared.domain.reminders.rule_books import Deadline
from shared.domain.reminders.rules import Audience, ReminderRules
from shared.persistence.reminder_people import Scope
from shared.persistence.reminder_situations import (
    DEADLINES,
    deadline_of,
    read_situations,
)
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.work import Work

HOLD = text("SELECT tenancy.hold_deadlines(CAST(:ids AS bigint[]))")
BOUNCED = "address_bounced"  # why a mail is not sent, as a word for the log


@dataclass(frozen=True, slots=True)
class Standing:
    """What is owed at the moment of taking, of the deadlines that messages tell of."""

    now: datetime
    situations: Mapping[int, Situation]
    deadlines: Mapping[int, Deadline]
    effects: Mapping[Key, Effect]

    def effect_of(self, message: OwedMessage, reminder: OwedReminder) -> Effect | None:
        """Return the reminder as it is owed now; None if it is not."""
        return self.effects.get(
            (
                message.recipient_id,
                message.recipient_role,
                reminder.deadline_id,
                reminder.due_on,
                reminder.rule,
                message.channel,
            )
        )

    def reason_against(
        self, message: OwedMessage, reminder: OwedReminder
    ) -> str | None:
        """Return why a reminder is not sent, as a word for the log; None to send it."""
        if self.effect_of(message, reminder) is not None:
            return None
        if message.channel == MAIL and message.has_bounced:
            return BOUNCED
        deadline = self.deadlines.get(reminder.deadline_id)
        if deadline is None:
            return "deadline_gone"
        if deadline.state not in OWED | {DeadlineState.SUBMITTED}:
            return "not_owed"
        if deadline.due_on != reminder.due_on:
            return "deadline_moved"
        is_anything_owed = any(
            effect.deadline_id == reminder.deadline_id
            and effect.recipient.account_id == message.recipient_id
            and effect.recipient.post == message.recipient_role
            for effect in self.effects.values()
        )
        return "overtaken" if is_anything_owed else "not_told"

    def told(self, reminder: OwedReminder, effect: Effect) -> Told:
        """Return the reminder with the answers that have been given to it."""
        situation = self.situations[reminder.municipality_id]
        subject = (reminder.deadline_id, reminder.due_on)
        return Told(
            reminder,
            subject in situation.acknowledged,
            situation.snoozed.get((effect.recipient, *subject)),
        )

    def send_after(self, message: OwedMessage) -> datetime:
        """Return from when on it may go out, by its recipient's rest and days off."""
        whom = Recipient(message.recipient_id, message.recipient_role, None)
        situation = self.situations[message.municipality_id]
        channel, zone = message.channel, message.time_zone
        chosen = situation.preferences_of(whom)
        moment = chosen.send_after(channel, self.now, zone)
        return situation.on_working_day(channel, moment, zone)

    def address_of(self, message: OwedMessage) -> str | None:
        """Return where a mail to a post goes today."""
        today = self.now.astimezone(ZoneInfo(message.time_zone)).date()
        return self.situations[message.municipality_id].directory.address(
            Audience(str(message.recipient_role)), message.school_id, today
        )

    def lead_of(self, reminder: OwedReminder) -> int:
        """Return how many days before the due date the rule reminds, or 0."""
        deadline = self.deadlines[reminder.deadline_id]
        rules = self.situations[reminder.municipality_id].rules.of(deadline)
        days = (rule.days_before for rule in rules.rules if rule.code == reminder.rule)
        return next(days, 0)


async def hold_deadlines(work: Work, ids: Sequence[int]) -> set[int]:
    """Let nobody change the deadlines until the end; return those being changed now."""
    busy = await work.session.scalars(HOLD, {"ids": list(ids)})
    return set(busy)


async def read_standing(
    work: Work,
    messages: Sequence[OwedMessage],
    reminders: Sequence[OwedReminder],
    rules: ReminderRules,
) -> Standing:
    """Return what is owed now of the deadlines that the messages tell of."""
    zones = {each.municipality_id: each.time_zone for each in messages}
    schools = {each.school_id for each in messages}
    schools |= {each.school_id for each in reminders}
    scope = Scope(sorted(zones), sorted(each for each in schools if each is not None))
    situations = await read_situations(work, rules, scope)
    ids = sorted({each.deadline_id for each in reminders})
    rows = await work.session.execute(DEADLINES.where(DeadlineRow.id.in_(ids)))
    deadlines = {}
    effects = {}
    for row in rows:
        deadline = deadline_of(row)
        deadlines[deadline.id] = deadline
        today = work.now.astimezone(ZoneInfo(row.time_zone)).date()
        situation = situations[row.municipality_id]
        for effect in effects_of_day([deadline], situation, today):
            effects[effect.key] = effect
    return Standing(work.now, situations, deadlines, effects)
