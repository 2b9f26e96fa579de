"""What the repository reads and writes of teachers, as plain values."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.domain.teacher_consent import Consent, ConsentForm


@dataclass(frozen=True, slots=True, kw_only=True)
class TeacherFilter:
    """What a list is narrowed to; None does not narrow."""

    municipality_id: int | None = None
    school_id: int | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTeacher:
    """A teacher as it is kept."""

    id: int
    municipality_id: int
    school_id: int
    name: str | None
    position: str
    subjects: list[str]
    consent_given_on: date | None
    consent_form: str | None
    consent_withdrawn_on: date | None
    erased_on: date | None
    version: int
    created_at: datetime
    updated_at: datetime
    synthetic: bool

    @property
    def consent(self) -> Consent | None:
        """When and how consent was given, if it was."""
        if self.consent_given_on is None or self.consent_form is None:
            return None
        return Consent(
            given_on=self.consent_given_on,
            form=ConsentForm(self.consent_form),
            withdrawn_on=self.consent_withdrawn_on,
        )

    def traceable(self) -> dict[str, Any]:
        """Return what the audit may keep: that there is a name, never the name."""
        return {
            "name": None if self.name is None else "given",
            "position": self.position,
            "subjects": self.subjects,
            "consent_given_on": self.consent_given_on,
            "consent_form": self.consent_form,
            "consent_withdrawn_on": self.consent_withdrawn_on,
            "erased_on": self.erased_on,
        }
