"""The outbox: every change's event, committed with the change itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Sequence, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from shared.persistence.tables.base import API, Base

EVENT_NUMBERS = Sequence("event_numbers", schema=API, metadata=Base.metadata)


class TransactionId(UserDefinedType[str]):
    """PostgreSQL's 64-bit transaction id, which orders commits against snapshots."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return the SQL name of the type."""
        return "xid8"


class OutboxRow(Base):
    """An event; `number` is its place in the one sequence of all changes.

    `trace_parent` is the trace in which it was written, if anybody traces (W3C).
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_unrelayed",
            "number",
            postgresql_where=text("relayed_at is null"),
        ),
        Index("ix_outbox_kind_txid", "kind", "txid"),
        Index("ix_outbox_municipality_id_kind_txid", "municipality_id", "kind", "txid"),
        Index("ix_outbox_municipality_id_number", "municipality_id", "number"),
        {"schema": API},
    )

    number: Mapped[int] = mapped_column(
        EVENT_NUMBERS,
        primary_key=True,
        server_default=EVENT_NUMBERS.next_value(),
    )
    txid: Mapped[str] = mapped_column(
        TransactionId, server_default=text("pg_current_xact_id()")
    )
    kind: Mapped[str]
    municipality_id: Mapped[int]
    school_id: Mapped[int | None]
    academic_year: Mapped[int | None]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    relayed_at: Mapped[datetime | None]
    trace_parent: Mapped[str | None]
