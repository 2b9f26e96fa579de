"""Settings of the notifier, read once from the environment by its `__main__`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shared.runtime.public_url import public_url_of
from shared.runtime.settings import (
    S3Settings,
    SettingsError,
    data_dir_of,
    required,
    s3_of,
    secret_of,
)

SMTP_CONNECTIONS = 8  # relays seldom let one client have more than ten
MOST_SMTP_CONNECTIONS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettings:
    """Where the links in messages lead, and the secret that their keys come of."""

    public_url: str
    secret_key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifierSettings:
    """Settings of the notifier; `mail_from` is the sender of its letters.

    Without `links` messages go out, but nobody can answer from them.
    """

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    smtp_url: str = field(repr=False)
    mail_from: str
    smtp_connections: int = SMTP_CONNECTIONS
    calls_private: bool = False
    links: LinkSettings | None = None
    data_dir: Path = Path("data")
    s3: S3Settings | None = None  # without it files lie in a folder of `data_dir`


def smtp_connections_of(environ: Mapping[str, str]) -> int:
    """Return over how many connections mail is handed in at once, 8 by default."""
    value = environ.get("SMTP_CONNECTIONS", "").strip() or str(SMTP_CONNECTIONS)
    if not value.isdecimal() or not 0 < int(value) <= MOST_SMTP_CONNECTIONS:
        raise SettingsError(
            f"SMTP_CONNECTIONS={value}: нужно число от 1 до {MOST_SMTP_CONNECTIONS}.",
            f"SMTP_CONNECTIONS={value}: it must be a number from 1 to "
            f"{MOST_SMTP_CONNECTIONS}.",
        )
    return int(value)


def calls_private_of(environ: Mapping[str, str]) -> bool:
    """Return whether webhooks may lead into the own network, and be plain http."""
    value = environ.get("WEBHOOKS_PRIVATE", "").strip() or "no"
    if value not in {"yes", "no"}:
        raise SettingsError(
            f"WEBHOOKS_PRIVATE={value}: допустимы yes и no.",
            f"WEBHOOKS_PRIVATE={value}: it must be yes or no.",
        )
    return value == "yes"


def links_of(environ: Mapping[str, str]) -> LinkSettings | None:
    """Return what links are made of, or None where no address is given.

    Raises:
        SettingsError: the address cannot be used, or there is no secret beside it.
    """
    public_url = public_url_of(environ)
    if public_url is None:
        return None
    return LinkSettings(public_url=public_url, secret_key=secret_of(environ))


def notifier_settings(environ: Mapping[str, str]) -> NotifierSettings:
    """Read the settings of the notifier."""
    return NotifierSettings(
        database_url=required(environ, "DATABASE_URL"),
        redis_url=required(environ, "REDIS_URL"),
        smtp_url=required(environ, "SMTP_URL"),
        mail_from=environ.get("MAIL_FROM", "").strip() or "podyom@localhost",
        smtp_connections=smtp_connections_of(environ),
        calls_private=calls_private_of(environ),
        links=links_of(environ),
        data_dir=data_dir_of(environ),
        s3=s3_of(environ),
    )
