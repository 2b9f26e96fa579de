"""Schools with low results: computed statuses, their evidence, and what was decided."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import SCORING, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.records import of_school
from shared.persistence.tables.scoring import RunRow

STATUSES = "('on_list', 'risk_group', 'leaving', 'not_on_list', 'not_assessable')"


class IdentificationRow(Base):
    """What a rule says of a school in a run.

    The columns are those of the engine's `IDENTIFICATION_SCHEMA`; `changes` holds the
    units of the nearest change, ``{"units": [{"procedure": …, "pupils": 3}]}``.
    """

    __tablename__ = "identifications"
    __table_args__ = (
        UniqueConstraint("run_id", "rule_code", "school_id"),
        CheckConstraint(f"status in {STATUSES}", name="status"),
        CheckConstraint(
            "(status = 'not_assessable') = (reason is not null)", name="reason"
        ),
        CheckConstraint("low_in_year in ('yes', 'no', 'unknown')", name="low_in_year"),
        CheckConstraint(
            "num_nulls(direction, pupils, changes) in (0, 3)"
            " and direction in ('off_list', 'onto_list')",
            name="nearest_change",
        ),
        {"schema": SCORING},
    )

    id: Mapped[Id]
    run_id: Mapped[int]
    municipality_id: Mapped[int]
    rule_code: Mapped[str]
    rule_version: Mapped[int]
    school_id: Mapped[int]
    status: Mapped[str]
    reason: Mapped[str | None]
    status_before: Mapped[str]
    low_in_year: Mapped[str]
    low_units: Mapped[int]
    assessed_units: Mapped[int]
    units: Mapped[int]
    low_years: Mapped[int]
    unknown_years: Mapped[int]
    listed_before: Mapped[bool]
    clear_years: Mapped[int]
    direction: Mapped[str | None]
    pupils: Mapped[int | None]
    changes: Mapped[dict[str, Any] | None]


class IdentificationEvidenceRow(Base):
    """A unit behind a status; the columns are those of the engine's evidence."""

    __tablename__ = "identification_evidence"
    __table_args__ = (
        CheckConstraint(
            "state in ('low', 'not_low', 'too_few', 'no_low_count', 'excluded')",
            name="state",
        ),
        Index(
            "ix_identification_evidence_run_id_rule_code_school_id",
            "run_id",
            "rule_code",
            "school_id",
        ),
        {"schema": SCORING},
    )

    id: Mapped[Id]
    run_id: Mapped[int]
    municipality_id: Mapped[int]
    rule_code: Mapped[str]
    school_id: Mapped[int]
    academic_year: Mapped[int]
    procedure: Mapped[str]
    subject: Mapped[str | None]
    programme_grade: Mapped[int | None]
    n: Mapped[int]
    n_low: Mapped[int | None]
    low_share: Mapped[float | None]
    share_from: Mapped[float | None]
    share_to: Mapped[float | None]
    threshold: Mapped[float]
    fewest_low: Mapped[int]
    state: Mapped[str]
    pupils: Mapped[int | None]
    points: Mapped[float | None]
    peers_median: Mapped[float | None]
    peers: Mapped[int]


class BackTestRow(Base):
    """How last year's flags of a rule foretold this year's results: counts, per cent.

    The columns are those of the engine's `BACK_TEST_SCHEMA`.
    """

    __tablename__ = "identification_back_tests"
    __table_args__ = (
        UniqueConstraint("run_id", "rule_code", "flag"),
        {"schema": SCORING},
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey(RunRow.id))
    municipality_id: Mapped[int]
    rule_code: Mapped[str]
    flag: Mapped[str]
    flagged_low: Mapped[int]
    flagged_not_low: Mapped[int]
    missed_low: Mapped[int]
    unflagged_not_low: Mapped[int]
    not_assessed: Mapped[int]
    precision: Mapped[float | None]
    precision_from: Mapped[float | None]
    precision_to: Mapped[float | None]
    recall: Mapped[float | None]
    recall_from: Mapped[float | None]
    recall_to: Mapped[float | None]


class IdentificationDecisionRow(Base):
    """A municipality's word on a computed status, by an order; never deleted.

    `computed_status` is what the rule said of the school when it was decided. A
    decision is withdrawn by another order, after which there may be a new one.
    """

    __tablename__ = "identification_decisions"
    __table_args__ = of_school(
        CheckConstraint(f"computed_status in {STATUSES}", name="computed_status"),
        CheckConstraint(
            "status in ('on_list', 'risk_group', 'leaving', 'not_on_list')",
            name="status",
        ),
        CheckConstraint(
            "num_nulls(withdrawn_at, withdrawn_by, withdrawal_number, withdrawal_on,"
            " withdrawal_body, withdrawal_reason) in (0, 6)",
            name="withdrawal",
        ),
        CheckConstraint("withdrawal_on >= order_on", name="order"),
        Index(
            "uq_identification_decisions_standing",
            "school_id",
            "academic_year",
            "rule_code",
            unique=True,
            postgresql_where=text("withdrawn_at is null"),
        ),
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int]
    academic_year: Mapped[int]
    rule_code: Mapped[str]
    rule_version: Mapped[int]
    run_id: Mapped[int]
    computed_status: Mapped[str]
    status: Mapped[str]
    order_number: Mapped[str]
    order_on: Mapped[date]
    order_body: Mapped[str]
    reason: Mapped[str]
    decided_at: Mapped[datetime]
    decided_by: Mapped[int]
    withdrawal_number: Mapped[str | None]
    withdrawal_on: Mapped[date | None]
    withdrawal_body: Mapped[str | None]
    withdrawal_reason: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None]
    version: Mapped[int] = mapped_column(server_default="1")
