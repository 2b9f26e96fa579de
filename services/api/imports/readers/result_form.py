"""The filled form of results: our own dataset, read as what other files state."""

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, Final

from services.api.datasets.definitions.results import RESULTS
from services.api.imports.readers.forms import SCHOOL_ID, SCHOOL_NAME, FormReader
from services.api.imports.readers.options import FileOptions
from services.api.imports.readers.rows import ImportedRow, ReadRow, RowNames

SUBJECT: Final = "subject"
KEY: Final = (
    SCHOOL_ID,
    "procedure",
    SUBJECT,
    "programme_grade",
    "pupil_grade",
    "academic_year",
    "written_on",
    "wave",
)
_FORM: Final = FormReader(RESULTS, KEY)
TITLES: Final = _FORM.titles
ROLES: Final = {
    **{name: name for name in TITLES},
    "school": SCHOOL_NAME,
    "login": SCHOOL_ID,
    "year": "academic_year",
    "grade": "programme_grade",
}


def read_result_form(file: BinaryIO, options: FileOptions) -> Iterator[ReadRow]:
    """Read the rows of the form, in which schools have a number or a name.

    Cells that are left empty say nothing: what they would hold stays as it is.

    Raises:
        UnreadableFileError: no sheet has the columns that must be filled in.
    """
    for row in _FORM(file, options):
        yield _as_result(row) if isinstance(row, ImportedRow) else row


def _as_result(row: ImportedRow) -> ImportedRow:
    key = {name: value for name, value in row.key.items() if value is not None}
    number, subject = key.pop(SCHOOL_ID, None), key.pop(SUBJECT)
    figures = {name: value for name, value in row.figures.items() if value is not None}
    names = RowNames(subject, "", row.names.school, "", number=number)
    return replace(row, names=names, key=key, figures=figures)
