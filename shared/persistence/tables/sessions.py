"""Sign-ins: the sessions that came of them, and the tries that may yet have failed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.users import UserRow


class SessionRow(Base):
    """What a token stands for; all times are the machine's, not the sandbox's.

    `last_seen_at` is written once a minute at most.
    """

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "user_id", "id"), {"schema": API})

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    address: Mapped[str | None]
    user_agent: Mapped[str | None]


class SignInAttemptRow(Base):
    """A try to sign in, written before the password is looked at.

    It goes when a try for the same login succeeds. Of the login only a digest is kept:
    people type their passwords into that field.
    """

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index(None, "login_digest", "tried_at"),
        Index(None, "address", "tried_at"),
        Index(None, "tried_at"),
        {"schema": API},
    )

    id: Mapped[Id]
    login_digest: Mapped[str]
    address: Mapped[str | None]
    tried_at: Mapped[datetime]
