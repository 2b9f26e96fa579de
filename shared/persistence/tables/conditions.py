"""Conditions of schools: social shares, staff, lists, signs, resources."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.schools import SchoolRow


class SocialShareRow(Base):
    """One of the 17 shares of a school's social passport, for one year.

    `indicator` is the share's number (4 = income below subsistence, 2 = bussed daily,
    16 = disabilities or adapted programmes …). `numerator` is a head count,
    `localities` the number of settlements pupils are bussed from.
    """

    __tablename__ = "social_shares"
    __table_args__ = (
        UniqueConstraint("school_id", "year", "indicator"),
        CheckConstraint("indicator between 1 and 17", name="indicator"),
        CheckConstraint("percent between 0 and 100", name="percent"),
        CheckConstraint("numerator >= 0", name="numerator"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int] = mapped_column(ForeignKey(SchoolRow.id))
    year: Mapped[int]
    indicator: Mapped[int] = mapped_column(SmallInteger)
    percent: Mapped[float]
    numerator: Mapped[int | None]
    localities: Mapped[int | None]
    provenance: Mapped[str]


class StaffProfileRow(Base):
    """Staff of a school as of a date: part-timers, weekly load in hours, training."""

    __tablename__ = "staff_profiles"
    __table_args__ = (UniqueConstraint("school_id", "as_of"), {"schema": API})

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int] = mapped_column(ForeignKey(SchoolRow.id))
    as_of: Mapped[date]
    external_part_timers: Mapped[int | None]
    external_part_timers_percent: Mapped[float | None]
    external_part_timers_subjects: Mapped[list[str]]
    load_mean_hours: Mapped[float | None]
    load_max_hours: Mapped[float | None]
    load_max_subjects: Mapped[list[str]]
    load_min_hours: Mapped[float | None]
    load_min_subjects: Mapped[list[str]]
    teachers_without_training: Mapped[int | None]
    provenance: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")


class VacancyRow(Base):
    """A subject without a teacher (18 hours a week or more) in a year."""

    __tablename__ = "vacancies"
    __table_args__ = (UniqueConstraint("school_id", "year", "subject"), {"schema": API})

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int] = mapped_column(ForeignKey(SchoolRow.id))
    year: Mapped[int]
    subject: Mapped[str]
    provenance: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")


class ObjectivitySignRow(Base):
    """Whether a school showed signs of non-objectivity in a year: never a proof."""

    __tablename__ = "objectivity_signs"
    __table_args__ = (UniqueConstraint("school_id", "year"), {"schema": API})

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int] = mapped_column(ForeignKey(SchoolRow.id))
    year: Mapped[int]
    has_sign: Mapped[bool]
    provenance: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")


class ListMembershipRow(Base):
    """A school put on a list by an act; beside any computation of our own."""

    __tablename__ = "list_memberships"
    __table_args__ = (
        UniqueConstraint("school_id", "list_kind", "year"),
        CheckConstraint(
            "list_kind in ('low_results', 'difficult_conditions')", name="list_kind"
        ),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int] = mapped_column(ForeignKey(SchoolRow.id))
    list_kind: Mapped[str]
    year: Mapped[int]
    act_body: Mapped[str]
    act_number: Mapped[str | None]
    act_on: Mapped[date | None]
    provenance: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")


class ResourceItemRow(Base):
    """A resource of a school, such as «Точка роста», with the year it appears."""

    __tablename__ = "resource_items"
    __table_args__ = (
        UniqueConstraint(
            "school_id", "kind", "year", postgresql_nulls_not_distinct=True
        ),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int] = mapped_column(ForeignKey(SchoolRow.id))
    kind: Mapped[str]
    title: Mapped[str]
    year: Mapped[int | None]
    provenance: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")


class ConditionIndexRangeRow(Base):
    """Published lowest and highest ИОУ of a year, in the district or the region."""

    __tablename__ = "condition_index_ranges"
    __table_args__ = (
        UniqueConstraint("municipality_id", "year", "area"),
        CheckConstraint("area in ('municipality', 'region')", name="area"),
        CheckConstraint("0 <= lowest and lowest <= highest and highest <= 1", "order"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    year: Mapped[int]
    area: Mapped[str]
    lowest: Mapped[float]
    highest: Mapped[float]
    provenance: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
