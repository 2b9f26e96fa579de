"""Amendments of programmes: by which order what was changed, old and new."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import ProgrammeRow


class ProgrammeAmendmentRow(Base):
    """An order that changed a programme; `body` is who adopted it, no person."""

    __tablename__ = "programme_amendments"
    __table_args__ = (
        UniqueConstraint("programme_id", "order_number", "order_on"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    order_number: Mapped[str]
    order_on: Mapped[date]
    body: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime]


class ProgrammeAmendmentChangeRow(Base):
    """One thing that an amendment changed; `changes` has old and new by field.

    `subject` is the key of a measure, the code of an indicator, with a year where a
    target is meant, or empty for the programme's period.
    """

    __tablename__ = "programme_amendment_changes"
    __table_args__ = (
        UniqueConstraint("amendment_id", "position"),
        CheckConstraint(
            "kind in ('add_measure', 'replace_measure', 'withdraw_measure',"
            " 'change_target', 'change_indicator', 'change_period',"
            " 'add_indicator', 'withdraw_indicator')",
            name="kind",
        ),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    amendment_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeAmendmentRow.id))
    position: Mapped[int]
    kind: Mapped[str]
    subject: Mapped[str]
    title: Mapped[str]
    changes: Mapped[dict[str, Any]]
