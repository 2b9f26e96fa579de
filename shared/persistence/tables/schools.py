"""Schools with branches, other spellings of their names, and identifiers."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow


class SchoolRow(Base):
    """A school or a branch; `mentor_capacity` bounds its open agreements."""

    __tablename__ = "schools"
    __table_args__ = (
        UniqueConstraint("municipality_id", "code"),
        UniqueConstraint("municipality_id", "id"),
        CheckConstraint(
            "kind in ('secondary', 'basic', 'primary', 'branch')", name="kind"
        ),
        CheckConstraint("locality in ('town', 'village')", name="locality"),
        CheckConstraint("mentor_capacity >= 0", name="capacity"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("api.schools.id"))
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    locality: Mapped[str | None]
    mentor_capacity: Mapped[int]
    synthetic: Mapped[bool]
    provenance: Mapped[str]


class SchoolAliasRow(Base):
    """Another spelling of a school's name, as documents and files have it."""

    __tablename__ = "school_aliases"
    __table_args__ = (UniqueConstraint("school_id", "alias"), {"schema": API})

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int] = mapped_column(ForeignKey(SchoolRow.id))
    alias: Mapped[str]


class SchoolIdentifierRow(Base):
    """A code by which another system knows the school, for a time."""

    __tablename__ = "school_identifiers"
    __table_args__ = (
        CheckConstraint(
            "kind in ('fis_oko_login', 'gia_code', 'inn', 'ogrn', 'internal')",
            name="kind",
        ),
        Index(
            "uq_school_identifiers_current",
            "kind",
            "value",
            unique=True,
            postgresql_where=text("valid_to is null"),
        ),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int] = mapped_column(ForeignKey(SchoolRow.id))
    kind: Mapped[str]
    value: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
