"""The formats of files that can be imported: the one list that everything asks.

To add a format, write a reader in `readers/` and a `FileFormat` in `FORMATS`:

* The reader is a generator `read(file, options)` over an open binary file. It yields
  an `ImportedRow`, `BadRow` or `SkippedRow` for each row, in the file's order, never a
  list of all. It raises `UnreadableFileError` before the first row if the file is not
  of its format. `options.meter` is moved on by `open_workbook(file, options.meter)`;
  a reader that opens the file otherwise does so itself.
* A reader drops names of persons and numbers of documents at once: they get into no
  row, no fault and no log.
* `ImportedRow.names` is what the row calls its school and subject: the target looks
  them up. For assessment results `key` has ``year`` and ``grade``, as files of ВПР name
  them, or ``academic_year``, ``programme_grade`` and ``pupil_grade``; and, where the
  file says so, ``procedure``, ``written_on`` and ``wave``. `figures` are columns of
  `assessment_results` that JSON can hold.
* Faults of values that the target finds are placed by `roles`: they say which column
  holds the ``school``, ``login``, ``subject``, ``municipality``, ``year``, ``grade``,
  and each figure by its own name.
* `columns` are the titles under which a bad row's cells may be kept, and the header of
  the file of corrections. It is empty where a row means nothing by itself, as a row of
  one pupil does; then no cell is kept.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, TypeAlias

from services.api.imports.readers.mark_columns import ROLES, TITLES
from services.api.imports.readers.mark_statistics import read_mark_statistics
from services.api.imports.readers.options import VPR, FileOptions
from services.api.imports.readers.rows import ReadRow
from services.api.imports.result_target import ResultTarget
from services.api.imports.targets import Roles, Target
from shared.domain.errors import Text

Reader: TypeAlias = Callable[[BinaryIO, FileOptions], Iterator[ReadRow]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FileFormat:
    """A kind of file.

    `options` are the fields of `FileOptions` that the caller may give, `required`
    those that must be given; `procedure` is meant where none is named.
    """

    code: str
    title: Text
    read: Reader
    target: Target
    columns: tuple[str, ...] = ()
    roles: Roles = field(default_factory=dict)
    options: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    procedure: str = VPR


def _by_code(*formats: FileFormat) -> Mapping[str, FileFormat]:
    return {each.code: each for each in formats}


FORMATS = _by_code(
    FileFormat(
        code="mark_statistics",
        title=Text("Статистика по отметкам", "Statistics of marks"),
        read=read_mark_statistics,
        target=ResultTarget(),
        columns=TITLES,
        roles=ROLES,
        options=frozenset({"procedure", "season"}),
    ),
)
