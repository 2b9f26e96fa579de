"""Whose right it is to import files of a format."""

from services.api.http.auth import Actor, require_of
from services.api.imports.errors import InvalidImportError
from services.api.imports.formats import FileFormat
from shared.domain.errors import Fault, Text


def require_format(actor: Actor, file_format: FileFormat) -> None:
    """Let files of the format be uploaded, committed or undone.

    Raises:
        ForbiddenError: writing one such row by hand takes a permission that the caller
            does not have.
        InvalidImportError: the caller speaks for one school, and such rows are not a
            school's, or change from state to state, one by one.
    """
    require_of(actor, file_format.permission)
    if actor.school_id is None or file_format.is_for_schools:
        return
    code = file_format.code
    reason = Text(
        f"Файлы формата «{code}» школа не загружает: их строки вносят по одной или их "
        "вносит муниципалитет. Доступные форматы: GET /v1/import-formats.",
        f"A school does not upload files of the format '{code}': their rows are "
        "written one by one, or by the municipality. See GET /v1/import-formats.",
    )
    fault = Fault(reason=reason, column="file_format", value=code)
    raise InvalidImportError(reason, faults=[fault])


def is_offered(actor: Actor, file_format: FileFormat) -> bool:
    """Tell whether to show the caller the format: a school sees what it may upload."""
    if actor.school_id is None:
        return True
    return file_format.is_for_schools and actor.may(file_format.permission)
