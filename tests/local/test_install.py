"""What is shown while packages are installed."""

import subprocess
import sys
from pathlib import Path

from services.local.install import condense
from tests.support.processes import ROOT


def test_fetching_is_counted_by_tens_and_the_rest_is_left_out() -> None:
    lines = [f"Collecting package{n}==1.0\n  Using cached x.whl" for n in range(21)]
    account = "\n".join([*lines, "Installing collected packages: a, b", ""])
    assert list(condense(account.splitlines(), total=21)) == [
        "  10 of 21 packages fetched",
        "  20 of 21 packages fetched",
        "  installing them",
    ]


def test_what_pip_complains_of_is_shown() -> None:
    complaint = "ERROR: No matching distribution found for arq==0.28"
    assert list(condense([complaint], total=1)) == [f"  {complaint}"]


def test_a_python_without_venv_gets_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError\n")
    (tmp_path / "requirements-local.txt").touch()
    ran = subprocess.run(
        [sys.executable, "-m", "services.local.install", "local"],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    [line] = ran.stderr.splitlines()
    assert "python3-venv" in line
