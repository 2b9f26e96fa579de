"""Social passports of schools: one row with all 17 shares for each year."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from shared.domain.social_passports import SHARES
from shared.persistence.tables.base import Base
from shared.persistence.tables.records import SchoolRecord, of_school


class SocialPassportRow(SchoolRecord, Base):
    """A school's social passport in an academic year.

    Each share is in % of its pupils and, where known, a count of them.
    `bussed_localities` is the number of settlements that pupils are bussed from.
    """

    __tablename__ = "social_passports"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "academic_year"),
        *(
            CheckConstraint(f"{share.percent} between 0 and 100", name=share.percent)
            for share in SHARES
        ),
        *(CheckConstraint(f"{share.count} >= 0", name=share.count) for share in SHARES),
        CheckConstraint("bussed_localities >= 0", name="bussed_localities"),
        CheckConstraint(
            "both_parents_higher_education_percent"
            " + one_parent_higher_education_percent < 100.06",
            name="higher_education",
        ),
        CheckConstraint(
            "one_parent_unemployed_percent + both_parents_unemployed_percent < 100.06",
            name="unemployed",
        ),
        CheckConstraint(
            "good_housing_percent + poor_housing_percent between 98.94 and 101.06",
            name="housing",
        ),
    )

    academic_year: Mapped[int]
    both_parents_higher_education_percent: Mapped[float | None]
    both_parents_higher_education_count: Mapped[int | None]
    bussed_percent: Mapped[float | None]
    bussed_count: Mapped[int | None]
    school_register_percent: Mapped[float | None]
    school_register_count: Mapped[int | None]
    low_income_percent: Mapped[float | None]
    low_income_count: Mapped[int | None]
    other_native_language_percent: Mapped[float | None]
    other_native_language_count: Mapped[int | None]
    dangerous_situation_percent: Mapped[float | None]
    dangerous_situation_count: Mapped[int | None]
    large_families_percent: Mapped[float | None]
    large_families_count: Mapped[int | None]
    incomplete_families_percent: Mapped[float | None]
    incomplete_families_count: Mapped[int | None]
    one_parent_unemployed_percent: Mapped[float | None]
    one_parent_unemployed_count: Mapped[int | None]
    both_parents_unemployed_percent: Mapped[float | None]
    both_parents_unemployed_count: Mapped[int | None]
    disabled_parent_percent: Mapped[float | None]
    disabled_parent_count: Mapped[int | None]
    one_parent_higher_education_percent: Mapped[float | None]
    one_parent_higher_education_count: Mapped[int | None]
    commission_register_percent: Mapped[float | None]
    commission_register_count: Mapped[int | None]
    good_housing_percent: Mapped[float | None]
    good_housing_count: Mapped[int | None]
    poor_housing_percent: Mapped[float | None]
    poor_housing_count: Mapped[int | None]
    special_needs_percent: Mapped[float | None]
    special_needs_count: Mapped[int | None]
    foster_families_percent: Mapped[float | None]
    foster_families_count: Mapped[int | None]
    bussed_localities: Mapped[int | None]
