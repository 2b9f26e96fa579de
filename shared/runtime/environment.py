"""The environment that settings are read from, and how a bad one is refused."""

from collections.abc import Mapping
from enum import StrEnum

from shared.domain.errors import Text


class SettingsError(Exception):
    """A setting is missing or unusable; `text` says which and how to mend it."""

    def __init__(self, ru: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(ru, en)


class Mode(StrEnum):
    """`sandbox` has demo accounts and a movable clock, `production` has neither."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"


def required(environ: Mapping[str, str], name: str) -> str:
    """Return the setting `name`.

    Raises:
        SettingsError: it is missing or empty.
    """
    value = environ.get(name, "").strip()
    if not value:
        raise SettingsError(
            f"Не задана переменная окружения {name}.",
            f"The environment variable {name} is not set.",
        )
    return value


def mode_of(environ: Mapping[str, str]) -> Mode:
    """Return the mode; what is not asked to be a sandbox is real."""
    value = environ.get("PODYOM_MODE", "").strip() or Mode.PRODUCTION
    try:
        return Mode(value)
    except ValueError:
        raise SettingsError(
            f"PODYOM_MODE={value}: допустимы sandbox и production.",
            f"PODYOM_MODE={value}: it must be sandbox or production.",
        ) from None
