"""Settings of the launcher; what is left out, it provides itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from services.local.errors import StartError
from shared.domain.errors import Text
from shared.runtime.public_url import public_url_of
from shared.runtime.settings import Mode, mode_of, port_of, secret_of

SCHEMES = {
    "DATABASE_URL": ("postgresql", "postgres", "postgresql+asyncpg"),
    "REDIS_URL": ("redis", "rediss", "unix"),
    "SMTP_URL": ("smtp", "smtps"),
}
EXAMPLES = {
    "DATABASE_URL": "postgresql://user:password@localhost:5432/podyom",
    "REDIS_URL": "redis://localhost:6379/0",
    "SMTP_URL": "smtp://localhost:25",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSettings:
    """What to start, where; a server without an address is started by the launcher.

    `data_dir` is absolute. Without a `secret_key` the sandbox makes one, and
    without a `public_url` its links lead to this machine.
    """

    mode: Mode
    host: str
    port: int
    data_dir: Path
    database_url: str | None = field(repr=False)
    redis_url: str | None = field(repr=False)
    smtp_url: str | None = field(repr=False)
    secret_key: str | None = field(repr=False)
    public_url: str | None


def local_settings(environ: Mapping[str, str]) -> LocalSettings:
    """Read the environment.

    Raises:
        StartError: An address is malformed.
        SettingsError: Another setting is.
    """
    mode = mode_of({"PODYOM_MODE": Mode.SANDBOX} | _filled(environ))
    given = _filled(environ)
    needs_secret = mode is Mode.PRODUCTION or "SECRET_KEY" in given
    database_url = _address(given, "DATABASE_URL")
    return LocalSettings(
        mode=mode,
        host=given.get("HOST", "127.0.0.1"),
        port=port_of(given),
        data_dir=Path(given.get("DATA_DIR", "data")).expanduser().absolute(),
        database_url=database_url and plain_postgres_url(database_url),
        redis_url=_address(given, "REDIS_URL"),
        smtp_url=_address(given, "SMTP_URL"),
        secret_key=secret_of(given) if needs_secret else None,
        public_url=public_url_of({**given, "PODYOM_MODE": mode}),
    )


def plain_postgres_url(url: str) -> str:
    """Give every accepted spelling of the scheme the one that all clients know."""
    return f"postgresql:{url.split(':', 1)[1]}"


def _filled(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value.strip() for name, value in environ.items() if value.strip()}


def _address(given: Mapping[str, str], name: str) -> str | None:
    url = given.get(name)
    if url is None:
        return None
    schemes = SCHEMES[name]
    try:
        parts = urlsplit(url)
        usable = (
            parts.scheme in schemes
            and parts.port != 0
            # Only a number names a database of Redis; a socket's path is no such name.
            and (parts.scheme not in ("redis", "rediss") or _is_number(parts.path))
        )
    except ValueError:
        usable = False
    if not usable:
        raise StartError(
            Text(
                f"{name} не похож на адрес сервера; нужен вид {EXAMPLES[name]}",
                f"{name} is not a server's address; it looks like {EXAMPLES[name]}",
            )
        )
    return url


def _is_number(path: str) -> bool:
    name = path.strip("/")
    return not name or (name.isascii() and name.isdecimal())
