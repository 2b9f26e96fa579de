"""Why nothing was committed, in words."""

from collections.abc import Sequence

from services.api.imports.errors import (
    AlreadyCommittedError,
    ImportNotFoundError,
    ImportOutdatedError,
    NoCorrectionsError,
    NotReadError,
)
from services.api.imports.records import Status, StoredImport, fault_of
from shared.domain.errors import Fault, Text


def unknown_import(import_id: int) -> ImportNotFoundError:
    """Say that there is no such file, for whatever reason."""
    return ImportNotFoundError(
        Text(
            f"Загрузки {import_id} нет или она вам недоступна.",
            f"There is no import {import_id}, or it is not accessible to you.",
        )
    )


def not_read(file: StoredImport) -> NotReadError:
    """Say that there is nothing to commit: not yet, or not at all."""
    if file.status == Status.READING:
        return NotReadError(
            Text(
                f"Файл ещё читается: {file.rows_read} из {file.rows_total} строк. "
                "Повторите, когда status станет previewed.",
                f"The file is still being read: {file.rows_read} of {file.rows_total} "
                "rows. Repeat once its status is previewed.",
            )
        )
    return NotReadError(
        Text(
            f"Файл загрузки {file.id} не прочитан, причина — в warnings. Загрузите "
            "файл снова.",
            f"The file of import {file.id} was not read; its warnings say why. Upload "
            "the file again.",
        ),
        faults=[fault_of(each) for each in file.warnings],
    )


def already_committed(file: StoredImport) -> AlreadyCommittedError:
    """Say when it was committed, and what to do with a corrected file."""
    when = file.committed_at and file.committed_at.isoformat(timespec="seconds")
    return AlreadyCommittedError(
        Text(
            f"Загрузка {file.id} уже применена {when}. Чтобы загрузить исправленный "
            "файл, отправьте его снова: POST /v1/imports.",
            f"Import {file.id} was committed at {when}. To upload a corrected file, "
            "send it again: POST /v1/imports.",
        )
    )


def outdated(import_id: int, faults: Sequence[Fault] = ()) -> ImportOutdatedError:
    """Say that what was previewed is no longer what committing would do."""
    return ImportOutdatedError(
        Text(
            f"После просмотра загрузки {import_id} её записи или то, к чему они "
            "относятся, изменились; ничего не применено. Загрузите файл снова и "
            "проверьте, что изменится.",
            f"Since import {import_id} was previewed, its records, or what they belong "
            "to, have changed; nothing was committed. Upload the file again and check "
            "what will change.",
        ),
        faults=faults,
    )


def no_corrections(file: StoredImport) -> NoCorrectionsError:
    """Say why there is no workbook of bad rows."""
    if not file.counts["bad"]:
        return NoCorrectionsError(
            Text(
                f"В загрузке {file.id} нет строк с ошибками.",
                f"Import {file.id} has no bad rows.",
            )
        )
    return NoCorrectionsError(
        Text(
            "Строки этого файла не хранятся: в них персональные данные, либо они "
            "значат что-то только вместе. Исправьте исходный файл: ошибки — в "
            f"GET /v1/imports/{file.id}/lines?action=bad.",
            "The rows of this file are not kept: they are personal data, or mean "
            "something only together. Correct the file itself; its faults: GET "
            f"/v1/imports/{file.id}/lines?action=bad.",
        )
    )
