"""Schools' own control of their work (ВШК), and what it led to."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from shared.persistence.tables.base import Base
from shared.persistence.tables.records import SchoolRecord, of_school


class InternalControlRow(SchoolRecord, Base):
    """What a school looked into on a day, and when it corrected its plan after it.

    `plan_corrected_on` is null as long as the plan has not been corrected; `link`
    leads to the corrected plan.
    """

    __tablename__ = "internal_controls"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "held_on", "topic"),
        CheckConstraint("held_on <= plan_corrected_on", name="order"),
    )

    held_on: Mapped[date]
    topic: Mapped[str]
    plan_corrected_on: Mapped[date | None]
    link: Mapped[str | None]
