"""What was answered to posts that named a key, so that none is done twice."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base
from shared.persistence.tables.users import UserRow


class IdempotencyKeyRow(Base):
    """The answer to one post: written in the transaction of what the post changed.

    `request_hash` is SHA-256 of what was sent; `created_at` is the machine's time, as a
    sandbox's clock may jump over a day.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        CheckConstraint("status between 200 and 299", name="status"),
        {"schema": API},
    )

    user_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id), primary_key=True)
    operation: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes]
    status: Mapped[int]
    headers: Mapped[dict[str, Any]]
    body: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(index=True)
