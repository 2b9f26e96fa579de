"""When and by whom a result was written: what a row's key says, checked once each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shared.domain.errors import Fault, InvalidInputError
from shared.domain.periods import AcademicYear
from shared.domain.result_rules import Procedure, ResultDraft, validate_result
from shared.domain.sittings import Season, vpr_sitting

FIRST_WAVE = 1

# In which parts of a row's key a fault of the domain may have come about.
FIELD_ROLES: Mapping[str, tuple[str, ...]] = {
    "academic_year": ("year", "academic_year"),
    "grade": ("grade", "programme_grade"),
    "programme_grade": ("grade", "programme_grade"),
    "pupil_grade": ("grade", "pupil_grade"),
    "written_on": ("written_on", "year"),
    "procedure": ("procedure",),
}


@dataclass(frozen=True, slots=True)
class Sitting:
    """The columns of a result's key besides school and subject; a number for them."""

    number: int
    is_marked: bool
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sittings:
    """The sittings of one file: of `procedure` where a row names no other one."""

    procedures: Mapping[str, Procedure]
    procedure: str
    season: Season | None
    today: date
    _met: dict[tuple[Any, ...], Sitting | list[Fault]] = field(default_factory=dict)

    def of(self, key: Mapping[str, Any]) -> Sitting | list[Fault]:
        """Return the sitting that a row's key means, or what is wrong with it."""
        met = tuple(key.items())
        known = self._met.get(met)
        if known is None:
            known = self._met[met] = self._checked(key, len(self._met))
        return known

    def _checked(self, key: Mapping[str, Any], number: int) -> Sitting | list[Fault]:
        try:
            draft = self._draft(key)
        except InvalidInputError as error:
            return [*error.faults] or [Fault(reason=error.detail, column="grade")]
        faults = validate_result(
            draft,
            procedures=self.procedures,
            subjects=frozenset({draft.subject}),
            today=self.today,
        )
        if faults:
            return faults
        day = draft.written_on
        columns = {
            "procedure": draft.procedure,
            "academic_year": int(draft.academic_year),
            "programme_grade": draft.programme_grade,
            "pupil_grade": draft.pupil_grade,
            "wave": key.get("wave", FIRST_WAVE),
            "written_on": None if day is None else day.isoformat(),
        }
        return Sitting(number, self.procedures[draft.procedure].marked, columns)

    def _draft(self, key: Mapping[str, Any]) -> ResultDraft:
        """Return a draft with the row's key, and figures that are in order."""
        if "year" in key:
            season = self.season
            met = vpr_sitting(key["year"], key["grade"], season)
            year, programme, pupil = (
                met.academic_year,
                met.programme_grade,
                met.pupil_grade,
            )
        else:
            year = AcademicYear(key["academic_year"])
            programme, pupil = key["programme_grade"], key["pupil_grade"]
        return ResultDraft(
            procedure=key.get("procedure", self.procedure),
            subject="",
            academic_year=year,
            programme_grade=programme,
            pupil_grade=pupil,
            written_on=key.get("written_on"),
            n=0,
            n2=0,
            n3=0,
            n4=0,
            n5=0,
        )
