"""Bodies of teachers."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.api.http.dates import Day
from services.api.http.ids import RowNumber
from services.api.http.reasons import LONGEST, PATTERN, SHORTEST
from services.api.teachers.records import StoredTeacher
from shared.domain.teacher_consent import Consent, ConsentForm

LONGEST_TEXT = 200
MOST_SUBJECTS = 20
CODE_PATTERN = r"^[a-z][a-z_]*$"

ShortText = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT, pattern=PATTERN
    ),
]
SubjectCode = Annotated[str, StringConstraints(pattern=CODE_PATTERN, max_length=64)]
Purpose = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=SHORTEST,
        max_length=LONGEST,
        pattern=PATTERN,
    ),
]


class ConsentIn(BaseModel):
    """When and how the teacher agreed to have the name kept."""

    model_config = ConfigDict(extra="forbid")

    given_on: Day
    form: ConsentForm

    def consent(self) -> Consent:
        """Return it as the rules know it."""
        return Consent(given_on=self.given_on, form=self.form)


class TeacherPut(BaseModel):
    """What takes the place of what was kept of a teacher before.

    Without consent there is no name; a consent that is left out is no longer kept.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "position": "Учитель математики",
                "subjects": ["mathematics"],
            }
        },
    )

    name: ShortText | None = None
    position: ShortText
    subjects: list[SubjectCode] = Field(default=[], max_length=MOST_SUBJECTS)
    consent: ConsentIn | None = None

    def values(self) -> dict[str, Any]:
        """Return the columns that this fills in."""
        given = self.consent
        return {
            "name": self.name and " ".join(self.name.split()),
            "position": self.position,
            "subjects": sorted(set(self.subjects)),
            "consent_given_on": given and given.given_on,
            "consent_form": given and given.form,
            "consent_withdrawn_on": None,
        }


class TeacherIn(TeacherPut):
    """A teacher of a school."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "school_id": 1,
                "position": "Учитель математики",
                "subjects": ["mathematics"],
            }
        },
    )

    school_id: RowNumber


class WithdrawalIn(BaseModel):
    """The day on which a teacher withdrew the consent."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"withdrawn_on": "2020-09-16"}}
    )

    withdrawn_on: Day


class ErasureIn(BaseModel):
    """Why a person is erased; a reason never names the person."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"reason": "Заявление учителя"}}
    )

    reason: Purpose


class ConsentOut(BaseModel):
    """A consent; from `withdrawn_on` on no name is kept."""

    given_on: date
    form: ConsentForm
    withdrawn_on: date | None

    @classmethod
    def of(cls, teacher: StoredTeacher) -> "ConsentOut | None":
        """Describe a teacher's consent, if there is any."""
        given = teacher.consent
        if given is None:
            return None
        return cls(
            given_on=given.given_on, form=given.form, withdrawn_on=given.withdrawn_on
        )


class TeacherWrittenOut(BaseModel):
    """A teacher that was written; answers to writes do not repeat the name."""

    id: int
    municipality_id: int
    school_id: int
    has_name: bool
    position: str
    subjects: list[str]
    consent: ConsentOut | None
    erased_on: date | None
    version: int
    created_at: datetime
    updated_at: datetime
    synthetic: bool

    @classmethod
    def of(cls, teacher: StoredTeacher, **more: Any) -> Self:
        """Describe a teacher."""
        return cls(
            id=teacher.id,
            municipality_id=teacher.municipality_id,
            school_id=teacher.school_id,
            has_name=teacher.name is not None,
            position=teacher.position,
            subjects=teacher.subjects,
            consent=ConsentOut.of(teacher),
            erased_on=teacher.erased_on,
            version=teacher.version,
            created_at=teacher.created_at,
            updated_at=teacher.updated_at,
            synthetic=teacher.synthetic,
            **more,
        )


class TeacherOut(TeacherWrittenOut):
    """A teacher; the name only for whoever has the permission `teachers:read`."""

    name: str | None

    @classmethod
    def shown(cls, teacher: StoredTeacher, *, with_name: bool) -> Self:
        """Describe a teacher, with the name or without it."""
        return cls.of(teacher, name=teacher.name if with_name else None)


class TeacherEntryOut(BaseModel):
    """What was done with what is kept of a person: by whom, when and why."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    action: str
    changes: dict[str, Any]
    reason: str | None
    actor_id: int | None
    actor_role: str | None


class TeacherExportOut(BaseModel):
    """All that the system holds on one person."""

    exported_at: datetime
    purpose: str
    teacher: TeacherOut
    school_name: str
    entries: list[TeacherEntryOut] = Field(description="Of this person, oldest first")
