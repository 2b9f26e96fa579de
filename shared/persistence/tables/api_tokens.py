"""Tokens that programs act with."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.users import UserRow


class ApiTokenRow(Base):
    """What somebody lends to a program; times are the machine's.

    Each has an account of its own in the role of an API client, so that whatever it
    changes is told from what its issuer changed; that account's place is the token's.
    """

    __tablename__ = "api_tokens"
    __table_args__ = {"schema": API}

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id), unique=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id), index=True)
    name: Mapped[str]
    scopes: Mapped[list[str]]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
