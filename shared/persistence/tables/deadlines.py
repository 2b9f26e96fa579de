"""Deadlines of every kind: what schools and municipalities owe by a day."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from shared.domain.deadlines import DeadlineKind, DeadlineState
from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import MeasureRow
from shared.persistence.tables.schools import SchoolRow

# What a deadline is the same by, as the target of ON CONFLICT.
DEADLINE_KEY = ("kind", "coalesce(measure_id, source_id)", "school_id", "occurrence")


def _among(column: str, values: type[DeadlineKind] | type[DeadlineState]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} in ({listed})"


class DeadlineRow(Base):
    """Something owed by a day, by one school or by the municipality.

    A dated occurrence of a measure has `measure_id`; any other kind has the number of
    the record that asks for it in `source_id`, and a `title` of its own. `due_on` is
    `nominal_due_on` moved to the last working day before; `done_on` is when the result
    was handed in that closed it. The database raises
    `revision`, and sets `changed_at`, whenever due date, state or title change.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        CheckConstraint(_among("kind", DeadlineKind), name="kind"),
        CheckConstraint(_among("state", DeadlineState), name="state"),
        CheckConstraint(
            "(kind = 'measure') = (measure_id is not null)"
            " and (measure_id is null) = (source_id is not null)"
            " and (measure_id is null) = (title is not null)",
            name="subject",
        ),
        CheckConstraint("done_on is null or state = 'done'", name="done"),
        Index("ix_deadlines_municipality_id_due_on", "municipality_id", "due_on"),
        Index("ix_deadlines_measure_id", "measure_id"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    kind: Mapped[str]
    measure_id: Mapped[int | None] = mapped_column(ForeignKey(MeasureRow.id))
    source_id: Mapped[int | None]
    school_id: Mapped[int | None] = mapped_column(ForeignKey(SchoolRow.id))
    occurrence: Mapped[int]
    title: Mapped[str | None]
    starts_on: Mapped[date]
    nominal_due_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[str]
    done_on: Mapped[date | None]
    revision: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class MissedDeadlineRow(Base):
    """That a day ended with a deadline still owed: known once for each such day.

    Which day it is, is the municipality's own; writing the row tells of the event.
    """

    __tablename__ = "missed_deadlines"
    __table_args__ = ({"schema": API},)

    deadline_id: Mapped[int] = mapped_column(
        ForeignKey(DeadlineRow.id, ondelete="CASCADE"), primary_key=True
    )
    due_on: Mapped[date] = mapped_column(primary_key=True)
    municipality_id: Mapped[int]
    school_id: Mapped[int | None]
    noticed_at: Mapped[datetime]


Index(
    "uq_deadlines_subject",
    DeadlineRow.kind,
    func.coalesce(DeadlineRow.measure_id, DeadlineRow.source_id),
    DeadlineRow.school_id,
    DeadlineRow.occurrence,
    unique=True,
    postgresql_nulls_not_distinct=True,
)
