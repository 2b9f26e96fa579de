"""Telling by its first bytes what an uploaded plan is, and reading its tables."""

from typing import BinaryIO, Final

from services.api.imports.readers.archive import UnreadableFileError
from services.api.plan_imports.readers.pasted import read_pasted
from services.api.plan_imports.readers.word import is_word, read_word
from services.api.plan_imports.readers.workbook import read_workbook
from shared.domain.errors import Text
from shared.domain.plan_tables.tables import SourceTable

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
_PDF: Final = b"%PDF"


def read_tables(source: BinaryIO) -> list[SourceTable]:
    """Return the tables of a `.docx`, an `.xlsx` or a text.

    Raises:
        UnreadableFileError: it is none of these, or damaged, or too large.
    """
    start = source.read(len(_OLE))
    source.seek(0)
    if start.startswith(_ZIP):
        return read_word(source) if is_word(source) else read_workbook(source)
    if start == _OLE:
        raise UnreadableFileError(
            Text(
                "Это документ старого формата .doc или .xls, или он защищён паролем: "
                "сохраните его без пароля как .docx или .xlsx.",
                "This is a document of the old .doc or .xls format, or it is "
                "encrypted: save it without a password as .docx or .xlsx.",
            )
        )
    if start.startswith(_PDF):
        raise UnreadableFileError(
            Text(
                "В PDF нет таблиц, только знаки на странице: выделите таблицу, "
                "скопируйте и пришлите текстом, поле text.",
                "A PDF holds no tables, only signs on pages: select the table, copy it "
                "and send it as text, field text.",
            )
        )
    return read_pasted(_decoded(source.read()))


def _decoded(content: bytes) -> str:
    if b"\0" in content:
        raise UnreadableFileError(
            Text(
                "Файл — не .docx, не .xlsx и не текст.",
                "The file is neither .docx nor .xlsx nor a text.",
            )
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", errors="replace")
