"""Answers to the public."""

from pydantic import BaseModel, ConfigDict, Field


class PublicMunicipalityOut(BaseModel):
    """A municipality whose results can be asked for."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    code: str
    name: str
    synthetic: bool = Field(description="Its results are generated")


class PublicMunicipalityListOut(BaseModel):
    """All municipalities."""

    items: list[PublicMunicipalityOut]


class PublicFiguresOut(BaseModel):
    """Figures of a school, or of all schools; null is withheld."""

    model_config = ConfigDict(from_attributes=True)

    participants: int | None
    success_rate: float | None = Field(description="Per cent of marks 3, 4 and 5")
    quality_rate: float | None = Field(description="Per cent of marks 4 and 5")


class PublicSchoolOut(PublicFiguresOut):
    """A school's figures; schools come in the order of entry, not of merit."""

    school_id: int
    school_name: str


class PublicSittingOut(BaseModel):
    """One procedure, subject and grade of the year."""

    procedure: str
    subject: str
    programme_grade: int
    municipality: PublicFiguresOut
    schools: list[PublicSchoolOut]


class PublicResultsOut(BaseModel):
    """Results of a municipality's schools in a year."""

    municipality_id: int
    academic_year: int = Field(description="2019 is 2019/2020")
    synthetic: bool
    minimum: int = Field(description="Counts below it are withheld")
    items: list[PublicSittingOut]
