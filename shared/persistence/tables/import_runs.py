"""New lines of an uploaded file, many in a row, as lists by columns."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id

_NUMBERS = ARRAY(BigInteger)
_SMALL_NUMBERS = ARRAY(SmallInteger)


class ImportRunRow(Base):
    """Lines that stand below each other in a file and make new results of marks.

    They are of one procedure and wave, by no day. `line_ids` are numbers of
    `import_lines` that no row has there, the last of them `last_line`; `target_ids`
    those that the results will have.
    """

    __tablename__ = "import_runs"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "import_id"],
            ["api.imports.municipality_id", "api.imports.id"],
            name="fk_import_runs_import",
        ),
        Index("ix_import_runs_import_id_last_line", "import_id", "last_line"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int]
    import_id: Mapped[int]
    sheet: Mapped[str]
    procedure: Mapped[str]
    wave: Mapped[int] = mapped_column(SmallInteger)
    line_count: Mapped[int]
    last_line: Mapped[int]
    line_ids: Mapped[list[int]] = mapped_column(_NUMBERS)
    rows: Mapped[list[int]] = mapped_column(_NUMBERS)
    target_ids: Mapped[list[int]] = mapped_column(_NUMBERS)
    school_ids: Mapped[list[int]] = mapped_column(_NUMBERS)
    subjects: Mapped[list[str]] = mapped_column(ARRAY(Text))
    academic_years: Mapped[list[int]] = mapped_column(_SMALL_NUMBERS)
    programme_grades: Mapped[list[int]] = mapped_column(_SMALL_NUMBERS)
    pupil_grades: Mapped[list[int]] = mapped_column(_SMALL_NUMBERS)
    n: Mapped[list[int]] = mapped_column(_NUMBERS)
    n2: Mapped[list[int]] = mapped_column(_NUMBERS)
    n3: Mapped[list[int]] = mapped_column(_NUMBERS)
    n4: Mapped[list[int]] = mapped_column(_NUMBERS)
    n5: Mapped[list[int]] = mapped_column(_NUMBERS)
    percentages: Mapped[list[dict[str, Any]]] = mapped_column(ARRAY(JSONB))
