"""Bodies of results and of the lists that they refer to."""

from datetime import date, datetime
from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StrictBool,
    StringConstraints,
)

from services.api.http.dates import Day
from services.api.http.ids import RowNumber
from services.api.http.numbers import Real, Whole
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.domain.sittings import FIRST_GRADE, LAST_GRADE

LARGEST_WAVE = 99
CODE_PATTERN = r"^[a-z][a-z_]*$"

Year = Annotated[
    int,
    Field(ge=FIRST_YEAR, le=LAST_YEAR, description="2019 is the year 2019/2020"),
]
WrittenYear = Annotated[Year, Strict()]
Grade = Annotated[int, Field(ge=FIRST_GRADE, le=LAST_GRADE)]
Score = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,3})$")]
ScoreCounts = Annotated[
    dict[Score, Whole], Field(json_schema_extra={"example": {"11": 4, "12": 6}})
]


class FiguresIn(BaseModel):
    """What is known of the pupils: in marks, in scores, against the journal.

    The four marks are given together or not at all; `n`, if given, must be their sum.
    """

    model_config = ConfigDict(extra="forbid")

    n2: Whole | None = None
    n3: Whole | None = None
    n4: Whole | None = None
    n5: Whole | None = None
    n: Whole | None = Field(
        None,
        description="Pupils with a mark (n2 + n3 + n4 + n5) or, without marks, a score",
    )
    n_absent: Whole = 0
    n_ungraded: Whole = Field(0, description="Took part but have no mark")
    n_below_minimum: Whole | None = Field(None, description="ЕГЭ: below the minimum")
    mean_primary_score: Real | None = None
    max_primary_score: Real | None = None
    mean_test_score: Real | None = Field(None, description="Out of 100")
    n_lower: Whole | None = Field(None, description="Mark below the journal's")
    n_equal: Whole | None = Field(None, description="Mark as in the journal")
    n_higher: Whole | None = Field(None, description="Mark above the journal's")
    n_gap_2: Whole | None = Field(
        None, description="Of lower and higher: two marks away from it, or more"
    )
    observed: StrictBool | None = Field(None, description="Held under observation")
    score_counts: ScoreCounts | None = Field(
        None, description="How many pupils reached each primary score"
    )

    @property
    def counted(self) -> int | None:
        """`n` as stated, else what the marks make it; None if neither is given."""
        marks = [m for m in (self.n2, self.n3, self.n4, self.n5) if m is not None]
        return sum(marks) if self.n is None and marks else self.n


class ResultIn(FiguresIn):
    """A result of one school in one assessment."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "school_id": 1,
                "procedure": "vpr",
                "subject": "mathematics",
                "programme_grade": 5,
                "pupil_grade": 6,
                "academic_year": 2020,
                "n2": 3,
                "n3": 7,
                "n4": 10,
                "n5": 5,
            }
        },
    )

    school_id: RowNumber
    procedure: str
    subject: str
    programme_grade: Whole = Field(description="Whose programme was tested")
    pupil_grade: Whole = Field(description="Which the pupils were in")
    academic_year: WrittenYear
    written_on: Day | None = None
    wave: Annotated[Whole, Field(ge=1, le=LARGEST_WAVE)] = 1


class ResultPut(FiguresIn):
    """The figures that take the place of those before."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"n2": 2, "n3": 8, "n4": 10, "n5": 5}},
    )


class ResultOut(BaseModel):
    """A result; `synthetic` says that it was generated, as all of its municipality.

    `counts_rebuilt` says that counts were rebuilt from `percentages`, a file's figures
    for the marks (``2`` … ``5``), primary scores (``score_12``) or the comparison with
    the journal (``journal_lower``); `import_id`, sheet and row say where they stand.
    """

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    school_id: int
    procedure: str
    subject: str
    programme_grade: int
    pupil_grade: int
    academic_year: int
    written_on: date | None
    wave: int
    n: int
    n2: int | None
    n3: int | None
    n4: int | None
    n5: int | None
    n_absent: int
    n_ungraded: int
    n_below_minimum: int | None
    mean_primary_score: float | None
    max_primary_score: float | None
    mean_test_score: float | None
    n_lower: int | None
    n_equal: int | None
    n_higher: int | None
    n_gap_2: int | None
    observed: bool | None
    score_counts: dict[str, int] | None
    counts_rebuilt: bool
    percentages: dict[str, float] | None
    import_id: int | None
    import_sheet: str | None
    import_row: int | None
    synthetic: bool
    version: int
    created_at: datetime
    updated_at: datetime


class SubjectOut(BaseModel):
    """A school subject; files may also name it by an alias."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name_ru: str
    name_en: str
    aliases: list[str]


class SubjectListOut(BaseModel):
    """All subjects, by code."""

    items: list[SubjectOut]


class ProcedureOut(BaseModel):
    """An assessment procedure, with the grades of the pupils who may take part.

    One that is not `marked` gives test scores instead of the marks 2–5.
    """

    model_config = ConfigDict(from_attributes=True)

    code: str
    name_ru: str
    name_en: str
    grades: list[int]
    marked: bool


class ProcedureListOut(BaseModel):
    """All procedures, by code."""

    items: list[ProcedureOut]


class ResultVersionOut(BaseModel):
    """A result as it was known from a moment until another.

    Who made it so, why and by which file is null where the programme's data were
    loaded; `actor_role` is what the account's is now, and null for an unseen one.
    """

    model_config = ConfigDict(from_attributes=True)

    version: int
    known_from: datetime
    known_until: datetime | None = Field(description="Excluded; null for the present")
    action: str | None
    reason: str | None
    import_id: int | None
    actor_id: int | None
    actor_role: str | None
    procedure: str
    subject: str
    programme_grade: int
    pupil_grade: int
    academic_year: int
    written_on: date | None
    wave: int
    n: int
    n2: int | None
    n3: int | None
    n4: int | None
    n5: int | None
    n_absent: int
    n_ungraded: int
    n_below_minimum: int | None
    mean_primary_score: float | None
    max_primary_score: float | None
    mean_test_score: float | None
    n_lower: int | None
    n_equal: int | None
    n_higher: int | None
    n_gap_2: int | None
    observed: bool | None
    score_counts: dict[str, int] | None


class KnownResultOut(ResultVersionOut):
    """A result of a school as it was known at a moment, removed since or not."""

    result_id: int


class ResultHistoryOut(BaseModel):
    """What was known of a result, oldest first; a removed one was known until then."""

    result_id: int
    municipality_id: int
    school_id: int
    synthetic: bool
    items: list[ResultVersionOut]
