"""Bodies of confirmations of contacts."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.dates import Day


class ConfirmationOut(BaseModel):
    """Whether a school has confirmed its contacts for an academic year."""

    model_config = ConfigDict(from_attributes=True)

    municipality_id: int
    school_id: int
    school_name: str
    academic_year: int = Field(description="2020 is the year 2020/2021")
    contacts: int = Field(description="How many contacts the school has")
    confirmed_on: date | None = Field(description="Null until it has")
    confirmed_by: int | None = Field(description="The account")
    confirmed_at: datetime | None


class ConfirmationDateIn(BaseModel):
    """By when schools confirm their contacts; null takes the day back."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"due_on": "2020-10-01"}}
    )

    due_on: Day | None


class ConfirmationDateOut(BaseModel):
    """The day that was set, and the last working day on or before it."""

    municipality_id: int
    academic_year: int
    nominal_due_on: date | None
    due_on: date | None = Field(description="A working day")
