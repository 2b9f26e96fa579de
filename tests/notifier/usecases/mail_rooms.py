"""Mail rooms in front of a test's server, and reminders for them to send."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.channels.links import LinkMaker
from services.notifier.channels.mail import MailChannel, Sender
from services.notifier.channels.smtp_url import parse_smtp_url
from services.notifier.usecases.delivering import DeliveryRoom
from services.notifier.usecases.planning import Planner
from shared.domain.reminders.rules import ReminderRules
from tests.notifier.world import START, World

TODAY = START.date()
DOMAIN = "podyom.example.ru"


def mail_room(
    engine: AsyncEngine,
    rules: ReminderRules,
    port: int,
    *,
    connections: int = 1,
    links: LinkMaker | None = None,
) -> DeliveryRoom:
    """Return a mail room that sends to the server at this port."""
    server = parse_smtp_url(f"smtp://127.0.0.1:{port}")
    sender = Sender(server, f"post@{DOMAIN}", DOMAIN)
    return DeliveryRoom(engine, rules, MailChannel(sender, connections), links)


async def send_all(room: DeliveryRoom) -> None:
    """Send batches as long as more may be waiting."""
    while await room.send_batch():
        pass


async def plan(
    world: World, engine: AsyncEngine, rules: ReminderRules, *, schools: int = 1
) -> list[int]:
    """Plan one reminder by mail for each of so many schools."""
    deadlines = []
    for number in range(schools):
        school = await world.add_school_with_mail(f"school{number}@example.ru")
        deadlines.append(await world.add_deadline(TODAY + timedelta(days=7), school))
    await Planner(engine, rules, domain=DOMAIN).plan_round()
    return deadlines
