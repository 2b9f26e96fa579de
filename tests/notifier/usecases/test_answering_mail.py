"""From a mail that arrived, by its links, to the api and to what is sent next."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage

import httpx
import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.channels.links import LinkMaker
from services.notifier.usecases.inbox import post_all
from services.notifier.usecases.letters import MOST_ANSWERED
from services.notifier.usecases.planning import Planner
from shared.domain.reminders.rules import ReminderRules
from tests.notifier.channels.smtp_sink import SmtpSink
from tests.notifier.usecases.mail_rooms import DOMAIN, TODAY, mail_room, send_all
from tests.notifier.world import START, World
from tests.support.api import SECRET, connect, running, settings_for

LINKS = LinkMaker.of("http://podyom.test", SECRET)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
ANSWER = re.compile(r"http://podyom\.test/v1/reminder-links/[\w.-]+")


@pytest_asyncio.fixture
async def visitor(world: World, redis_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of the api that nobody is signed in with."""
    async with (
        running(settings_for(world.url, redis_url)) as app,
        connect(app) as client,
    ):
        yield client


class Post:
    """The morning's work of the notifier, and the mails that it brought."""

    def __init__(
        self, world: World, engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
    ) -> None:
        self.world, self.engine, self.rules, self.sink = world, engine, rules, sink

    async def of_day(
        self, days: int = 0, links: LinkMaker | None = LINKS
    ) -> dict[str, EmailMessage]:
        """Return the mails of the morning so many days later, by recipient."""
        await self.world.set_clock(START + timedelta(days=days))
        await Planner(self.engine, self.rules, domain=DOMAIN).plan_round()
        seen = len(self.sink.mails)
        room = mail_room(self.engine, self.rules, self.sink.port, links=links)
        await send_all(room)
        await post_all(self.engine, self.rules, links)
        found = zip(self.sink.recipients, self.sink.mails, strict=True)
        return dict(list(found)[seen:])


@pytest.fixture
def post(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> Post:
    return Post(world, notifier_engine, rules, sink)


def part(mail: EmailMessage, subtype: str) -> str:
    body = mail.get_body((subtype,))
    assert body is not None
    content = body.get_content()
    assert isinstance(content, str)
    return content


def answers(mail: EmailMessage) -> list[str]:
    """Return the links of a mail, which its text and its page share."""
    plain = ANSWER.findall(part(mail, "plain"))
    assert ANSWER.findall(part(mail, "html")) == plain
    return plain


def ender(mail: EmailMessage) -> str:
    """Return the address that ends such mails by one click."""
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return str(mail["List-Unsubscribe"]).strip("<>")


async def kept(world: World) -> tuple[int, int, int]:
    """Return how much was acknowledged, put off, and chosen."""
    tables = (
        "reminder_acknowledgements",
        "reminder_snoozes",
        "reminder_preferences",
    )
    first, second, third = [
        await world.database.fetchval(f"SELECT count(*) FROM api.{table}")  # noqa: S608 (names are the test's own)
        for table in tables
    ]
    return first, second, third


async def two_schools(world: World, days: int) -> list[int]:
    """Add two schools that owe something in so many days."""
    deadlines = []
    for name in ("one", "two"):
        school = await world.add_school_with_mail(f"{name}@example.ru")
        due_on = TODAY + timedelta(days=days)
        deadlines.append(await world.add_deadline(due_on, school))
    return deadlines


async def test_who_acknowledges_by_the_mail_is_not_reported_to_those_above(
    world: World, post: Post, visitor: httpx.AsyncClient
) -> None:
    first, second = await two_schools(world, 0)
    await world.add_user(None, email="coordinator@example.ru")
    acknowledge, _ = answers((await post.of_day())["one@example.ru"])
    for _ in range(2):
        page = await visitor.get(acknowledge)
        assert (page.status_code, page.text.count('<form method="post">')) == (200, 1)
    assert await kept(world) == (0, 0, 0)
    done = await visitor.post(acknowledge)
    assert done.status_code == 200, done.text
    assert await kept(world) == (1, 0, 0)
    await post.of_day(days=30)
    told = {
        each["deadline_id"]
        for each in await world.reminders()
        if each["kind"] == "escalation"
    }
    assert told == {second}
    assert first != second


async def test_who_puts_a_deadline_off_by_the_mail_is_not_reminded_the_next_day(
    world: World, post: Post, visitor: httpx.AsyncClient
) -> None:
    await two_schools(world, 4)
    _, snooze = answers((await post.of_day())["one@example.ru"])
    assert (await visitor.get(snooze)).status_code == 200
    assert await kept(world) == (0, 0, 0)
    done = await visitor.post(snooze)
    assert done.status_code == 200, done.text
    assert await kept(world) == (0, 1, 0)
    assert set(await post.of_day(days=1)) == {"two@example.ru"}


async def test_an_escalation_can_be_acknowledged_but_not_put_off(
    world: World, post: Post, visitor: httpx.AsyncClient
) -> None:
    await world.add_user(None, email="coordinator@example.ru")
    school = await world.add_school_with_mail("one@example.ru")
    await world.add_deadline(TODAY - timedelta(days=30), school)
    mail = (await post.of_day())["coordinator@example.ru"]
    (acknowledge,) = answers(mail)
    assert "List-Unsubscribe" not in mail
    assert (await visitor.post(acknowledge)).status_code == 200
    assert await kept(world) == (1, 0, 0)


async def test_one_click_ends_early_mails_and_overdue_ones_still_come(
    world: World, post: Post, visitor: httpx.AsyncClient
) -> None:
    await two_schools(world, 7)
    mail = (await post.of_day())["one@example.ru"]
    for kind in ("plain", "html"):
        assert ender(mail) in part(mail, kind)
    assert (await visitor.get(ender(mail))).status_code == 200
    assert await kept(world) == (0, 0, 0)
    for _ in range(2):
        done = await visitor.post(ender(mail), data=ONE_CLICK)
        assert done.status_code == 200, done.text
    assert await kept(world) == (0, 0, 1)
    audited = "SELECT changes FROM api.audit_entries WHERE entity LIKE 'reminder_pref%'"
    (entry,) = await world.database.fetch(audited)
    assert '"off"' in entry["changes"]
    inboxes = len(await world.messages())
    assert set(await post.of_day(days=5)) == {"two@example.ru"}
    assert len(await world.messages()) == inboxes + 2
    overdue = (await post.of_day(days=14))["one@example.ru"]
    assert "List-Unsubscribe" not in overdue
    assert "unsubscribe" not in part(overdue, "plain")
    assert len(answers(overdue)) == 2


async def test_one_click_leaves_the_other_choices_as_they_are(
    world: World, post: Post, visitor: httpx.AsyncClient
) -> None:
    school = await world.add_school()
    user = await world.add_user(school, email="one@example.ru", language="en")
    await world.database.execute(
        "INSERT INTO api.reminder_preferences (user_id, municipality_id, modes,"
        " quiet_from, quiet_to, digest_at, weekday, zone, version) VALUES ($1, $2,"
        """ '{"mail": "each"}', '20:00', '06:00', '09:00', 4, 'Asia/Irkutsk', 1)""",
        user,
        world.municipality_id,
    )
    await world.add_deadline(TODAY + timedelta(days=7), school)
    mail = (await post.of_day())["one@example.ru"]
    assert "See to it: http" in part(mail, "plain")
    assert "Put reminders off for 3 days: http" in part(mail, "plain")
    assert (await visitor.post(ender(mail), data=ONE_CLICK)).status_code == 200
    row = await world.database.fetchrow("SELECT * FROM api.reminder_preferences")
    assert '"off"' in row["modes"]
    assert (row["quiet_from"].hour, row["weekday"], row["zone"], row["version"]) == (
        *(20, 4, "Asia/Irkutsk", 2),
    )
    language = "SELECT language FROM api.users WHERE id = $1"
    assert await world.database.fetchval(language, user) == "en"


async def test_a_link_that_was_forged_or_meant_for_something_else_does_nothing(
    world: World, post: Post, visitor: httpx.AsyncClient
) -> None:
    await two_schools(world, 7)
    mails = await post.of_day()
    mail, other = mails["one@example.ru"], mails["two@example.ru"]
    acknowledge, end = answers(mail)[0], ender(mail)
    forger = LinkMaker.of("http://podyom.test", "another-secret-" * 4)
    forged = (await post.of_day(days=2, links=forger))["one@example.ru"]
    await world.set_clock(START)
    for url in (
        end[:-2] + ("AA" if end[-2:] != "AA" else "BB"),
        end.replace(end.partition(".test")[2].split("/")[3].split(".")[0], "WzEsMV0"),
        end.partition("links/")[0] + "links/" + acknowledge.partition("links/")[2],
        acknowledge.partition("links/")[0] + "links/" + end.partition("links/")[2],
        ender(other).rpartition(".")[0] + "." + end.rpartition(".")[2],
        *answers(forged),
        ender(forged),
    ):
        for answer in (await visitor.get(url), await visitor.post(url)):
            assert answer.status_code == 404, url
    assert await kept(world) == (0, 0, 0)


async def test_links_expire_and_end_with_their_account(
    world: World, post: Post, visitor: httpx.AsyncClient
) -> None:
    await two_schools(world, 7)
    mail = (await post.of_day())["one@example.ru"]
    urls = [*answers(mail), ender(mail)]
    await world.set_clock(START + timedelta(days=30, minutes=1))
    for url in urls:
        assert (await visitor.post(url)).status_code == 404
    await world.set_clock(START)
    await world.database.execute("UPDATE api.users SET is_active = false")
    assert (await visitor.post(ender(mail), data=ONE_CLICK)).status_code == 404
    assert await kept(world) == (0, 0, 0)


async def test_a_long_letter_has_links_for_its_first_deadlines(
    world: World, post: Post
) -> None:
    school = await world.add_school_with_mail("one@example.ru")
    for _ in range(MOST_ANSWERED + 2):
        await world.add_deadline(TODAY + timedelta(days=5), school)
    mail = (await post.of_day())["one@example.ru"]
    assert len(set(answers(mail))) == 2 * MOST_ANSWERED
    for kind in ("plain", "html"):
        assert "На сроки без ссылок можно ответить в системе." in part(mail, kind)
    (message,) = await world.messages()
    assert len(ANSWER.findall(message["body"])) == 2 * MOST_ANSWERED


async def test_without_a_public_address_there_are_no_links(
    world: World, post: Post
) -> None:
    await two_schools(world, 7)
    mail = (await post.of_day(links=None))["one@example.ru"]
    assert answers(mail) == []
    assert "List-Unsubscribe" not in mail
    assert "Взять на контроль" not in part(mail, "plain") + part(mail, "html")
