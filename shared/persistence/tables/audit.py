"""The record of changes: who changed what, when, from where, and why."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, Sequence, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base
from shared.persistence.tables.outbox import TransactionId

Sequence("audit_numbers", schema=API, metadata=Base.metadata)


class AuditEntryRow(Base):
    """A change, written with it; `changes` has ``[old, new]`` by field.

    There are no foreign keys: an entry outlives what it tells of. `actor_id` is null
    where the system itself acted. `position` and the hashes are null until the sealer
    has put the entry into the chain of its municipality. `txid` is that of the change's
    events, in which runs of the scoring service tell what they have seen; it means
    nothing on another server, so it is no part of the chain.
    An entry of many rows has `row_ids` in place of `entity_id`: see
    `shared.persistence.audit_sets`.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint(
            "num_nulls(row_ids, first_row, last_row, row_changes) in (0, 4)"
            " and (row_ids is null or entity_id is null)",
            name="rows",
        ),
        Index(
            "ix_audit_entries_unsealed",
            "number",
            postgresql_where=text("hash is null"),
        ),
        Index(
            "uq_audit_entries_position",
            "municipality_id",
            "position",
            unique=True,
            postgresql_where=text("hash is not null"),
        ),
        Index("ix_audit_entries_entity", "entity", "entity_id", "number"),
        Index(
            "ix_audit_entries_rows",
            "entity",
            "first_row",
            "last_row",
            postgresql_where=text("row_ids is not null"),
        ),
        Index("ix_audit_entries_school_id_number", "school_id", "number"),
        Index("ix_audit_entries_actor_id_number", "actor_id", "number"),
        Index("ix_audit_entries_at", "at", postgresql_using="brin"),
        Index("ix_audit_entries_txid", "txid"),
        {"schema": API},
    )

    # As text, so that it is PostgreSQL that takes the number: the api may give none.
    number: Mapped[int] = mapped_column(
        primary_key=True,
        autoincrement=False,
        server_default=text("nextval('api.audit_numbers')"),
    )
    municipality_id: Mapped[int | None]
    school_id: Mapped[int | None]
    entity: Mapped[str]
    entity_id: Mapped[int | None]
    action: Mapped[str]
    changes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str | None]
    actor_id: Mapped[int | None]
    request_id: Mapped[str | None]
    import_id: Mapped[int | None]
    address: Mapped[str | None]
    at: Mapped[datetime]
    position: Mapped[int | None]
    previous_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    txid: Mapped[str | None] = mapped_column(
        TransactionId, server_default=text("pg_current_xact_id()")
    )
    row_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    first_row: Mapped[int | None]
    last_row: Mapped[int | None]
    row_changes: Mapped[str | None]


class AuditChainRow(Base):
    """How far a municipality's chain has been sealed; 0 is the system's own chain."""

    __tablename__ = "audit_chains"
    __table_args__ = {"schema": API}

    municipality_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entries: Mapped[int]
    last_number: Mapped[int]
    last_hash: Mapped[bytes] = mapped_column(LargeBinary)
