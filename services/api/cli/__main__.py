"""Runs one command: `python -m services.api.cli COMMAND`."""

import sys

from typer.main import get_command

from services.api.cli.application import app
from services.api.cli.running import FAILED
from shared.domain.errors import Text
from shared.runtime import startup


def main() -> int:
    """Run the command that is named; return the exit code of an unforeseen end."""
    try:
        get_command(app)(prog_name="python -m services.api.cli")
    except Exception as error:  # noqa: BLE001 (a person gets a line, not a traceback)
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        startup.refuse(Text(f"Внутренняя ошибка: {what}", f"Internal error: {what}"))
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
