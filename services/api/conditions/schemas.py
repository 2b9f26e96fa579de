"""Bodies of what is known of schools' conditions; each row says where it is from."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.provenance import ProvenanceKind


class ConditionOut(BaseModel):
    """A row about one school."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    school_id: int
    provenance: ProvenanceKind


class SocialShareOut(ConditionOut):
    """One of the 17 shares of a social passport, in per cent of the pupils."""

    year: int
    indicator: int = Field(description="Number of the share, 1–17: 4 is low income")
    percent: float
    numerator: int | None = Field(description="Pupils, where they were counted")
    localities: int | None = Field(description="Settlements pupils are bussed from")


class StaffProfileOut(ConditionOut):
    """Part-timers, weekly load in hours, and teachers without training."""

    as_of: date
    external_part_timers: int | None
    external_part_timers_percent: float | None
    external_part_timers_subjects: list[str]
    load_mean_hours: float | None
    load_max_hours: float | None
    load_max_subjects: list[str]
    load_min_hours: float | None
    load_min_subjects: list[str]
    teachers_without_training: int | None


class VacancyOut(ConditionOut):
    """A subject without a teacher, of 18 hours a week or more."""

    year: int
    subject: str


class ObjectivitySignOut(ConditionOut):
    """Signs of non-objectivity in a year: a sign, never a proof."""

    year: int
    has_sign: bool


class ListMembershipOut(ConditionOut):
    """A school put on a list by an act."""

    list_kind: Literal["low_results", "difficult_conditions"]
    year: int
    act_body: str
    act_number: str | None
    act_on: date | None


class ResourceItemOut(ConditionOut):
    """A resource that a school has or is to get."""

    kind: str
    title: str
    year: int | None


class ConditionIndexRangeOut(BaseModel):
    """Lowest and highest published index of conditions (ИОУ), in [0, 1]."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    year: int
    area: Literal["municipality", "region"]
    lowest: float
    highest: float
    provenance: ProvenanceKind
