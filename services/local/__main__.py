"""Starts the whole system on this machine: `python -m services.local`."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import TextIO

from services.local.commands import Commands
from services.local.errors import StartError
from services.local.launcher import run
from services.local.settings import local_settings
from services.local.signals import (
    StopRequested,
    ignore_signals,
    stop_on_signals,
)
from services.local.supervisor import Patience
from shared.domain.errors import Text
from shared.runtime.embedded.errors import EmbeddedServerError
from shared.runtime.embedded.processes import die_with_parent
from shared.runtime.settings import SettingsError

UNUSABLE = 2  # exit code: a setting or this machine does not allow a start


def main(
    environ: Mapping[str, str], commands: Commands, *, patience: Patience | None = None
) -> int:
    """Run the system until it is told to stop; the answer is the exit code."""
    language = language_of(environ)
    stop_on_signals()
    if "MAKELEVEL" in environ:
        # A killed make cannot tell us that the person wanted all of it to end.
        die_with_parent(signal.SIGTERM)
    try:
        run(
            local_settings(environ),
            environ=environ,
            say=writer(sys.stdout, language),
            commands=commands,
            patience=patience,
        )
    except StopRequested:
        ignore_signals()
        return 0
    except StartError as error:
        writer(sys.stderr, language)(error.detail)
        return error.exit_code
    except EmbeddedServerError as error:
        writer(sys.stderr, language)(error.detail)
    except SettingsError as error:
        writer(sys.stderr, language)(error.text)
    return UNUSABLE


def language_of(environ: Mapping[str, str]) -> str:
    """Return the language of the person at the terminal: ``ru`` or ``en``."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return "ru" if environ[name].startswith("ru") else "en"
    return "en"


def writer(stream: TextIO, language: str) -> Callable[[Text], None]:
    """Return what writes a line, even to a terminal that has gone."""

    def write(text: Text) -> None:
        with contextlib.suppress(OSError):
            stream.write(text.in_language(language) + "\n")
            stream.flush()

    return write


if __name__ == "__main__":
    sys.exit(main(os.environ, Commands()))
