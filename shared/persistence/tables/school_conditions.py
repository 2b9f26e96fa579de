"""What the scoring service made of schools' conditions."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import SCORING, Base, Id
from shared.persistence.tables.scoring import RunRow


class ConditionModelRow(Base):
    """What a run's comparison of schools rests on: a row for each run.

    `basis_reason` says why it is no regression. `coefficients` lists the terms with
    their errors and intervals; `reference` has the ends of each share's scale and
    `clustering` how the clusters came about, as the engine says. `school_names` has
    the names of the schools by number, so that a school can be told its peers'.
    `clusters_key` is the fingerprint of what the clusters were found from.
    """

    __tablename__ = "condition_models"
    __table_args__ = (
        UniqueConstraint("run_id"),
        CheckConstraint(
            "basis in ('regression', 'region_coefficients', 'quadrants', 'none')",
            name="basis",
        ),
        {"schema": SCORING},
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey(RunRow.id))
    municipality_id: Mapped[int]
    basis: Mapped[str]
    basis_reason: Mapped[str | None]
    schools: Mapped[int]
    r_squared: Mapped[float | None]
    adjusted_r_squared: Mapped[float | None]
    residual_error: Mapped[float | None]
    degrees_of_freedom: Mapped[int | None]
    coefficients: Mapped[list[dict[str, Any]]]
    schools_listed: Mapped[int]
    schools_with_index: Mapped[int]
    index_low: Mapped[float | None]
    index_high: Mapped[float | None]
    median_index: Mapped[float | None]
    median_outcome: Mapped[float | None]
    reference_year: Mapped[int | None]
    reference: Mapped[dict[str, Any]]
    clusters: Mapped[int | None]
    silhouette: Mapped[float | None]
    clusters_reason: Mapped[str | None]
    clustering: Mapped[dict[str, Any]]
    school_names: Mapped[dict[str, Any]]
    clusters_key: Mapped[str | None]


class SchoolConditionsRow(Base):
    """A school's conditions in a run, and its result in their light.

    `index` is what the comparison rests on: ours (`computed_index`) or the published
    one. `shares` has the shares in % that it was counted from. `residual` is the
    outcome minus `expected`, which the other schools predict; `z` is it by its
    standard error. `peers` lists the nearest schools.
    """

    __tablename__ = "school_conditions"
    __table_args__ = (
        UniqueConstraint("run_id", "school_id"),
        CheckConstraint("index between 0 and 1", name="index"),
        CheckConstraint(
            "(index is null) = (index_reason is not null)", name="index_or_reason"
        ),
        CheckConstraint(
            "(cluster is null) = (cluster_reason is not null)",
            name="cluster_or_reason",
        ),
        CheckConstraint(
            "status in ('above_expected', 'as_expected', 'below_expected',"
            " 'not_assessable')",
            name="status",
        ),
        CheckConstraint(
            "difficulty in ('difficult', 'not_difficult', 'not_assessable')",
            name="difficulty",
        ),
        CheckConstraint(
            "resilience in ('resilient', 'not_resilient', 'not_assessable')",
            name="resilience",
        ),
        {"schema": SCORING},
    )

    id: Mapped[Id]
    run_id: Mapped[int]
    municipality_id: Mapped[int]
    school_id: Mapped[int]
    index: Mapped[float | None]
    computed_index: Mapped[float | None]
    published_index: Mapped[float | None]
    index_reason: Mapped[str | None]
    shares_known: Mapped[int]
    shares_used: Mapped[int]
    shares: Mapped[dict[str, Any]]
    outcome: Mapped[float | None]
    n: Mapped[int]
    expected: Mapped[float | None]
    residual: Mapped[float | None]
    standard_error: Mapped[float | None]
    z: Mapped[float | None]
    expected_low: Mapped[float | None]
    expected_high: Mapped[float | None]
    fitted: Mapped[float | None]
    leverage: Mapped[float | None]
    expected_reason: Mapped[str | None]
    status: Mapped[str]
    quadrant: Mapped[str | None]
    difficulty: Mapped[str]
    resilience: Mapped[str]
    cluster: Mapped[int | None]
    cluster_reason: Mapped[str | None]
    previous_cluster: Mapped[int | None]
    shares_compared: Mapped[int]
    peers: Mapped[list[dict[str, Any]]]
