"""What the records hold that a self-assessment rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """A decision, with the address that its text is published at."""

    id: int
    title: str
    link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFacts:
    """What the records hold about a programme.

    `results` and `runs` are by academic year: how many results, and the number of the
    current ranking. `years` are the programme's that have begun. `values` counts
    indicators by calendar year and by how they stand against their range.
    """

    programme_id: int
    goal: str
    tasks: int
    indicators: int
    indicators_without_ranges: int
    methods: Sequence[str]
    years: Sequence[int]
    results: Mapping[int, int]
    runs: Mapping[int, int]
    signs: int
    swot: int
    surveys: int
    recommendations: int
    recommendations_accepted: int
    recommendations_overdue: int
    schools_without_recommendation: Sequence[str]
    measures: int
    deadlines_done: int
    deadlines_overdue: int
    school_programmes_approved: int
    schools: int
    decisions: Sequence[DecisionFacts]
    values: Mapping[int, Mapping[str, int]]
