"""Schools with branches, other spellings of their names, and identifiers."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow


class SchoolRow(Base):
    """A school or a branch; `mentor_capacity` bounds its open agreements.

    It exists from `opened_on`, null where nobody knows, until the day before
    `closed_on`, null where it still does; on no day if the two are the same.
    """

    __tablename__ = "schools"
    __table_args__ = (
        UniqueConstraint("municipality_id", "code"),
        UniqueConstraint("municipality_id", "id"),
        CheckConstraint(
            "kind in ('secondary', 'basic', 'primary', 'branch')", name="kind"
        ),
        CheckConstraint("locality in ('town', 'village')", name="locality"),
        CheckConstraint("mentor_capacity >= 0", name="capacity"),
        CheckConstraint("opened_on <= closed_on", name="life"),
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
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    synthetic: Mapped[bool]
    provenance: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")


class SchoolAliasRow(Base):
    """Another spelling of a school's name, as documents and files have it."""

    __tablename__ = "school_aliases"
    __table_args__ = (UniqueConstraint("school_id", "alias"), {"schema": API})

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int] = mapped_column(ForeignKey(SchoolRow.id))
    alias: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")


class SchoolIdentifierRow(Base):
    """A code by which another system knows the school, for a time.

    On no day do two schools have the same code of a kind.
    """

    __tablename__ = "school_identifiers"
    __table_args__ = (
        CheckConstraint(
            "kind in ('fis_oko_login', 'gia_code', 'inn', 'ogrn', 'internal')",
            name="kind",
        ),
        CheckConstraint("valid_from <= valid_to", name="order"),
        ExcludeConstraint(
            ("kind", "="),
            ("value", "="),
            (text("daterange(valid_from, valid_to, '[]')"), "&&"),
            name="ex_school_identifiers_one_school",
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
    version: Mapped[int] = mapped_column(server_default="1")
