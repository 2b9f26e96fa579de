"""Every process killed in turn while results are posted and reminders are sent."""

from dataclasses import dataclass
from datetime import date

import redis

from tests.support.ledger import listed
from tests.support.posting import Body, Poster, bodies
from tests.support.processes import eventually
from tests.support.system import LocalSystem

YEAR = 2020  # of which the demonstration has no results
AFTER_A_KILL = 20  # results that must be accepted before the next one
DUE_ON = date(2020, 9, 30)  # some sixty deadlines
LAST_RULE = "before_1"
# Days on which everybody is reminded of these: what is killed then is killed while mail
# is on its way.
MOVES = {
    "mail": "2020-09-23T09:00:00+07:00",
    "postgres": "2020-09-25T09:00:00+07:00",
    "notifier": "2020-09-29T09:00:00+07:00",
}
ORDER = ("mail", "valkey", "api", "scoring", "postgres", "notifier")
ON_THEIR_WAY = 5  # mails of those sixty


@dataclass(frozen=True, slots=True)
class Storm:
    """What was posted, how often something was killed, what outlived the launcher.

    Of `repeated` requests the first was not answered, or with 503. Nothing was posted
    for the `quiet_school`.
    """

    acknowledged: list[Body]
    repeated: int
    kills: int
    outlived: list[str]
    quiet_school: int


def break_loose(system: LocalSystem) -> Storm:
    """Post all the time; kill each process, empty the queue, kill the launcher."""
    with system.client("uzhur") as client:
        schools = listed(client, "/v1/schools")
        quiet, *school_ids = [
            school["id"] for school in schools if school["kind"] != "branch"
        ]
        with Poster(client, bodies(school_ids, YEAR)) as poster:
            poster.enter_more(AFTER_A_KILL)
            for name in ORDER:
                if name in MOVES:
                    _let_mail_go_out(system, MOVES[name])
                system.kill(name)
                poster.enter_more(AFTER_A_KILL)
            _empty_the_queue(system)
            poster.enter_more(AFTER_A_KILL)
            outlived = system.kill_launcher()
            system.start()
            poster.enter_more(AFTER_A_KILL)
        # Nothing rings for the last results then; they must be found all the same.
        _empty_the_queue(system)
    return Storm(poster.acknowledged, poster.repeated, len(ORDER) + 1, outlived, quiet)


def _let_mail_go_out(system: LocalSystem, now: str) -> None:
    """Move the clock and wait until some of the day's mails were caught."""
    before = _caught(system)
    with system.client("admin") as client:
        client.put("/v1/clock", json={"now": now}).raise_for_status()
    assert eventually(lambda: _caught(system) >= before + ON_THEIR_WAY)


def _caught(system: LocalSystem) -> int:
    return sum(1 for _ in (system.folder / "mail" / "new").iterdir())


def _empty_the_queue(system: LocalSystem) -> None:
    with redis.Redis.from_url(system.setting("REDIS_URL")) as client:
        client.flushall()
