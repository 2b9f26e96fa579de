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
* `target` may be narrowed to the figures that the reader states, with those of
  `when_new`; no others are written then. Large files gain by it.
* A reader of marks may give many rows at once in columns, as a `MarkRun`.
* `columns` are the titles under which a bad row's cells may be kept, and the header of
  the file of corrections. It is empty where a row means nothing by itself, as a row of
  one pupil does; then no cell is kept.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, TypeAlias

from services.api.datasets.definitions import DATASETS
from services.api.datasets.definitions.results import RESULTS as RESULT_DATASET
from services.api.imports.form_target import FormTarget, table_of
from services.api.imports.readers import (
    gia_columns,
    journal_comparison,
    mark_columns,
    result_form,
    score_distribution,
    vpr_pupils,
)
from services.api.imports.readers.forms import FormReader
from services.api.imports.readers.gia_exams import EGE
from services.api.imports.readers.gia_protocol import read_gia_protocol
from services.api.imports.readers.journal_comparison import read_journal_comparison
from services.api.imports.readers.mark_runs import MarkRun
from services.api.imports.readers.mark_statistics import read_marks
from services.api.imports.readers.options import VPR, FileOptions
from services.api.imports.readers.result_form import read_result_form
from services.api.imports.readers.rows import ReadRow
from services.api.imports.readers.score_distribution import read_score_distribution
from services.api.imports.readers.vpr_collection import read_vpr_collection
from services.api.imports.readers.vpr_individual import read_vpr_individual
from services.api.imports.result_target import RESULTS, ResultTarget
from services.api.imports.targets import Roles, Target
from shared.domain.errors import Text
from shared.domain.permissions import Permission

Reader: TypeAlias = Callable[[BinaryIO, FileOptions], Iterator[ReadRow | MarkRun]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FileFormat:
    """A kind of file.

    `options` are the fields of `FileOptions` that the caller may give, `required`
    those that must be given; `procedure` is meant where none is named. `permission` is
    what writing the same rows by hand takes; a school may upload its own rows where the
    format `is_for_schools`.
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
    permission: Permission = Permission.RESULTS_WRITE
    is_for_schools: bool = True


_OF_VPR = frozenset({"procedure", "season"})
_OF_PUPILS = frozenset({"school_id", "subject", "academic_year", "grade", "written_on"})


def _by_code(*formats: FileFormat) -> Mapping[str, FileFormat]:
    return {each.code: each for each in formats}


def _forms() -> Iterator[FileFormat]:
    """Yield the format of each dataset that people write: its filled form."""
    for dataset in DATASETS.values():
        recording = dataset.recording
        if recording is None or recording.constraint is None:
            continue
        table = table_of(dataset, recording)
        reader = FormReader(dataset, table.key)
        yield FileFormat(
            code=dataset.code,
            title=Text(f"Форма «{dataset.title.ru}»", f"Form '{dataset.title.en}'"),
            read=reader,
            target=FormTarget(dataset, recording, table),
            columns=reader.titles,
            roles={} if table.locked_by is None else {"year": table.locked_by},
            permission=recording.permission,
            # What state a row is in decides whether a school may still change it.
            is_for_schools=recording.is_of_school and recording.guard is None,
        )


FORMATS = _by_code(
    *_forms(),
    FileFormat(
        code=RESULT_DATASET.code,
        title=Text("Форма результатов", "Form of results"),
        read=read_result_form,
        target=ResultTarget(marked=None),
        columns=result_form.TITLES,
        roles=result_form.ROLES,
    ),
    FileFormat(
        code="mark_statistics",
        title=Text("Статистика по отметкам", "Statistics of marks"),
        read=read_marks,
        target=ResultTarget(table=RESULTS.narrowed(mark_columns.STATED, in_runs=True)),
        columns=mark_columns.TITLES,
        roles=mark_columns.ROLES,
        options=_OF_VPR,
    ),
    FileFormat(
        code="score_distribution",
        title=Text("Распределение первичных баллов", "Distribution of primary scores"),
        read=read_score_distribution,
        target=ResultTarget(),
        columns=score_distribution.TITLES,
        roles=score_distribution.ROLES,
        options=_OF_VPR,
    ),
    FileFormat(
        code="journal_comparison",
        title=Text(
            "Сравнение отметок с отметками по журналу",
            "Comparison of marks with the journal",
        ),
        read=read_journal_comparison,
        target=ResultTarget(),
        columns=journal_comparison.TITLES,
        roles=journal_comparison.ROLES,
        options=_OF_VPR | _OF_PUPILS,
    ),
    FileFormat(
        code="vpr_individual",
        title=Text("ВПР: Ф1 Индивидуальные результаты", "ВПР: individual results (Ф1)"),
        read=read_vpr_individual,
        target=ResultTarget(),
        roles=vpr_pupils.ROLES,
        options=_OF_VPR | _OF_PUPILS,
    ),
    FileFormat(
        code="vpr_collection",
        title=Text("ВПР: форма сбора результатов", "ВПР: form of collection"),
        read=read_vpr_collection,
        target=ResultTarget(),
        roles=vpr_pupils.ROLES,
        options=_OF_VPR | _OF_PUPILS,
    ),
    FileFormat(
        code="gia_protocol",
        title=Text("Протокол ЕГЭ или ОГЭ", "Protocol of ЕГЭ or ОГЭ"),
        read=read_gia_protocol,
        target=ResultTarget(code_kind="gia_code", marked=None),
        roles=gia_columns.ROLES,
        options=_OF_PUPILS - {"school_id"} | {"procedure"},
        procedure=EGE,
    ),
)
