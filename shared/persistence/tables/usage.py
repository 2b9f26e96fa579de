"""Who uses which operation of the api."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.users import UserRow


class OperationUseRow(Base):
    """How often an account used an operation; times are the machine's.

    `parameter` is empty, or one that is to go and was sent. Without an account it was
    used by whoever did not say who they are.
    """

    __tablename__ = "operation_uses"
    __table_args__ = (
        UniqueConstraint(
            "user_id",
            "operation",
            "version",
            "parameter",
            postgresql_nulls_not_distinct=True,
        ),
        {"schema": API},
    )

    id: Mapped[Id]
    user_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    operation: Mapped[str]
    version: Mapped[str]
    parameter: Mapped[str]
    requests: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
