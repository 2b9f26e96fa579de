"""One command starts the system, keeps it running and ends all of it."""

import mailbox
import signal
import smtplib
import stat
import sys
from email.message import EmailMessage

import psutil
import pytest

from shared.runtime.embedded.ports import LOOPBACK
from tests.local.conftest import System
from tests.support.processes import eventually, is_running, kill_hard

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="a Linux facility")
EVERYTHING = {"postgres", "valkey", "mail", "api", "worker"}


def test_it_tells_where_everything_is(running: System) -> None:
    said = running.text()
    for expected in (
        f"http://{LOOPBACK}:{running.port}/docs",
        str(running.folder / "mail"),
        str(running.folder / "logs"),
        "coordinator demo-password",
    ):
        assert expected in said
    assert running.processes().keys() == EVERYTHING


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_of_it(running: System, number: signal.Signals) -> None:
    assert running.stop(number) == 0
    assert running.leaves_nothing()
    assert "Traceback" not in running.text()


def test_impatient_signals_do_not_interrupt_the_stopping(light: System) -> None:
    light.start_and_wait()
    assert light.launcher is not None
    for _ in range(3):
        light.launcher.send_signal(signal.SIGINT)
    assert light.exit_code() == 0
    assert light.leaves_nothing()


def test_a_signal_while_it_starts_ends_all_of_it(system: System) -> None:
    system.start()
    assert eventually(lambda: "PostgreSQL" in system.text())
    assert system.launcher is not None
    children = psutil.Process(system.launcher.pid).children(recursive=True)
    assert system.stop() == 0
    assert eventually(lambda: not any(is_running(child.pid) for child in children))


@on_linux
def test_nothing_outlives_a_killed_launcher(running: System) -> None:
    assert running.launcher is not None
    running.launcher.kill()
    assert running.leaves_nothing()


def test_it_starts_again_after_a_killed_launcher(running: System) -> None:
    assert running.launcher is not None
    running.launcher.kill()
    running.launcher.wait()
    running.start_and_wait()
    assert running.processes().keys() == EVERYTHING


@on_linux
def test_whatever_is_killed_comes_back_and_loses_nothing(running: System) -> None:
    committed = 0
    for name, pid in running.processes().items():
        committed += running.post_row()
        kill_hard(pid)
        assert eventually(lambda name=name, pid=pid: _is_new(running, name, pid))  # type: ignore[misc] # a lambda cannot be annotated
        assert eventually(running.post_row)
        committed += 1
        assert f"{name} ended (exit code -9)" in running.text()
    assert running.rows() >= committed == 2 * len(EVERYTHING)
    running.seen |= set(running.processes().values())
    assert running.stop() == 0
    assert running.leaves_nothing()


def test_the_mail_stays_over_a_restart(light: System) -> None:
    light.start_and_wait()
    _post_letter(light, "first")
    assert light.stop() == 0
    light.start_and_wait()
    _post_letter(light, "second")
    maildir = mailbox.Maildir(light.folder / "mail", create=False)
    assert sorted(letter["Subject"] for letter in maildir) == ["first", "second"]


def test_the_secret_is_made_once_and_for_its_owner_only(light: System) -> None:
    light.start_and_wait()
    path = light.folder / "secret-key"
    secret = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    light.stop()
    light.start_and_wait()
    assert path.read_text() == secret


def test_a_second_launcher_on_the_folder_is_refused(light: System) -> None:
    light.start_and_wait()
    other = System(light.folder, light.port, light.folder.parent / "other")
    other.start()
    assert other.exit_code() == 2
    assert "already runs on the folder" in other.text()
    assert len(other.text().splitlines()) == 1
    assert light.processes().keys() == EVERYTHING - {"postgres", "valkey"}


def test_what_dies_again_and_again_ends_the_system_with_its_log(light: System) -> None:
    light.environment["STAND_IN_BROKEN"] = "out of order"
    light.start()
    assert light.exit_code() == 1
    assert "it is out of order" in light.text()


def test_given_servers_are_used_and_not_stopped(light: System) -> None:
    light.start_and_wait()
    assert light.processes().keys() == EVERYTHING - {"postgres", "valkey"}
    assert not (light.folder / "postgres").exists()
    assert light.stop() == 0
    light.start_and_wait()
    assert light.post_row()


def test_it_speaks_the_language_of_the_terminal(system: System) -> None:
    system.environment |= {"LANG": "ru_RU.UTF-8", "PORT": "eighty"}
    system.start()
    assert system.exit_code() == 2
    assert "нужен номер" in system.text()


def _is_new(system: System, name: str, old: int) -> bool:
    return system.processes().get(name, old) != old


def _post_letter(system: System, subject: str) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"] = "podyom@localhost", "school@localhost"
    letter["Subject"] = subject
    command = psutil.Process(system.processes()["mail"]).cmdline()
    host, _, port = command[-1].partition(":")
    with smtplib.SMTP(host, int(port), timeout=30) as server:
        server.send_message(letter)
