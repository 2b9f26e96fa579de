"""What the scoring service computed: runs, values, places, programme indicators."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
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
    its neighbours. `as_of` is the municipality's day, where the run depends on it, and
    `valid_until` the moment from which another day makes it out of date.
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
    as_of: Mapped[date | None]
    valid_until: Mapped[datetime | None]


class CurrentRunRow(Base):
    """Which run is current: the row whose change is the atomic switch."""

    __tablename__ = "current_runs"
    __table_args__ = (
        CheckConstraint(TOPICS, name="topic"),
        Index(
            "ix_current_runs_valid_until",
            "valid_until",
            postgresql_where="valid_until IS NOT NULL",
        ),
        {"schema": SCORING},
    )

    municipality_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    topic: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    run_id: Mapped[int] = mapped_column(ForeignKey(RunRow.id))
    input_snapshot: Mapped[str]
    valid_until: Mapped[datetime | None]


class RankingPlaceRow(Base):
    """A school's place in a run; without places when it is outside the ranking.

    Places are `overall`, among schools of a `kind`, and within a `cluster`: which one
    is in `scope_group`. A place plausibly lies between `interval_low` and
    `interval_high`; schools of a `band` cannot be told apart. What stands beside the
    value (`value_low` to `pooled_years`) is kept with the place overall only.
    """

    __tablename__ = "ranking_places"
    __table_args__ = (
        UniqueConstraint("run_id", "school_id", "scope"),
        CheckConstraint(
            "(place_from is null) = (place_to is null)"
            " and (place_from is null) <> (outside_reason is null)",
            name="inside_or_outside",
        ),
        CheckConstraint("scope in ('overall', 'kind', 'cluster')", name="scope"),
        CheckConstraint("(scope = 'overall') = (scope_group is null)", name="group"),
        CheckConstraint(
            "interval_low <= place_from and place_to <= interval_high", name="interval"
        ),
        {"schema": SCORING},
    )

    id: Mapped[Id]
    run_id: Mapped[int]
    municipality_id: Mapped[int]
    school_id: Mapped[int]
    scope: Mapped[str] = mapped_column(server_default="overall")
    scope_group: Mapped[str | None]
    value: Mapped[float | None]
    n: Mapped[int]
    place_from: Mapped[int | None]
    place_to: Mapped[int | None]
    ranked: Mapped[int]
    outside_reason: Mapped[str | None]
    interval_low: Mapped[int | None]
    interval_high: Mapped[int | None]
    band: Mapped[int | None]
    value_low: Mapped[float | None]
    value_high: Mapped[float | None]
    shrunk: Mapped[float | None]
    shrink_weight: Mapped[float | None]
    pooled_value: Mapped[float | None]
    pooled_n: Mapped[int | None]
    pooled_years: Mapped[list[int] | None] = mapped_column(JSONB(none_as_null=True))


class ProgrammeValueRow(Base):
    """A programme indicator's value in one of its years against its range.

    `schools` counted, `others` did not, and of `undecided` too little is known; each
    has id, name, figures and, where it does not count, a reason. `low` and `high` are
    Wilson's interval of `percent`; `least` and `most` what it would be, were all
    undecided schools a no or a yes. `growth` is against the year before, `projection`
    the year's end, `thresholds` are those that decided, with their provenance.
    """

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
    low: Mapped[float | None]
    high: Mapped[float | None]
    least: Mapped[float | None]
    most: Mapped[float | None]
    n_decided: Mapped[int]
    n_schools: Mapped[int]
    status: Mapped[str]
    is_settled: Mapped[bool]
    reason: Mapped[str | None]
    schools: Mapped[list[dict[str, Any]]]
    others: Mapped[list[dict[str, Any]]]
    undecided: Mapped[list[dict[str, Any]]]
    growth: Mapped[dict[str, Any] | None]
    projection: Mapped[dict[str, Any] | None]
    unprojected: Mapped[str | None]
    thresholds: Mapped[list[dict[str, Any]]]
