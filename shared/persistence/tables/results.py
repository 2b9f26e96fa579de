"""Results of assessment procedures, and the files they were imported from."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.users import UserRow

RESULT_KEY = "uq_assessment_results_natural_key"


# What makes two results the same result; the order is that of the unique index.
RESULT_KEY_COLUMNS = (
    "municipality_id",
    "academic_year",
    "school_id",
    "procedure",
    "subject",
    "programme_grade",
    "pupil_grade",
    "wave",
    "written_on",
)


class ProcedureRow(Base):
    """An assessment procedure: ВПР, ОГЭ, ЕГЭ and others.

    `grades` are of the pupils who may take part; one that is not `marked` gives test
    scores.
    """

    __tablename__ = "procedures"
    __table_args__ = {"schema": API}

    code: Mapped[str] = mapped_column(primary_key=True)
    name_ru: Mapped[str]
    name_en: Mapped[str]
    grades: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    marked: Mapped[bool]


class SubjectRow(Base):
    """A school subject with the spellings that files use."""

    __tablename__ = "subjects"
    __table_args__ = {"schema": API}

    code: Mapped[str] = mapped_column(primary_key=True)
    name_ru: Mapped[str]
    name_en: Mapped[str]
    aliases: Mapped[list[str]]


class ImportRow(Base):
    """An uploaded file: what it held, what of it was committed, by whom.

    `school_id` is the school that uploaded it, of which all of its rows are; None where
    the municipality did. `options` are what the caller said of it; `warnings` are
    faults that stop nothing, or why the file could not be read. While it is read,
    `read_at` is the last sign of life, by the machine's clock.
    """

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint(
            "status in ('reading', 'failed', 'previewed', 'committed', 'undone')",
            name="status",
        ),
        CheckConstraint(
            "committed_mode in ('all_or_nothing', 'partial')", name="committed_mode"
        ),
        ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name="fk_imports_school",
        ),
        UniqueConstraint("municipality_id", "id"),
        Index("ix_imports_municipality_id_sha256", "municipality_id", "sha256"),
        Index("ix_imports_school_id", "school_id"),
        Index(
            "ix_imports_reading", "read_at", postgresql_where=text("status = 'reading'")
        ),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    file_format: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str]
    status: Mapped[str]
    options: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]]
    warnings: Mapped[list[dict[str, Any]]]
    created_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    created_at: Mapped[datetime]
    committed_at: Mapped[datetime | None]
    committed_mode: Mapped[str | None]
    rows_read: Mapped[int] = mapped_column(server_default="0")
    rows_total: Mapped[int] = mapped_column(server_default="0")
    read_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undo_reason: Mapped[str | None]
    school_id: Mapped[int | None]


class ImportLineRow(Base):
    """One row of an uploaded file: what committing it will do, or why it cannot.

    `target_id` is the row that is there already, or the number that a new one will
    have; `previous` are the values that committing replaces. `cells` are a bad row's
    own, without any that could be personal.
    """

    __tablename__ = "import_lines"
    __table_args__ = (
        CheckConstraint(
            "action in ('new', 'changed', 'unchanged', 'bad')", name="action"
        ),
        Index("ix_import_lines_import_id_action_id", "import_id", "action", "id"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int]
    import_id: Mapped[int]
    sheet: Mapped[str]
    row: Mapped[int]
    action: Mapped[str]
    record: Mapped[dict[str, Any] | None]
    target_id: Mapped[int | None]
    target_version: Mapped[int | None]
    previous: Mapped[dict[str, Any] | None]
    cells: Mapped[dict[str, Any] | None]
    faults: Mapped[list[dict[str, Any]]]


class AssessmentResultRow(Base):
    """One school × procedure × subject × grades × year × sitting.

    Counts are pupils; what they mean is told by `shared.domain.result_figures`.
    `score_counts` are pupils by primary score, ``{"0": 1, "12": 3}``. `percentages`
    keeps the file's own figures: under ``2`` … ``5`` for the marks, ``score_12`` for
    primary scores, ``journal_lower`` and the like; `counts_rebuilt` says that counts
    were rebuilt from them. That what a row names exists is kept by triggers, once for
    each statement: foreign keys would look up every row by itself.
    """

    __tablename__ = "assessment_results"
    __table_args__ = (
        UniqueConstraint(
            *RESULT_KEY_COLUMNS,
            name=RESULT_KEY,
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("n2 + n3 + n4 + n5 = n", name="marks_sum"),
        CheckConstraint("num_nulls(n2, n3, n4, n5) in (0, 4)", name="marks_together"),
        CheckConstraint(
            "n >= 0 and n2 >= 0 and n3 >= 0 and n4 >= 0 and n5 >= 0 and n_absent >= 0"
            " and n_ungraded >= 0 and n_below_minimum between 0 and n",
            name="counts",
        ),
        CheckConstraint(
            "num_nulls(n_lower, n_equal, n_higher) in (0, 3) and n_lower >= 0"
            " and n_equal >= 0 and n_higher >= 0 and n_lower + n_equal + n_higher <= n",
            name="journal",
        ),
        CheckConstraint(
            "n_gap_2 is null or n_lower is not null"
            " and n_gap_2 between 0 and n_lower + n_higher",
            name="journal_gap",
        ),
        CheckConstraint(
            "max_primary_score > 0 and mean_test_score between 0 and 100"
            " and mean_primary_score between 0 and coalesce(max_primary_score, 1000)",
            name="scores",
        ),
        CheckConstraint(
            "programme_grade between 1 and 12 and pupil_grade between 1 and 12",
            name="grades",
        ),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int]
    school_id: Mapped[int]
    procedure: Mapped[str]
    subject: Mapped[str]
    programme_grade: Mapped[int] = mapped_column(SmallInteger)
    pupil_grade: Mapped[int] = mapped_column(SmallInteger)
    academic_year: Mapped[int] = mapped_column(SmallInteger)
    wave: Mapped[int] = mapped_column(SmallInteger)
    written_on: Mapped[date | None]
    n: Mapped[int]
    n2: Mapped[int | None]
    n3: Mapped[int | None]
    n4: Mapped[int | None]
    n5: Mapped[int | None]
    n_absent: Mapped[int]
    n_ungraded: Mapped[int]
    n_below_minimum: Mapped[int | None]
    mean_primary_score: Mapped[float | None]
    max_primary_score: Mapped[float | None]
    mean_test_score: Mapped[float | None]
    n_lower: Mapped[int | None]
    n_equal: Mapped[int | None]
    n_higher: Mapped[int | None]
    n_gap_2: Mapped[int | None]
    observed: Mapped[bool | None]
    score_counts: Mapped[dict[str, Any] | None]
    percentages: Mapped[dict[str, Any] | None]
    counts_rebuilt: Mapped[bool]
    synthetic: Mapped[bool]
    import_id: Mapped[int | None]
    import_sheet: Mapped[str | None]
    import_row: Mapped[int | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
