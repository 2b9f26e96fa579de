"""Why a file is not imported."""

from shared.domain.errors import ConflictError, InvalidInputError, NotFoundError, Text


class InvalidImportError(InvalidInputError):
    """What was said of the file does not go together with it or with the caller."""

    code = "invalid_import"
    title = Text("Загрузка не принята", "The import was not accepted")


class ImportNotFoundError(NotFoundError):
    """There is no such import, or the caller may not know of it."""

    code = "import_not_found"
    title = Text("Загрузка не найдена", "Import not found")


class AlreadyCommittedError(ConflictError):
    """The import has been committed; once more would change nothing."""

    code = "import_already_committed"
    title = Text("Загрузка уже применена", "The import is already committed")


class BadRowsError(ConflictError):
    """The file has bad rows, and all of its rows or nothing was asked for."""

    code = "import_has_bad_rows"
    title = Text("В файле есть ошибки", "The file has bad rows")


class ImportOutdatedError(ConflictError):
    """A result that the file speaks of has changed or appeared since the preview."""

    code = "import_outdated"
    title = Text("Просмотр устарел", "The preview is out of date")


class NotReadError(ConflictError):
    """The file is still being read, or could not be; there is nothing to commit."""

    code = "import_not_read"
    title = Text("Файл не прочитан", "The file has not been read")


class NotCommittedError(ConflictError):
    """The import is not committed, or was undone; there is nothing to take back."""

    code = "import_not_committed"
    title = Text("Отменять нечего", "There is nothing to undo")


class UndoBlockedError(ConflictError):
    """Something that the import wrote was changed since."""

    code = "import_undo_blocked"
    title = Text("Загрузку нельзя отменить", "The import cannot be undone")


class NoCorrectionsError(ConflictError):
    """There are no bad rows to correct, or the format has none that can be shown."""

    code = "import_without_corrections"
    title = Text("Исправлять нечего", "There is nothing to correct")
