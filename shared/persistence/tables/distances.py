"""How far it is from school to school."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from shared.persistence.tables.base import Base
from shared.persistence.tables.records import SchoolRecord, of_school
from shared.persistence.tables.schools import SchoolRow


class SchoolDistanceRow(SchoolRecord, Base):
    """The way between two schools of a municipality, the same in both directions.

    `minutes` are by road; `same_bus_network` says that one bus serves both.
    """

    __tablename__ = "school_distances"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "other_school_id"),
        CheckConstraint("school_id <> other_school_id", name="two_schools"),
        CheckConstraint("km between 0 and 10000", name="km"),
        CheckConstraint("minutes between 0 and 100000", name="minutes"),
        ForeignKeyConstraint(
            ["municipality_id", "other_school_id"],
            [SchoolRow.municipality_id, SchoolRow.id],
            name="fk_school_distances_other",
        ),
    )

    other_school_id: Mapped[int]
    km: Mapped[float | None]
    minutes: Mapped[float | None]
    same_bus_network: Mapped[bool]
