"""What each school scored by each indicator, group and the composite of a run."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from shared.persistence.tables.base import SCORING, Base, Id


class SchoolScoreRow(Base):
    """A score with all that explains it.

    `level` says what `code` is of; `position` is the order of the method. `value` is
    what was counted over `n` pupils (null where none are counted) from `n_results`
    results, `n_left_out` being the school's others; `reason` says why it does not
    count. `weight` and `coverage` are shares from 0 to 1. Of groups and the composite
    value and score are the same. What ends in `_before` is of the year before;
    `incomparable` says why there is no change. `moved_by` names weights, by blanks.
    """

    __tablename__ = "school_scores"
    __table_args__ = (
        UniqueConstraint("run_id", "school_id", "level", "code"),
        CheckConstraint("level in ('indicator', 'group', 'composite')", name="level"),
        {"schema": SCORING},
    )

    id: Mapped[Id]
    run_id: Mapped[int]
    municipality_id: Mapped[int]
    school_id: Mapped[int]
    level: Mapped[str]
    code: Mapped[str]
    position: Mapped[int]
    value: Mapped[float | None]
    n: Mapped[int | None]
    numerator: Mapped[int | None]
    n_results: Mapped[int | None]
    n_left_out: Mapped[int | None]
    reason: Mapped[str | None]
    score: Mapped[float | None]
    weight: Mapped[float | None]
    coverage: Mapped[float | None]
    place_from: Mapped[int | None]
    place_to: Mapped[int | None]
    ranked: Mapped[int]
    value_before: Mapped[float | None]
    n_before: Mapped[int | None]
    change: Mapped[float | None]
    noise: Mapped[float | None]
    dynamics: Mapped[str]
    incomparable: Mapped[str | None]
    effect: Mapped[float | None]
    p_value: Mapped[float | None]
    status_level: Mapped[int | None]
    change_level: Mapped[int | None]
    band: Mapped[int | None]
    moved_by: Mapped[str | None]
    moved_share: Mapped[float | None]
