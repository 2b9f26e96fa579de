"""The system starts, says where it is, stops at a signal and keeps its data."""

import signal

import httpx
import pytest

from services.api.demo.logins import PASSWORD
from tests.support.posting import bodies
from tests.support.system import MARKS, LocalSystem

YEAR = 2018
WAVES = {signal.SIGTERM: 98, signal.SIGINT: 99}


def test_it_tells_where_everything_is(running: LocalSystem) -> None:
    for expected in (
        running.address,
        f"{running.address}/docs",
        f"{running.folder / 'mail'}",
        *(f"{login} / {PASSWORD}" for login in ("admin", "uzhur", "zhigalovo")),
    ):
        assert expected in running.text
    assert running.pids().keys() == MARKS.keys()


def test_it_is_ready_once_it_says_so(running: LocalSystem) -> None:
    ready = httpx.get(f"{running.address}/health/ready", trust_env=False)
    assert ready.status_code == 200
    assert (ready.json()["database"], ready.json()["queue"]) == (True, True)
    docs = httpx.get(f"{running.address}/docs", trust_env=False)
    assert docs.status_code == 200


def test_its_first_reminders_lie_where_it_says(running: LocalSystem) -> None:
    assert any((running.folder / "mail" / "new").iterdir())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_of_it_and_the_data_stay(
    running: LocalSystem, school_ids: list[int], number: signal.Signals
) -> None:
    body = next(
        body for body in bodies(school_ids, YEAR) if body["wave"] == WAVES[number]
    )
    with running.client("uzhur") as client:
        answer = client.post("/v1/results", json=body)
        assert answer.status_code == 201, answer.text
    running.stop(number)
    assert "Traceback" not in running.text
    running.start()
    ready = httpx.get(f"{running.address}/health/ready", trust_env=False)
    assert (ready.json()["database"], ready.json()["queue"]) == (True, True)
    with running.client("uzhur") as client:
        kept = client.get(answer.headers["Location"]).raise_for_status().json()
    assert kept == answer.json()
