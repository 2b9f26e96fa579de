"""Reading protocols of ЕГЭ and ОГЭ: one row a pupil, counted into schools at once.

They carry names and documents. Their columns are never looked at, and what stands in
the others gets into a fault only if it can be neither.
"""

from collections.abc import Iterator
from typing import BinaryIO

from services.api.imports.readers.gia_blocks import Protocol
from services.api.imports.readers.gia_columns import EXPECTED
from services.api.imports.readers.gia_reference import gia_reference
from services.api.imports.readers.headings import no_header
from services.api.imports.readers.options import FileOptions
from services.api.imports.readers.rows import ReadRow
from services.api.imports.readers.tables import open_workbook
from services.api.imports.readers.text_tables import is_text, text_sheet


def read_gia_protocol(file: BinaryIO, options: FileOptions) -> Iterator[ReadRow]:
    """Yield bad rows as they are met, then a result for each school, exam and day.

    A file is a workbook or a text; a sheet may hold several blocks with a title and a
    header each. Subject and day are those of the title or of columns, else of
    `options`; procedure and grade follow from the class.

    Raises:
        UnreadableFileError: it can be read as neither, nothing in it is the header of
            a protocol, or it is a protocol of appeals.
    """
    protocol = Protocol(options, gia_reference())
    if is_text(file):
        yield from protocol.read(text_sheet(file, options.meter))
    else:
        with open_workbook(file, options.meter) as sheets:
            for sheet in sheets:
                yield from protocol.read(sheet)
    if not protocol.is_found:
        raise no_header(EXPECTED, protocol.nearest)
    yield from protocol.results()
