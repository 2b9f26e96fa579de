"""Delivering by mail."""

from services.notifier.channels.mail import MailChannel, Sender
from services.notifier.usecases.delivering import DeliveryRoom
from shared.domain.reminders.rules import ReminderRules
from shared.persistence.engine import Database


def mail_room(
    engine: Database,
    rules: ReminderRules,
    sender: Sender,
    *,
    connections: int,
) -> DeliveryRoom:
    """Return what sends messages by mail, over so many connections at once."""
    return DeliveryRoom(engine, rules, MailChannel(sender, connections))
