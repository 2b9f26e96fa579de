"""Bodies of a school's timeline."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.errors import Text


class Kind(StrEnum):
    """What an item of a timeline tells of."""

    RESULT_ENTERED = "result_entered"
    RESULT_CORRECTED = "result_corrected"
    RESULTS_IMPORTED = "results_imported"
    YEAR = "year"
    RECORD_CHANGED = "record_changed"
    AGREEMENT = "agreement"
    REMINDER_SENT = "reminder_sent"
    DEADLINE = "deadline"


class TitleOut(BaseModel):
    """A title in both languages."""

    model_config = ConfigDict(from_attributes=True)

    ru: str
    en: str


class ReferenceOut(BaseModel):
    """The thing itself: which kind, and its number."""

    entity: str
    id: int


class TimelineItemOut(BaseModel):
    """Something that happened, or is due, in a school's year."""

    kind: Kind
    at: datetime = Field(description="A deadline's is the start of its last day")
    title: TitleOut
    reference: ReferenceOut

    @classmethod
    def of(
        cls, kind: Kind, at: datetime, title: Text, entity: str, number: int
    ) -> "TimelineItemOut":
        """Return an item."""
        return cls(
            kind=kind,
            at=at,
            title=TitleOut.model_validate(title),
            reference=ReferenceOut(entity=entity, id=number),
        )


class TimelineOut(BaseModel):
    """Everything about a school's year, in order of time."""

    school_id: int
    academic_year: int = Field(description="2020 is 1 September 2020 – 31 August 2021")
    synthetic: bool
    items: list[TimelineItemOut]
