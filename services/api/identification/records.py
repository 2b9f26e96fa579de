"""What is read of schools with low results."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.persistence.tables.identification import IdentificationDecisionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list is narrowed to; None is whatever."""

    rule_code: str | None = None
    status: str | None = None
    school_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry:
    """The received list that a school stood on in a year, and by which act."""

    act_body: str
    act_number: str | None
    act_on: date | None
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a rule says of a school, with what others say of it."""

    id: int
    run_id: int
    municipality_id: int
    academic_year: int
    school_id: int
    school_name: str
    rule_code: str
    rule_version: int
    status: str
    reason: str | None
    status_before: str
    low_in_year: str
    low_units: int
    assessed_units: int
    units: int
    low_years: int
    unknown_years: int
    listed_before: bool
    clear_years: int
    direction: str | None
    pupils: int | None
    changes: dict[str, Any] | None
    list_year: int
    received: ListEntry | None
    decision: IdentificationDecisionRow | None

    @property
    def standing_status(self) -> str:
        """The decided status, where there is one."""
        return self.decision.status if self.decision else self.status

    @property
    def differs_from_received(self) -> bool | None:
        """Whether the rule and the received list say different things of the school.

        None where the rule cannot say anything.
        """
        if self.status == "not_assessable":
            return None
        return (self.status == "on_list") != (self.received is not None)

    @property
    def nearest_change(self) -> dict[str, Any] | None:
        """The direction, how many pupils, and in which units."""
        if self.changes is None:
            return None
        return {
            "direction": self.direction,
            "pupils": self.pupils,
            "units": self.changes["units"],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Short names of procedures and names of subjects, by language and code."""

    procedures: dict[str, dict[str, str]]
    subjects: dict[str, dict[str, str]]
