"""Bodies of suggested mentors."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.absences import AbsentOut
from services.api.http.localized import LocalizedOut
from services.api.http.ranking_methods import ProvenanceOut
from services.api.http.runs import ComputedOut
from services.api.matching.reasons import EXCLUSIONS, OUTCOMES
from services.api.matching.records import Names, Search, Suggestion
from services.api.matching.wording import reasons_for
from shared.domain.errors import Text
from shared.persistence.runs import RunRecord

Kind = Literal["subject", "group", "problem"]
Outcome = Literal[
    "suggested",
    "has_mentor",
    "no_need",
    "not_assessable",
    "no_feasible_mentor",
    "no_places_left",
]


def localized(text: Text) -> LocalizedOut:
    """Return a text in both languages."""
    return LocalizedOut(ru=text.ru, en=text.en)


class MatchingMethodOut(BaseModel):
    """The version of the method behind suggestions, with the source of each figure."""

    code: str
    version: int
    hash: str = Field(description="SHA-256 of its whole content")
    title: LocalizedOut
    rules: dict[str, Any] = Field(description="Levels, weights and gates, by path")
    provenance: dict[str, ProvenanceOut]

    @classmethod
    def of(cls, run: RunRecord) -> Self | None:
        """Translate the run's method."""
        if run.method_content is None:
            return None
        named = ("kind", "code", "version", "title", "provenance")
        content = run.method_content
        rules = {name: each for name, each in content.items() if name not in named}
        return cls(
            code=content["code"],
            version=content["version"],
            hash=run.method_hash or "",
            title=content["title"],
            rules=rules,
            provenance=content["provenance"],
        )


class AspectOut(BaseModel):
    """What help is with: a subject, a group of the assessment, or a problem."""

    kind: Kind
    code: str
    title: LocalizedOut

    @classmethod
    def of(cls, kind: Any, code: str, names: Names) -> Self:
        """Name it in both languages."""
        ru, en = names.of(kind, code)
        return cls(kind=kind, code=code, title=LocalizedOut(ru=ru, en=en))


class NamedSchoolOut(BaseModel):
    """A school by number and name."""

    id: int
    name: str | None


class PartsOut(BaseModel):
    """What the benefit is made of, each from 0 to 1; the method has their weights."""

    complement: float
    urgency: float
    conditions: float
    distance: float
    capacity: float
    offer: float


class PairOut(BaseModel):
    """A mentor for a school, with what it brings and why."""

    id: int
    mentor: NamedSchoolOut
    need: AspectOut = Field(description="In which the mentor brings the most")
    benefit: float = Field(description="From 0 to 1: the weighted mean of the parts")
    cost: float = Field(
        description="What all pairs together would bring less, had this one to be"
    )
    parts: PartsOut
    why: list[LocalizedOut]

    @classmethod
    def of(cls, pair: Suggestion, names: Names) -> Self:
        """Translate a pair, and explain it."""
        mentor = NamedSchoolOut(id=pair.mentor_id, name=pair.details["mentor_name"])
        return cls(
            id=pair.id,
            mentor=mentor,
            need=AspectOut.of(pair.kind, pair.code, names),
            benefit=pair.benefit,
            cost=pair.cost,
            parts=PartsOut(**pair.details["parts"]),
            why=[localized(each) for each in reasons_for(pair, names)],
        )


class MenteeOut(BaseModel):
    """A school, the mentor that is suggested to it, and the next best ones."""

    school: NamedSchoolOut
    suggestion: PairOut | None
    alternatives: list[PairOut]


class OutcomeOut(BaseModel):
    """How the search for a school's mentor went."""

    school: NamedSchoolOut
    outcome: Outcome
    reason: LocalizedOut
    feasible: int = Field(description="How many mentors it could have had")

    @staticmethod
    def fields_of(search: Search) -> dict[str, Any]:
        """Return these fields' values."""
        return {
            "school": NamedSchoolOut(id=search.school_id, name=search.school_name),
            "outcome": search.outcome,
            "reason": localized(OUTCOMES[search.outcome]),
            "feasible": search.feasible,
        }


class SuggestionsOut(ComputedOut):
    """Suggested mentors for all schools of a municipality at once."""

    academic_year: int = Field(description="2019 is 2019/2020")
    method: MatchingMethodOut | None = Field(description="Null: none was in force")
    benefit: float | None = Field(
        description="Of all suggested pairs together; null to schools"
    )
    absent: list[AbsentOut] = Field(
        description="Schools closed in the year or before, or not open yet, that are "
        "not counted; a school's account is told of itself only"
    )
    mentees: list[MenteeOut]
    schools: list[OutcomeOut]


class NeedOut(BaseModel):
    """What a school needs help with; `figure` in per cent, of `n` pupils."""

    aspect: AspectOut
    severity: float = Field(description="How much it weighs among the school's needs")
    figure: float | None
    n: int | None
    is_weak: bool
    has_deficit: bool
    asked: Literal["low", "medium", "high"] | None


class ExcludedOut(BaseModel):
    """A school that cannot be the mentor; of several reasons the first."""

    mentor: NamedSchoolOut
    code: str
    reason: LocalizedOut
    aspect: AspectOut | None = Field(description="The need, if the reason is of one")
    mentor_figure: float | None
    mentor_n: int | None = Field(description="Pupils behind the figure, if any")

    @classmethod
    def of(cls, pair: dict[str, Any], names: Names, schools: dict[int, str]) -> Self:
        """Translate an excluded pair."""
        number, kind = pair["mentor_id"], pair["kind"]
        aspect = None if kind is None else AspectOut.of(kind, pair["code"], names)
        return cls(
            mentor=NamedSchoolOut(id=number, name=schools.get(number)),
            code=pair["reason"],
            reason=localized(EXCLUSIONS[pair["reason"]]),
            aspect=aspect,
            mentor_figure=pair["mentor_figure"],
            # Runs of earlier versions did not keep it.
            mentor_n=pair.get("mentor_n"),
        )


class SearchOut(OutcomeOut):
    """The search for one school's mentor, with everybody who is excluded."""

    run_id: int
    academic_year: int
    computed_at: datetime
    is_stale: bool
    method: MatchingMethodOut | None
    needs: list[NeedOut]
    excluded: list[ExcludedOut]


class DecisionOut(BaseModel):
    """What a coordinator decided of a suggestion."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    academic_year: int
    run_id: int
    mentee_id: int
    mentor_id: int
    kind: Kind
    code: str
    decision: Literal["accepted", "declined"]
    reason: str | None
    agreement_id: int | None
    decided_by: int
    decided_at: datetime
