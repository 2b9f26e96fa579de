"""Figures of results: what a run of the scoring service counts for each school."""

from sqlalchemy import (
    BigInteger,
    Double,
    Text,
    UniqueConstraint,
    column,
    select,
    true,
    values,
)
from sqlalchemy.orm import Mapped

from shared.domain.measures import MEASURES
from shared.persistence.tables.base import SCORING, Base, Id


class FigureRow(Base):
    """The measures of one set of results; `school_id` null is the municipality.

    `procedure`, `subject` and `programme_grade` null mean all of them together. A
    measure is null where its N is 0. What ends in `_prior` is the municipality's only:
    with how many of its pupils the figure of a school is put together (null unknown,
    infinite where schools differ by chance only). That `run_id` is a run's, here and in
    the other large tables of this schema, a trigger checks once a statement: a key
    would look each row up by itself, and cost as much as the writing.
    """

    __tablename__ = "figures"
    __table_args__ = (
        UniqueConstraint(
            "run_id",
            "school_id",
            "procedure",
            "subject",
            "programme_grade",
            name="uq_figures_key",
            postgresql_nulls_not_distinct=True,
        ),
        {"schema": SCORING},
    )

    id: Mapped[Id]
    run_id: Mapped[int]
    municipality_id: Mapped[int]
    school_id: Mapped[int | None]
    procedure: Mapped[str | None]
    subject: Mapped[str | None]
    programme_grade: Mapped[int | None]
    quality_rate: Mapped[float | None]
    success_rate: Mapped[float | None]
    sou: Mapped[float | None]
    mean_mark: Mapped[float | None]
    low_share: Mapped[float | None]
    confirmed_marks: Mapped[float | None]
    n_marked: Mapped[int]
    n_graded: Mapped[int]
    n_low_of: Mapped[int]
    n_compared: Mapped[int]
    quality_rate_prior: Mapped[float | None]
    success_rate_prior: Mapped[float | None]
    low_share_prior: Mapped[float | None]
    confirmed_marks_prior: Mapped[float | None]
    sou_prior: Mapped[float | None]
    mean_mark_prior: Mapped[float | None]


_MEASURES = list(MEASURES.values())
_LINES = (
    values(
        column("place", BigInteger),
        column("measure", Text),
        column("value", Double),
        column("n", BigInteger),
        name="line",
    )
    .data(
        [
            (
                place,
                measure.code,
                FigureRow.__table__.c[measure.code],
                FigureRow.__table__.c[measure.n_column],
            )
            for place, measure in enumerate(_MEASURES)
        ]
    )
    .lateral()
)


class IndicatorValueRow(Base):
    """Each measure of a `FigureRow` on a line of its own; read only.

    Beside it stands what the marks behind the row are told from (`means.marks_of`).
    """

    __table__ = (
        select(
            (FigureRow.id * len(_MEASURES) + _LINES.c.place).label("id"),
            FigureRow.run_id,
            FigureRow.municipality_id,
            FigureRow.school_id,
            FigureRow.procedure,
            FigureRow.subject,
            FigureRow.programme_grade,
            _LINES.c.measure,
            _LINES.c.value,
            _LINES.c.n,
            FigureRow.quality_rate,
            FigureRow.success_rate,
            FigureRow.mean_mark,
            FigureRow.n_marked,
            FigureRow.n_graded,
        )
        .join(_LINES, true())
        .subquery("indicator_values")
    )
    __mapper_args__ = {"primary_key": [__table__.c.id]}

    id: Mapped[int]
    run_id: Mapped[int]
    municipality_id: Mapped[int]
    school_id: Mapped[int | None]
    procedure: Mapped[str | None]
    subject: Mapped[str | None]
    programme_grade: Mapped[int | None]
    measure: Mapped[str]
    value: Mapped[float | None]
    n: Mapped[int]
    quality_rate: Mapped[float | None]
    success_rate: Mapped[float | None]
    mean_mark: Mapped[float | None]
    n_marked: Mapped[int]
    n_graded: Mapped[int]
