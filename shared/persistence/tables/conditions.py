"""Conditions of schools: staff, lists, signs, resources."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.domain.objectivity_markers import MARKERS
from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.schools import SchoolRow

STAFF_SHARES = (
    "no_category_percent",
    "first_category_percent",
    "highest_category_percent",
    "experience_under_10_percent",
    "experience_10_to_20_percent",
    "experience_over_20_percent",
    "age_under_30_percent",
    "age_under_35_percent",
    "age_35_to_55_percent",
    "age_over_55_percent",
)


class StaffProfileRow(Base):
    """Staff of a school as of a date.

    Teachers, their categories, experience and age in %, part-timers, weekly load in
    hours, training.
    """

    __tablename__ = "staff_profiles"
    __table_args__ = (
        UniqueConstraint("school_id", "as_of"),
        *(
            CheckConstraint(f"{name} between 0 and 100", name=name)
            for name in STAFF_SHARES
        ),
        CheckConstraint("teachers >= 0", name="teachers"),
        CheckConstraint("teachers_without_training <= teachers", name="training"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int] = mapped_column(ForeignKey(SchoolRow.id))
    as_of: Mapped[date]
    teachers: Mapped[int | None]
    no_category_percent: Mapped[float | None]
    first_category_percent: Mapped[float | None]
    highest_category_percent: Mapped[float | None]
    experience_under_10_percent: Mapped[float | None]
    experience_10_to_20_percent: Mapped[float | None]
    experience_over_20_percent: Mapped[float | None]
    age_under_30_percent: Mapped[float | None]
    age_under_35_percent: Mapped[float | None]
    age_35_to_55_percent: Mapped[float | None]
    age_over_55_percent: Mapped[float | None]
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
    """A subject without a teacher in a year, with its hours a week."""

    __tablename__ = "vacancies"
    __table_args__ = (
        UniqueConstraint("school_id", "year", "subject"),
        CheckConstraint("hours > 0", name="hours"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int] = mapped_column(ForeignKey(SchoolRow.id))
    year: Mapped[int]
    subject: Mapped[str]
    hours: Mapped[float | None]
    provenance: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")


MARKER_SUM = " + ".join(f"coalesce({name}, 0)" for name in MARKERS)


class ObjectivitySignRow(Base):
    """Whether a school showed signs of non-objectivity in a year: never a proof.

    A marker is 0, 1 or blank (did not take part). The explanation is the school's own.
    """

    __tablename__ = "objectivity_signs"
    __table_args__ = (
        UniqueConstraint("school_id", "year"),
        *(CheckConstraint(f"{name} in (0, 1)", name=name) for name in MARKERS),
        CheckConstraint(f"marker_count = {MARKER_SUM}", name="marker_count"),
        CheckConstraint(f"has_sign or {MARKER_SUM} = 0", name="has_sign"),
        CheckConstraint(
            "(explanation is null) = (explained_at is null)", name="explanation"
        ),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int] = mapped_column(ForeignKey(SchoolRow.id))
    year: Mapped[int]
    has_sign: Mapped[bool]
    russian_4: Mapped[int | None] = mapped_column(SmallInteger)
    mathematics_4: Mapped[int | None] = mapped_column(SmallInteger)
    russian_5: Mapped[int | None] = mapped_column(SmallInteger)
    mathematics_5: Mapped[int | None] = mapped_column(SmallInteger)
    marker_count: Mapped[int | None] = mapped_column(SmallInteger)
    explanation: Mapped[str | None]
    explained_at: Mapped[datetime | None]
    provenance: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")


class ListMembershipRow(Base):
    """A school put on a list by an act; beside any computation of our own.

    `valid_to` is its last day there, by the act of exclusion.
    """

    __tablename__ = "list_memberships"
    __table_args__ = (
        UniqueConstraint("school_id", "list_kind", "year"),
        CheckConstraint(
            "list_kind in ('low_results', 'difficult_conditions')", name="list_kind"
        ),
        CheckConstraint(
            "num_nulls(valid_to, exclusion_body, exclusion_reason) in (0, 3)"
            " and (valid_to is not null"
            " or num_nonnulls(exclusion_number, exclusion_on) = 0)",
            name="exclusion",
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
    valid_to: Mapped[date | None]
    exclusion_body: Mapped[str | None]
    exclusion_number: Mapped[str | None]
    exclusion_on: Mapped[date | None]
    exclusion_reason: Mapped[str | None]
    provenance: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")


class ResourceItemRow(Base):
    """A resource that a school has or lacks, with the year it appears.

    Such as a teacher, a laboratory, a method or «Точка роста».
    """

    __tablename__ = "resource_items"
    __table_args__ = (
        UniqueConstraint(
            "school_id", "kind", "title", "year", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint(
            "kind in ('staff', 'financial', 'material', 'methodical', 'growth_point',"
            " 'digital_environment')",
            name="kind",
        ),
        CheckConstraint("state in ('available', 'lacking')", name="state"),
        CheckConstraint("not offered or state = 'available'", name="offered"),
        CheckConstraint("quantity >= 0", name="quantity"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int] = mapped_column(ForeignKey(SchoolRow.id))
    kind: Mapped[str]
    title: Mapped[str]
    year: Mapped[int | None]
    state: Mapped[str] = mapped_column(server_default="available")
    offered: Mapped[bool] = mapped_column(server_default="false")
    quantity: Mapped[float | None]
    unit: Mapped[str | None]
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
