"""Programs that get their tokens by OAuth 2.0 client credentials."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.users import UserRow


class ClientRow(Base):
    """A program that somebody has registered; times are the machine's.

    Each has an account of its own in the role of an API client, whose place is the
    program's. `last_used_at` is written once a minute at most. `rate_limit` is in
    requests a minute; without it the installation's own limit holds.
    """

    __tablename__ = "clients"
    __table_args__ = {"schema": API}

    id: Mapped[Id]
    client_id: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id), unique=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id), index=True)
    name: Mapped[str]
    scopes: Mapped[list[str]]
    rate_limit: Mapped[int | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    last_used_address: Mapped[str | None]


class ClientCredentialRow(Base):
    """What a client proves itself with: a secret, kept as SHA-256, or a public key.

    `key_id` is what assertions call the key (RFC 7515, 4.1.4).
    """

    __tablename__ = "client_credentials"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'secret' and secret_hash is not null and public_key is null)"
            " or (kind = 'key' and secret_hash is null and public_key is not null"
            " and key_id is not null)",
            name="kind",
        ),
        UniqueConstraint("client_id", "key_id"),
        Index(None, "client_id", "id"),
        {"schema": API},
    )

    id: Mapped[Id]
    client_id: Mapped[int] = mapped_column(ForeignKey(ClientRow.id))
    kind: Mapped[str]
    secret_hash: Mapped[bytes | None]
    key_id: Mapped[str | None]
    public_key: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    last_used_address: Mapped[str | None]


class ClientAssertionRow(Base):
    """An assertion that was used, by the hash of its `jti`, until it has expired."""

    __tablename__ = "client_assertions"
    __table_args__ = (Index(None, "expires_at"), {"schema": API})

    client_id: Mapped[int] = mapped_column(ForeignKey(ClientRow.id), primary_key=True)
    jti_hash: Mapped[bytes] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]
