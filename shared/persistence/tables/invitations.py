"""How people come to accounts: invitations, and identities that others vouch for."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow, RegionRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow


class InvitationRow(Base):
    """An account that somebody may open once; times are the machine's.

    Of the code only a hash is kept.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint(
            "(accepted_at is null) = (account_id is null)", name="acceptance"
        ),
        {"schema": API},
    )

    id: Mapped[Id]
    code_hash: Mapped[bytes] = mapped_column(unique=True)
    role: Mapped[str]
    region_id: Mapped[int | None] = mapped_column(ForeignKey(RegionRow.id))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int | None] = mapped_column(ForeignKey(SchoolRow.id))
    email: Mapped[str | None]
    issuer_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    revoked_at: Mapped[datetime | None]


class IdentityRow(Base):
    """By which name an OpenID Connect issuer knows the person of an account."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"), {"schema": API})

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    linked_at: Mapped[datetime]
