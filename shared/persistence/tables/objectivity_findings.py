"""Signs of non-objectivity that a run of the scoring service found."""

from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from shared.persistence.tables.base import SCORING, Base, Id


class ObjectivityFindingRow(Base):
    """What one test of objectivity says of a school's paper: a sign, never a proof.

    The columns are those of the engine's findings; `adjusted_p` allows for the
    `tests` of the same kind in the municipality and year.
    """

    __tablename__ = "objectivity_findings"
    __table_args__ = (
        UniqueConstraint(
            "run_id",
            "school_id",
            "test",
            "procedure",
            "subject",
            "programme_grade",
            "pupil_grade",
            "mark",
            "measure",
            name="uq_objectivity_findings_key",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(
            "verdict in ('sign', 'no_sign', 'limited', 'not_assessable')", "verdict"
        ),
        CheckConstraint(
            "(verdict = 'not_assessable') = (reason is not null)", "reason"
        ),
        {"schema": SCORING},
    )

    id: Mapped[Id]
    run_id: Mapped[int]
    municipality_id: Mapped[int]
    school_id: Mapped[int]
    test: Mapped[str]
    procedure: Mapped[str]
    subject: Mapped[str]
    programme_grade: Mapped[int]
    pupil_grade: Mapped[int]
    mark: Mapped[int | None]
    measure: Mapped[str | None]
    n: Mapped[int]
    n_reference: Mapped[int | None]
    figure: Mapped[float | None]
    reference: Mapped[float | None]
    p_value: Mapped[float | None]
    tests: Mapped[int]
    adjusted_p: Mapped[float | None]
    verdict: Mapped[str]
    reason: Mapped[str | None]
    detail: Mapped[dict[str, Any]]
