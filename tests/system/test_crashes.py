"""Nothing is lost and nothing is doubled, whatever dies while results are posted."""

import time
from collections import Counter
from fractions import Fraction
from typing import Any

import httpx
import pytest

from shared.runtime.notifier_settings import SMTP_CONNECTIONS
from tests.support.ledger import listed, standings
from tests.support.posting import Body
from tests.support.system import LocalSystem
from tests.system.storm import DUE_ON, LAST_RULE, YEAR, Storm, break_loose

pytestmark = pytest.mark.timeout(300)

UP_TO_DATE_SECONDS = 30.0
DELIVERED_SECONDS = 100.0  # a killed notifier's mails are held for a minute
KEY = [
    *("school_id", "procedure", "subject", "programme_grade", "pupil_grade"),
    *("academic_year", "wave"),
]


@pytest.fixture(scope="module")
def storm(system: LocalSystem) -> Storm:
    """Have the storm behind us."""
    if not system.is_running:
        system.start()
    return break_loose(system)


def test_every_result_is_there_exactly_once(storm: Storm, uzhur: httpx.Client) -> None:
    assert _kept(uzhur, YEAR) == _counted(storm.acknowledged)
    print(f"{len(storm.acknowledged)} results, {storm.repeated} repeated")  # noqa: T201 - for who reads the run


def test_nothing_outlives_a_killed_launcher(storm: Storm) -> None:
    assert storm.outlived == []


def test_the_ranking_says_what_the_results_say(
    storm: Storm, uzhur: httpx.Client
) -> None:
    ranking = _ranking_up_to_date(uzhur, YEAR)
    assert _stated(ranking) == _by_hand(storm.acknowledged)
    outside = {each["school_id"]: each["reason"] for each in ranking["outside"]}
    assert outside == {storm.quiet_school: "no_data"}


@pytest.mark.usefixtures("storm")
def test_each_reminder_is_in_its_inbox_once(running: LocalSystem) -> None:
    _wait_for_reminders(running)
    messages = running.rows(
        "SELECT count(message.id) FROM notifier.reminders AS reminder"
        " LEFT JOIN notifier.inbox_messages AS message"
        " ON message.message_id = reminder.message_id"
        " WHERE channel = 'inbox' AND status <> 'withdrawn'"
        " GROUP BY reminder.recipient_id, reminder.deadline_id, due_on, rule"
    )
    assert {row["count"] for row in messages} == {1}
    (totals,) = running.rows(
        "SELECT (SELECT count(*) FROM notifier.inbox_messages) AS posted,"
        " count(*) FILTER (WHERE status = 'sent') AS sent"
        " FROM notifier.messages WHERE channel = 'inbox'"
    )
    assert totals["posted"] == totals["sent"]


def test_no_mail_is_missing_and_a_kill_doubles_one_at_most(
    storm: Storm, running: LocalSystem
) -> None:
    _wait_for_reminders(running)
    rows = running.rows(
        "SELECT email, message_id FROM notifier.messages"
        " JOIN api.users ON users.id = recipient_id"
        " WHERE channel = 'mail' AND status = 'sent'"
    )
    sent = Counter((row["email"], row["message_id"]) for row in rows)
    caught = Counter(running.mails())
    assert set(sent.values()) == {1}
    assert sent <= caught
    # What was caught twice, or was taken back because its answer was lost: of each open
    # connection one mail at most.
    assert (caught - sent).total() <= storm.kills * SMTP_CONNECTIONS


def _kept(client: httpx.Client, year: int) -> Counter[tuple[Any, ...]]:
    return _counted(listed(client, "/v1/results", academic_year=year))


def _counted(results: list[Body]) -> Counter[tuple[Any, ...]]:
    names = [*KEY, "n2", "n3", "n4", "n5", "n_ungraded"]
    return Counter(tuple(result[name] for name in names) for result in results)


def _ranking_up_to_date(client: httpx.Client, year: int) -> dict[str, Any]:
    end = time.monotonic() + UP_TO_DATE_SECONDS
    while True:
        answer = client.get("/v1/rankings", params={"academic_year": year})
        ranking: dict[str, Any] = answer.raise_for_status().json()
        if not ranking["is_stale"]:
            return ranking
        assert time.monotonic() < end
        time.sleep(0.1)


# Each deadline and channel without its last reminder, and each reminder on its way.
UNDELIVERED = """
    SELECT deadlines.id, channel, 'last reminder' AS missing
    FROM api.deadlines CROSS JOIN (VALUES ('mail'), ('inbox')) AS channels (channel)
    WHERE due_on = $1 AND state = 'open' AND NOT EXISTS (
        SELECT FROM notifier.reminders WHERE deadline_id = deadlines.id
        AND reminders.channel = channels.channel
        AND rule = $2 AND status = 'sent')
    UNION ALL
    SELECT deadline_id, channel, rule FROM notifier.reminders
    WHERE status NOT IN ('sent', 'withdrawn')
"""
Stated = dict[int, tuple[Any, int, int, int]]


def _stated(ranking: dict[str, Any]) -> Stated:
    assert ranking["is_current"]
    return {
        each["school_id"]: (
            pytest.approx(each["value"]),
            each["n"],
            each["place_from"],
            each["place_to"],
        )
        for each in ranking["places"]
    }


def _by_hand(results: list[Body]) -> Stated:
    return {
        school_id: (
            float(Fraction(each.quality_rate)),
            each.pupils,
            each.place_from,
            each.place_to,
        )
        for school_id, each in standings(results).items()
    }


def _wait_for_reminders(system: LocalSystem) -> None:
    end = time.monotonic() + DELIVERED_SECONDS
    while undelivered := system.rows(UNDELIVERED, DUE_ON, LAST_RULE):
        assert time.monotonic() < end, undelivered
        time.sleep(0.5)
