"""Published rankings and the objections of schools to their drafts."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.records import of_municipality, of_school


class RankingPublicationRow(Base):
    """A run that is shown for good; `rows_hash` is of all its places.

    Of a municipality's year one publication is a draft at most, and one published.
    """

    __tablename__ = "ranking_publications"
    __table_args__ = of_municipality(
        UniqueConstraint("municipality_id", "id"),
        CheckConstraint(
            "status in ('draft', 'published', 'replaced', 'withdrawn')", name="status"
        ),
        CheckConstraint("objections_from <= objections_until", name="window"),
        CheckConstraint(
            "status not in ('published', 'replaced') or published_at is not null",
            name="published",
        ),
        CheckConstraint(
            "(published_at is null) = (order_number is null)"
            " and (published_at is null) = (order_on is null)",
            name="order",
        ),
        CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at is not null)"
            " and (withdrawn_at is null) = (withdrawal_reason is null)",
            name="withdrawn",
        ),
        Index(
            "uq_ranking_publications_draft",
            "municipality_id",
            "academic_year",
            unique=True,
            postgresql_where=text("status = 'draft'"),
        ),
        Index(
            "uq_ranking_publications_published",
            "municipality_id",
            "academic_year",
            unique=True,
            postgresql_where=text("status = 'published'"),
        ),
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    run_id: Mapped[int]
    academic_year: Mapped[int]
    rows_hash: Mapped[str]
    status: Mapped[str]
    objections_from: Mapped[date]
    objections_until: Mapped[date]
    drafted_at: Mapped[datetime]
    order_number: Mapped[str | None]
    order_on: Mapped[date | None]
    published_at: Mapped[datetime | None]
    withdrawal_order: Mapped[str | None]
    withdrawal_reason: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]


class RankingObjectionRow(Base):
    """What a school says against a draft, and what it was answered."""

    __tablename__ = "ranking_objections"
    __table_args__ = of_school(
        ForeignKeyConstraint(
            ["municipality_id", "publication_id"],
            [RankingPublicationRow.municipality_id, RankingPublicationRow.id],
            name="fk_ranking_objections_publication",
        ),
        CheckConstraint("status in ('open', 'accepted', 'rejected')", name="status"),
        CheckConstraint(
            "figure in ('place', 'value', 'participants', 'other')", name="figure"
        ),
        CheckConstraint(
            "(status = 'open') = (answer is null)"
            " and (answer is null) = (answered_at is null)",
            name="answer",
        ),
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int]
    publication_id: Mapped[int]
    figure: Mapped[str]
    text: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="open")
    filed_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
