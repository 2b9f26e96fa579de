"""Which parts of the system are there, and what to do about one that is not."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.api.health import repository
from shared.domain.errors import Text
from shared.persistence.engine import Database
from shared.runtime.file_store import FileStore
from shared.runtime.queue import ArqQueue

PATIENCE_SECONDS: Final = 2.0  # for each part; who asks waits no longer than five


class PartCode(StrEnum):
    """What the system is made of."""

    DATABASE = "database"
    SCHEMA = "schema"
    QUEUE = "queue"
    FILES = "files"
    SCORING = "scoring"
    NOTIFIER = "notifier"


# Without these nothing is answered; without others something is late or refused.
NEEDED: Final = frozenset({PartCode.DATABASE, PartCode.SCHEMA})
_THERE: Final = Text("Работает.", "It works.")
_UNKNOWN: Final = Text(
    "Неизвестно: база данных недоступна.", "Unknown: the database is not available."
)
_MISSING: Final = {
    PartCode.DATABASE: Text(
        "PostgreSQL не отвечает. Проверьте сервер и DATABASE_URL.",
        "PostgreSQL does not answer. Check the server and DATABASE_URL.",
    ),
    PartCode.QUEUE: Text(
        "Valkey не отвечает: службы узнают об изменениях на несколько секунд позже. "
        "Проверьте сервер и REDIS_URL.",
        "Valkey does not answer: the services hear of changes some seconds later. "
        "Check the server and REDIS_URL.",
    ),
    PartCode.FILES: Text(
        "Хранилище файлов недоступно: отчёты с файлами не принимаются. Проверьте "
        "FILES_URL или папку DATA_DIR/files.",
        "The file store is not available: reports with files are refused. Check "
        "FILES_URL, or the folder DATA_DIR/files.",
    ),
    PartCode.SCORING: Text(
        "Служба расчётов не подключена к базе: рейтинги не обновляются.",
        "The scoring service is not connected to the database: rankings grow stale.",
    ),
    PartCode.NOTIFIER: Text(
        "Служба напоминаний не подключена к базе: напоминания не уходят.",
        "The notifier is not connected to the database: no reminders go out.",
    ),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part, whether it is there, and that in words."""

    code: PartCode
    is_there: bool
    text: Text


async def look_at_parts(
    engine: Database, queue: ArqQueue, files: FileStore
) -> list[Part]:
    """Return the state of each part, in the order of their importance."""
    stored, rung, (database, schema, services) = await asyncio.gather(
        _in_time(files.is_reachable()),
        _in_time(queue.is_reachable()),
        _look_at_database(engine),
    )
    found = [database, schema]
    found += [
        _part(PartCode.QUEUE, is_there=rung),
        _part(PartCode.FILES, is_there=stored),
    ]
    for code in (PartCode.SCORING, PartCode.NOTIFIER):
        if database.is_there:
            found.append(_part(code, is_there=code in services))
        else:
            found.append(Part(code, is_there=False, text=_UNKNOWN))
    return found


async def _look_at_database(engine: Database) -> tuple[Part, Part, set[str]]:
    """Return the parts that only the database knows of.

    A server that hangs also hangs whoever cancels a statement: the look is left to end
    by itself, and nobody waits for it.
    """
    looking = asyncio.create_task(_ask_database(engine))
    done, _ = await asyncio.wait({looking}, timeout=PATIENCE_SECONDS)
    if done:
        return looking.result()
    return _without_database()


def _without_database() -> tuple[Part, Part, set[str]]:
    database = _part(PartCode.DATABASE, is_there=False)
    return database, Part(PartCode.SCHEMA, is_there=False, text=_UNKNOWN), set()


async def _ask_database(engine: Database) -> tuple[Part, Part, set[str]]:
    try:
        fault = await repository.read_schema_fault(engine)
    except repository.DatabaseAwayError:
        return _without_database()
    schema = _part(PartCode.SCHEMA, is_there=True)
    if fault is not None:
        schema = Part(PartCode.SCHEMA, is_there=False, text=fault.text)
    services = await repository.read_services(engine)
    return _part(PartCode.DATABASE, is_there=True), schema, services


def _part(code: PartCode, *, is_there: bool) -> Part:
    return Part(code, is_there, _THERE if is_there else _MISSING[code])


async def _in_time(asking: Awaitable[bool]) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await asking
    except TimeoutError:
        return False
