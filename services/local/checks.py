"""What must be true before anything is started: each a line of its own if it is not."""

import asyncio
import errno
import smtplib
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import redis

from services.local.errors import StartError
from services.local.settings import LocalSettings
from shared.domain.errors import Text
from shared.runtime.embedded.processes import wait_until

PATIENCE = 5.0
OLDEST_POSTGRES = 15


def require_folder(folder: Path) -> None:
    """Make the data folder if need be, and write to it.

    Raises:
        StartError: It cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"1")
        (folder / "logs").mkdir(exist_ok=True)
    except OSError as error:
        raise StartError(
            Text(
                f"DATA_DIR: в папку {folder} нельзя писать ({error.strerror})."
                " Дайте на неё права или укажите другую: DATA_DIR=…",
                f"DATA_DIR: the folder {folder} cannot be written to"
                f" ({error.strerror}). Allow it or choose another: DATA_DIR=…",
            )
        ) from error


def require_port(host: str, port: int) -> None:
    """Listen on the api's address for a moment.

    Raises:
        StartError: Somebody listens there, or we may not.
    """
    failures: list[OSError] = []

    def is_free() -> bool:
        try:
            _listen(host, port)
        except OSError as error:
            failures.append(error)
            return False
        return True

    # An api that was just killed gives its port free a moment later.
    if not wait_until(is_free, seconds=1.0):
        raise _unusable_port(host, port, failures[-1]) from failures[-1]


def _listen(host: str, port: int) -> None:
    found = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        probe.listen(1)


def _unusable_port(host: str, port: int, error: OSError) -> StartError:
    if error.errno == errno.EADDRINUSE:
        return StartError(
            Text(
                f"PORT: порт {port} на {host} уже занят другой программой. Остановите"
                " её или укажите другой порт: PORT=…",
                f"PORT: port {port} on {host} is taken by another program. Stop that"
                " one or choose another port: PORT=…",
            )
        )
    return StartError(
        Text(
            f"HOST, PORT: на {host}, порт {port}, нельзя принимать соединения"
            f" ({error.strerror}). Укажите другие: HOST=… PORT=…",
            f"HOST, PORT: one cannot listen on {host}, port {port}"
            f" ({error.strerror}). Choose others: HOST=… PORT=…",
        )
    )


def require_servers(settings: LocalSettings) -> None:
    """Connect to every server that was given by its address.

    Raises:
        StartError: One does not answer or does not let us in.
    """
    if settings.database_url is not None:
        _require("DATABASE_URL", settings.database_url, _reach_postgres)
    if settings.redis_url is not None:
        _require("REDIS_URL", settings.redis_url, _reach_redis)
    if settings.smtp_url is not None:
        _require("SMTP_URL", settings.smtp_url, _reach_smtp)


def _require(name: str, url: str, reach: Callable[[str], None]) -> None:
    try:
        reach(url)
    except StartError:
        raise
    except TimeoutError:
        raise _unreachable(name, url, f"timeout, {PATIENCE:.0f} s") from None
    except (
        OSError,
        ValueError,
        redis.RedisError,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
    ) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise _unreachable(name, url, reason) from error


def _unreachable(name: str, url: str, reason: str) -> StartError:
    place = urlsplit(url).netloc.rpartition("@")[2] or urlsplit(url).path
    return StartError(
        Text(
            f"{name}: сервер {place} не отвечает или не пускает ({reason})."
            f" Запустите его, исправьте адрес или уберите {name}, чтобы запустить"
            " встроенный.",
            f"{name}: the server {place} does not answer or refuses ({reason})."
            f" Start it, mend the address, or leave {name} out to have one started"
            " here.",
        )
    )


def _reach_postgres(url: str) -> None:
    async def ask() -> int:
        connection = await asyncpg.connect(url, timeout=PATIENCE)
        try:
            return int(connection.get_server_version().major)
        finally:
            await connection.close(timeout=PATIENCE)

    version = asyncio.run(asyncio.wait_for(ask(), PATIENCE))
    if version < OLDEST_POSTGRES:
        raise StartError(
            Text(
                f"DATABASE_URL: нужен PostgreSQL {OLDEST_POSTGRES} или новее, а там"
                f" {version}.",
                f"DATABASE_URL: PostgreSQL {OLDEST_POSTGRES} or newer is needed, but"
                f" that is {version}.",
            )
        )


def _reach_redis(url: str) -> None:
    with redis.Redis.from_url(
        url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE
    ) as client:
        client.ping()


def _reach_smtp(url: str) -> None:
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    server = smtplib.SMTP_SSL if secure else smtplib.SMTP
    with server(
        parts.hostname or "localhost",
        parts.port or (465 if secure else 25),
        timeout=PATIENCE,
    ) as client:
        client.noop()
