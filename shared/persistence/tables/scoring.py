"""What the scoring service computed: runs, values, places, programme indicators."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import SCORING, Base, Id

TOPICS = (
    "topic in ('results', 'conditions', 'identification', 'objectivity', 'programme',"
    " 'matching')"
)


class RunRow(Base):
    """One computation over one consistent snapshot of its inputs; never changed.

    A `topic` covers an academic year, ``programme`` a whole programme (`year` is then
    0). `input_snapshot` is PostgreSQL's snapshot: an event whose transaction it does
    not show is not yet in the run. `methods` names the version of each method that
    was used, by kind, code, version and hash; the first is also in `method_code` and
    its neighbours.
    """

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint(TOPICS, name="topic"),
        Index("ix_runs_municipality_id_topic_year", "municipality_id", "topic", "year"),
        {"schema": SCORING},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int]
    topic: Mapped[str]
    year: Mapped[int]
    method_code: Mapped[str | None]
    method_version: Mapped[int | None]
    method_hash: Mapped[str | None]
    methods: Mapped[list[dict[str, Any]]] = mapped_column(server_default="[]")
    input_snapshot: Mapped[str]
    input_event: Mapped[int]
    results_count: Mapped[int]
    schools_count: Mapped[int]
    synthetic: Mapped[bool]
    computed_at: Mapped[datetime]


class CurrentRunRow(Base):
    """Which run is current: the row whose change is the atomic switch."""

    __tablename__ = "current_runs"
    __table_args__ = (CheckConstraint(TOPICS, name="topic"), {"schema": SCORING})

    municipality_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    topic: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    run_id: Mapped[int] = mapped_column(ForeignKey(RunRow.id))
    input_snapshot: Mapped[str]


class IndicatorValueRow(Base):
    """A measure's value with its N; `school_id` null is the municipality.

    `procedure`, `subject` and `programme_grade` null mean all of them together.
    """

    __tablename__ = "indicator_values"
    __table_args__ = (
        UniqueConstraint(
            "run_id",
            "school_id",
            "procedure",
            "subject",
            "programme_grade",
            "measure",
            name="uq_indicator_values_key",
            postgresql_nulls_not_distinct=True,
        ),
        {"schema": SCORING},
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey(RunRow.id))
    municipality_id: Mapped[int]
    school_id: Mapped[int | None]
    procedure: Mapped[str | None]
    subject: Mapped[str | None]
    programme_grade: Mapped[int | None]
    measure: Mapped[str]
    value: Mapped[float | None]
    n: Mapped[int]


class RankingPlaceRow(Base):
    """A school's place in a run; without places when it is outside the ranking."""

    __tablename__ = "ranking_places"
    __table_args__ = (
        UniqueConstraint("run_id", "school_id"),
        CheckConstraint(
            "(place_from is null) = (place_to is null)"
            " and (place_from is null) <> (outside_reason is null)",
            name="inside_or_outside",
        ),
        {"schema": SCORING},
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey(RunRow.id))
    municipality_id: Mapped[int]
    school_id: Mapped[int]
    value: Mapped[float | None]
    n: Mapped[int]
    place_from: Mapped[int | None]
    place_to: Mapped[int | None]
    ranked: Mapped[int]
    outside_reason: Mapped[str | None]


class ProgrammeValueRow(Base):
    """A programme indicator's value in a calendar year against its range."""

    __tablename__ = "programme_values"
    __table_args__ = (
        UniqueConstraint("run_id", "indicator_id", "year"),
        CheckConstraint("status in ('met', 'below', 'above', 'no_data')", "status"),
        {"schema": SCORING},
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey(RunRow.id))
    municipality_id: Mapped[int]
    programme_id: Mapped[int]
    indicator_id: Mapped[int]
    year: Mapped[int]
    numerator: Mapped[int | None]
    denominator: Mapped[int | None]
    percent: Mapped[float | None]
    status: Mapped[str]
    schools: Mapped[list[dict[str, Any]]]
