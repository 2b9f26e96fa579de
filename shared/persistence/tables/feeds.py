"""Feeds of deadlines that calendar programs read."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow


class FeedRow(Base):
    """A feed of its account; the address ends in a secret of which the hash is kept.

    Whatever it shows is asked for with the rights that the account has at that moment.
    """

    __tablename__ = "feeds"
    __table_args__ = (
        CheckConstraint("kind in ('person', 'school', 'municipality')", name="kind"),
        CheckConstraint("kind <> 'school' or school_id is not null", name="school"),
        {"schema": API},
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id), index=True)
    kind: Mapped[str]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int | None] = mapped_column(ForeignKey(SchoolRow.id))
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
