"""Suggested mentors as they are read, and what of them a school is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

_OF_MENTOR = ("mentor_figure", "mentor_n")
_OF_MENTEE = ("figure", "n", "severity", "gap", "is_weak", "has_deficit", "asked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A pair that is suggested, or an alternative; `details` are its figures."""

    id: int
    mentee_id: int
    mentor_id: int
    rank: int
    is_chosen: bool
    kind: str
    code: str
    benefit: float
    cost: float
    details: Mapping[str, Any]

    def seen_by(self, school_id: int | None) -> "Suggestion":
        """Return it as a school is shown it: without the figures of the other.

        What the two show each other is for their agreement to say. None is nobody's
        school: all is shown.
        """
        if school_id is None:
            return self
        is_mentee = school_id == self.mentee_id
        other = "mentor" if is_mentee else "mentee"
        hidden = {f"{other}_conditions": None} | ({} if is_mentee else {"listed": None})
        blank = dict.fromkeys(_OF_MENTOR if is_mentee else _OF_MENTEE)
        covered = [{**need, **blank} for need in self.details["covered"]]
        return replace(self, details={**self.details, **hidden, "covered": covered})


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How the search for a school's mentor went."""

    school_id: int
    school_name: str
    outcome: str
    feasible: int
    needs: list[dict[str, Any]]
    excluded: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Names:
    """Names of subjects in both languages, and titles of groups, by code."""

    subjects: Mapping[str, tuple[str, str]]
    groups: Mapping[str, str]

    def of(self, kind: str, code: str) -> tuple[str, str]:
        """Return the Russian and the English name; words of a request are both."""
        if kind == "subject":
            return self.subjects.get(code, (code, code))
        if kind == "group":
            title = self.groups.get(code)
            return (code, code) if title is None else (f"{code} {title}",) * 2
        return f"«{code}»", f"“{code}”"
