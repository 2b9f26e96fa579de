"""Regions, municipalities (the tenants), their calendars and list of users."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id


class RegionRow(Base):
    """A subject of the federation."""

    __tablename__ = "regions"
    __table_args__ = {"schema": API}

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class MunicipalityRow(Base):
    """A tenant. `synthetic` says that its results are generated, never real.

    `runs_kept` is how many runs of the scoring service are kept of each topic and year
    beside the current one. Sums of its results are shown to anybody once it has decided
    to be `is_public`.
    """

    __tablename__ = "municipalities"
    __table_args__ = (
        UniqueConstraint("id", "synthetic"),
        CheckConstraint("runs_kept between 1 and 1000", name="runs_kept"),
        {"schema": API},
    )

    id: Mapped[Id]
    region_id: Mapped[int] = mapped_column(ForeignKey(RegionRow.id))
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    time_zone: Mapped[str]
    synthetic: Mapped[bool]
    provenance: Mapped[str]
    area_km2: Mapped[float | None]
    population: Mapped[int | None]
    remarks: Mapped[list[str]]
    runs_kept: Mapped[int] = mapped_column(server_default="20")
    is_public: Mapped[bool] = mapped_column(server_default="false")


class MunicipalityFigureRow(Base):
    """A number that a document states of the municipality as a whole."""

    __tablename__ = "municipality_figures"
    __table_args__ = (UniqueConstraint("municipality_id", "code"), {"schema": API})

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    code: Mapped[str]
    title: Mapped[str]
    value: Mapped[float]
    unit: Mapped[str]
    year: Mapped[int | None]
    provenance: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")


class CalendarPeriodRow(Base):
    """A quarter or a half-year of a municipality's school calendar."""

    __tablename__ = "calendar_periods"
    __table_args__ = (
        UniqueConstraint("municipality_id", "academic_year", "kind", "number"),
        CheckConstraint("kind in ('quarter', 'half_year')", name="kind"),
        CheckConstraint("starts_on <= ends_on", name="order"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    academic_year: Mapped[int]
    kind: Mapped[str]
    number: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    provenance: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")


class SandboxClockRow(Base):
    """At most one row: how far the sandbox's time is from the real time."""

    __tablename__ = "sandbox_clock"
    __table_args__ = (CheckConstraint("id = 1", name="single"), {"schema": API})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    offset_seconds: Mapped[float]
    moved_at: Mapped[datetime]
