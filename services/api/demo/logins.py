"""The demo accounts that a visitor is told: `python -m services.api.demo.logins`."""

import os
import sys
from collections.abc import Iterator

from shared.domain.errors import Text
from shared.runtime.settings import Mode, SettingsError, mode_of
from shared.runtime.startup import refuse

PASSWORD = "podyom-demo"  # noqa: S105 (known to everybody, and in a sandbox only)

REFUSAL = Text(
    "Демонстрационные учётные записи есть только в песочнице.",
    "Demo accounts exist in a sandbox only.",
)


def demo_logins() -> Iterator[str]:
    """Yield the lines that tell how to sign in."""
    yield f"admin / {PASSWORD} — администратор / administrator"
    yield f"uzhur / {PASSWORD} — координатор Ужурского района / district coordinator"
    yield f"zhigalovo / {PASSWORD} — координатор Жигаловского района / the same"
    yield f"uzhur.ilinskaya / {PASSWORD} — школа / a school (<район>.<школа>)"


def main() -> int:
    """Print the lines, or refuse outside a sandbox."""
    try:
        is_sandbox = mode_of(os.environ) is Mode.SANDBOX
    except SettingsError as error:
        return refuse(error.text)
    if not is_sandbox:
        return refuse(REFUSAL)
    for line in demo_logins():
        print(line)  # noqa: T201 (for the person who starts it)
    return 0


if __name__ == "__main__":
    sys.exit(main())
