"""Install the locked requirements into .venv, showing how far it is.

Run as ``python3 -m services.local.install local`` (or ``dev``) by make, before
anything is installed: so the standard library must do.
"""

import fcntl
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

VENV = Path(".venv")
# The sets a list of requirements holds; the locks are compiled one upon the other.
HOLDS = {"local": ("local",), "dev": ("dev", "local")}
NOISE = re.compile(
    r"\s*(Requirement already|Ignoring|Looking in|Downloading|Using cached|Obtaining"
    r"|Preparing|Installing build|Getting requirements|Building wheel|Stored in"
    r"|Created wheel|Attempting uninstall|Found existing|Uninstalling|Successfully"
    r"|\[notice\]|WARNING: Running pip as|$)"
)
REPORT_EVERY = 10


def main(arguments: Sequence[str]) -> int:
    """Install one set of requirements; the answer is the exit code."""
    name = arguments[0]
    requirements = Path(f"requirements-{name}.txt")
    stamp = VENV / f"{name}.stamp"
    with requirements.open() as held:
        # Two makes may begin at once in a fresh clone; the second waits.
        fcntl.flock(held, fcntl.LOCK_EX)
        if _is_current(stamp, requirements):
            return 0
        if not _has_pip() and not _create():
            return 2
        status = _install(requirements)
        if status == 0:
            for held_name in HOLDS[name]:
                (VENV / f"{held_name}.stamp").touch()
    return status


def condense(lines: Iterable[str], *, total: int) -> Iterator[str]:
    """Turn pip's account into a line for every tenth package and for every problem."""
    seen = 0
    for line in lines:
        if line.startswith("Collecting "):
            seen += 1
            if seen % REPORT_EVERY == 0:
                yield f"  {seen} of {total} packages fetched"
        elif line.startswith("Installing collected"):
            yield "  installing them"
        elif not NOISE.match(line):
            yield f"  {line.rstrip()}"


def _is_current(stamp: Path, requirements: Path) -> bool:
    return stamp.exists() and stamp.stat().st_mtime >= requirements.stat().st_mtime


def _has_pip() -> bool:
    python = VENV / "bin" / "python"
    test = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        ran = subprocess.run(  # noqa: S603 - our own virtual environment
            [python, "-c", test], check=False, capture_output=True
        )
    except OSError:
        return False
    return ran.returncode == 0


def _create() -> bool:
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian leaves it out of Python
    except ImportError:
        sys.stderr.write(
            "This Python cannot make virtual environments. Install the missing part"
            " (on Debian and Ubuntu: apt install python3-venv) or name another Python:"
            " make PYTHON=… run\n"
        )
        return False
    _say(f"Making a virtual environment for Python {sys.version.split()[0]} in {VENV}")
    made = subprocess.run(  # noqa: S603 - the running Python
        [sys.executable, "-m", "venv", "--clear", VENV], check=False
    )
    return made.returncode == 0


def _install(requirements: Path) -> int:
    total = len(re.findall(r"^\S+==", requirements.read_text("utf-8"), re.MULTILINE))
    _say(f"Installing {total} packages of {requirements}; once, about a minute")
    with subprocess.Popen(  # noqa: S603 - pip of our own virtual environment
        [
            *(VENV / "bin" / "python", "-m", "pip", "install", "--no-input"),
            *("--disable-pip-version-check", "--progress-bar=off", "--require-hashes"),
            *("-r", requirements),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PIP_USER": "0"},
    ) as pip:
        for line in condense(pip.stdout or (), total=total):
            _say(line)
    if pip.returncode != 0:
        sys.stderr.write(f"The packages of {requirements} could not be installed.\n")
    return pip.returncode


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
