"""Throw-away servers for one run of the tests."""

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from shared.runtime.embedded.postgres import EmbeddedPostgres
from shared.runtime.embedded.valkey import EmbeddedValkey

PREFIX = "podyom-tests-"
# Rows of a test need not survive a power cut.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextlib.contextmanager
def throwaway_folder() -> Iterator[Path]:
    """Yield a folder that is removed at the end, or, after a kill, by the next run."""
    root = Path(tempfile.gettempdir())
    for left in root.glob(f"{PREFIX}*"):
        _remove_if_abandoned(left)
    # It gets its name once it is marked, or a run that starts now would remove it.
    unmarked = Path(tempfile.mkdtemp(prefix=f"new-{PREFIX}"))
    folder = unmarked.with_name(unmarked.name.removeprefix("new-"))
    try:
        with (unmarked / "in-use").open("w") as mark:
            fcntl.flock(mark, fcntl.LOCK_EX)
            unmarked.rename(folder)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def throwaway_postgres() -> Iterator[str]:
    """Yield the address of an empty database that its user owns as a superuser."""
    with (
        throwaway_folder() as folder,
        EmbeddedPostgres(folder / "postgres", settings=HASTY) as server,
    ):
        yield server.url


@contextlib.contextmanager
def throwaway_valkey() -> Iterator[str]:
    """Yield the address of an empty Valkey."""
    with throwaway_folder() as folder, EmbeddedValkey(folder / "valkey") as server:
        yield server.url


def _remove_if_abandoned(folder: Path) -> None:
    """Remove what a killed run left; its mark is locked as long as it lives."""
    with contextlib.suppress(OSError), (folder / "in-use").open("r+") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
