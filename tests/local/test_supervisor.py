"""The supervisor's answers to deaths."""

import signal
import sys
from pathlib import Path

import pytest

from services.local.errors import FailedProcessError
from services.local.programs import Program, run_to_end
from services.local.supervisor import Patience, Supervisor
from shared.domain.errors import Text
from tests.support.processes import eventually, is_running

SLEEPER = "import time; time.sleep(600)"
DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('deaf', flush=True); time.sleep(600)"
)


def program(tmp_path: Path, code: str, name: str = "worker") -> Program:
    return Program(
        name=name,
        command=[sys.executable, "-c", code],
        log=tmp_path / f"{name}.log",
        environment={},
    )


@pytest.fixture
def said() -> list[Text]:
    """Return what the supervisor has said."""
    return []


@pytest.mark.parametrize(
    ("deaths", "pause"), [(1, 0.2), (2, 0.4), (3, 0.8), (6, 6.4), (7, 8.0), (50, 8.0)]
)
def test_pauses_double_up_to_the_longest(deaths: int, pause: float) -> None:
    assert Patience().pause(deaths) == pytest.approx(pause)


def test_a_process_that_always_dies_is_given_up(
    tmp_path: Path, said: list[Text]
) -> None:
    patience = Patience(first_pause=0.01, deaths=3)
    supervisor = Supervisor(say=said.append, patience=patience)
    supervisor.start(program(tmp_path, "print('no way')"), grace=1)
    with pytest.raises(FailedProcessError, match="3 times in a row") as error:
        supervisor.watch()
    assert error.value.detail.en.count("no way") == 3
    assert [text.en for text in said] == [
        "worker ended (exit code 0), starting it again in 0.0 s",
        "worker ended (exit code 0), starting it again in 0.0 s",
    ]
    supervisor.stop()


def test_deaths_after_a_long_life_do_not_add_up(
    tmp_path: Path, said: list[Text]
) -> None:
    patience = Patience(quick=0, first_pause=0, deaths=2)
    supervisor = Supervisor(say=said.append, patience=patience)
    supervisor.start(program(tmp_path, ""), grace=1)

    def has_died_often() -> bool:
        supervisor.check()
        return len(said) > 3

    assert eventually(has_died_often)
    supervisor.stop()


def test_the_deaf_are_killed(tmp_path: Path, said: list[Text]) -> None:
    deaf = program(tmp_path, DEAF)
    supervisor = Supervisor(say=said.append)
    supervisor.start(deaf, grace=0.1)
    assert eventually(lambda: deaf.log.read_text() == "deaf\n")
    pid = deaf.pid
    supervisor.stop()
    assert not is_running(pid)


def test_the_last_started_group_stops_first(tmp_path: Path, said: list[Text]) -> None:
    ended = tmp_path / "ended"
    code = (
        "import signal, sys, time\n"
        "def stop(*_):\n"
        "    open({path!r}, 'a').write({name!r}); sys.exit()\n"
        "signal.signal(signal.SIGTERM, stop); print('up', flush=True)\n"
        "time.sleep(600)"
    )
    supervisor = Supervisor(say=said.append)
    for name in "abc":
        one = program(tmp_path, code.format(path=str(ended), name=name), name)
        supervisor.start(one, grace=30)
        assert eventually(lambda log=one.log: log.read_text() == "up\n")  # type: ignore[misc] # a lambda cannot be annotated
    supervisor.stop()
    assert ended.read_text() == "cba"


def test_the_children_of_a_process_end_with_it(
    tmp_path: Path, said: list[Text]
) -> None:
    code = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}])\n"
        "print(child.pid, flush=True); time.sleep(600)"
    )
    parent = program(tmp_path, code)
    supervisor = Supervisor(say=said.append)
    supervisor.start(parent, grace=30)
    assert eventually(lambda: parent.log.read_text().endswith("\n"))
    grandchild = int(parent.log.read_text())
    supervisor.stop()
    assert eventually(lambda: not is_running(grandchild))


def test_a_terminals_ctrl_c_does_not_reach_the_processes(tmp_path: Path) -> None:
    one = program(tmp_path, "import os; print(os.getsid(0) == os.getpid())")
    run_to_end(one, meanwhile=lambda: None)
    assert one.log.read_text() == "True\n"


def test_a_failed_step_ends_with_its_last_words(tmp_path: Path) -> None:
    one = program(tmp_path, "import sys; sys.exit('no such table')", "migrate")
    with pytest.raises(FailedProcessError, match=r"exit code 1(.|\n)*no such table"):
        run_to_end(one, meanwhile=lambda: None)


def test_a_killed_step_is_a_failed_step(tmp_path: Path) -> None:
    code = f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})"
    with pytest.raises(FailedProcessError, match="exit code -9"):
        run_to_end(program(tmp_path, code), meanwhile=lambda: None)
