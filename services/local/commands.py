"""The commands that the launcher runs."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PYTHON = (sys.executable, "-m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """What is run, by name, in this order.

    `steps` end by themselves and prepare the database, `services` run until they are
    stopped, `logins` prints how to sign in; `ready_path` answers 200 once the api
    serves.
    """

    steps: Mapping[str, Sequence[str]] = field(
        default_factory=lambda: {
            "prepare": (*PYTHON, "services.api.cli", "prepare"),
        }
    )
    services: Mapping[str, Sequence[str]] = field(
        default_factory=lambda: {
            "api": (*PYTHON, "services.api"),
            "scoring": (*PYTHON, "services.scoring"),
            "notifier": (*PYTHON, "services.notifier"),
        }
    )
    logins: Sequence[str] = (*PYTHON, "services.api.demo.logins")
    ready_path: str = "/health/ready"


def mail_catcher(folder: Path, *, host: str, port: int) -> Sequence[str]:
    """Return the command of a mail server that puts every message into a Maildir."""
    return (
        *(*PYTHON, "aiosmtpd", "-n"),
        *("-c", "aiosmtpd.handlers.Mailbox", str(folder), "-l", f"{host}:{port}"),
    )
