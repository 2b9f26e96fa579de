"""Real settings are never taken for a sandbox's, nor the other way round."""

import os
import subprocess
import sys

import pytest

from shared.runtime.embedded.ports import free_port
from tests.support.processes import ROOT
from tests.support.system import LEFT_OUT, LocalSystem

SECRET = "only-for-tests-" * 4
SECONDS = 60


def run_api(**settings: str) -> subprocess.CompletedProcess[str]:
    """Start the api, which is to refuse."""
    inherited = {k: v for k, v in os.environ.items() if k not in LEFT_OUT}
    return subprocess.run(
        [sys.executable, "-m", "services.api"],
        cwd=ROOT,
        env=inherited | {"PORT": str(free_port())} | settings,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.parametrize("mode", [{"PODYOM_MODE": "production"}, {}])
def test_a_real_start_without_a_secret_is_refused_in_one_line(
    running: LocalSystem, mode: dict[str, str]
) -> None:
    ended = run_api(
        DATABASE_URL=running.setting("DATABASE_URL"),
        REDIS_URL=running.setting("REDIS_URL"),
        **mode,
    )
    assert ended.returncode == 2
    assert "SECRET_KEY" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stdout == ""


def test_a_sandboxs_database_is_refused_with_real_settings(
    running: LocalSystem,
) -> None:
    ended = run_api(
        DATABASE_URL=running.setting("DATABASE_URL"),
        REDIS_URL=running.setting("REDIS_URL"),
        SECRET_KEY=SECRET,
        PODYOM_MODE="production",
    )
    assert ended.returncode == 2
    assert "The database was made as a sandbox" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stdout == ""
