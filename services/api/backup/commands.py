"""What the commands `backup` and `restore` do with the settings and say at the end."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from services.api.backup.errors import BackupError
from services.api.backup.restoring import Restored, restore_backup
from services.api.backup.taking import Taken, take_backup
from shared.domain.errors import DomainError, Text
from shared.runtime.clock import system_now
from shared.runtime.file_store import FileStore, open_file_store
from shared.runtime.settings import SettingsError, data_dir_of, required, s3_of

Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class Said:
    """What to tell; a backup is not complete when the store lacked files."""

    text: Text
    is_complete: bool = True


def back_up(into: Path, *, keep: int | None) -> Said:
    """Make a backup of the system that the environment names.

    Raises:
        BackupError: there is none, and why.
    """
    taken = _run(lambda url, files: take_backup(url, files, into, keep=keep))
    return Said(_told_of_backup(taken), is_complete=not taken.manifest.lost)


def restore(folder: Path) -> Said:
    """Bring a backup back into the system that the environment names.

    Raises:
        BackupError: it was not brought back, or not as it was, and why.
    """
    restored = _run(lambda url, files: restore_backup(folder, url, files))
    return Said(_told_of_restore(restored))


def _run(
    action: Callable[[str, FileStore], Coroutine[Any, Any, Outcome]],
) -> Outcome:
    try:
        url = required(os.environ, "DATABASE_URL")
        files = open_file_store(data_dir_of(os.environ) / "files", s3_of(os.environ))
        return asyncio.run(action(url, files))
    except SettingsError as error:
        raise BackupError(error.text.ru, error.text.en) from error
    except DomainError as error:
        raise BackupError(error.detail.ru, error.detail.en) from error
    except (SQLAlchemyError, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise BackupError(
            f"База данных недоступна: {reason}",
            f"The database cannot be used: {reason}",
        ) from error


def _told_of_backup(taken: Taken) -> Text:
    manifest = taken.manifest
    size = sum(part.size for part in manifest.parts.values())
    rows, files = sum(manifest.rows.values()), len(manifest.parts) - 1
    lost = ", ".join(manifest.lost)
    return Text(
        f"Копия {taken.folder}: номер изменений {manifest.feed_number}, строк {rows}, "
        f"файлов {files}, байт {size}, удалено старых копий {len(taken.removed)}."
        + (f" В хранилище нет файлов: {lost}." if lost else ""),
        f"Backup {taken.folder}: change number {manifest.feed_number}, {rows} rows, "
        f"{files} files, {size} bytes, {len(taken.removed)} older ones removed."
        + (f" The store lacks files: {lost}." if lost else ""),
    )


def _told_of_restore(restored: Restored) -> Text:
    manifest, steps = restored.manifest, restored.seconds
    lost = system_now() - manifest.moment
    times = ", ".join(f"{step} {seconds:.1f}" for step, seconds in steps.items())
    moment = f"{manifest.moment:%Y-%m-%d %H:%M:%S} UTC"
    newer = restored.migrated_from
    return Text(
        f"Восстановлено состояние на {moment} (номер изменений "
        f"{manifest.feed_number}); того, что изменено за {lost.total_seconds():.0f} с "
        f"после него, нет (RPO). Заняло {sum(steps.values()):.1f} с (RTO): {times}."
        + (f" Схема {newer} обновлена." if newer else ""),
        f"Restored as of {moment} (change number {manifest.feed_number}); what was "
        f"changed in the {lost.total_seconds():.0f} s since is not there (RPO). It "
        f"took {sum(steps.values()):.1f} s (RTO): {times}."
        + (f" Migrated from {newer}." if newer else ""),
    )
