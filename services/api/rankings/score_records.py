"""Scores of schools, as they were computed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolScore:
    """A row of `scoring.school_scores`, where its columns are described."""

    school_id: int
    school_name: str
    level: str
    code: str
    position: int
    value: float | None
    n: int | None
    numerator: int | None
    n_results: int | None
    n_left_out: int | None
    reason: str | None
    score: float | None
    weight: float | None
    coverage: float | None
    place_from: int | None
    place_to: int | None
    ranked: int
    value_before: float | None
    n_before: int | None
    change: float | None
    noise: float | None
    dynamics: str
    incomparable: str | None
    effect: float | None
    p_value: float | None
    status_level: int | None
    change_level: int | None
    band: int | None
    moved_by: str | None
    moved_share: float | None
