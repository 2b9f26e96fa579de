"""Reports on deadlines, what was decided of them, and their files."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow


class SubmissionRow(Base):
    """A report on a deadline; what was returned stays, and another follows it.

    `submitted_on` is the day on the municipality's own calendar.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("deadline_id", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("decision in ('accept', 'return')", name="decision"),
        CheckConstraint(
            "(decision is null) = (decided_at is null)"
            " and (decision is null) = (decided_by is null)",
            name="decided",
        ),
        CheckConstraint("decision <> 'return' or comment is not null", name="comment"),
        Index(
            "uq_submissions_undecided",
            "deadline_id",
            unique=True,
            postgresql_where=text("decision is null"),
        ),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int | None] = mapped_column(ForeignKey(SchoolRow.id))
    deadline_id: Mapped[int] = mapped_column(ForeignKey(DeadlineRow.id))
    number: Mapped[int]
    text: Mapped[str | None]
    links: Mapped[list[str]]
    submitted_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    submitted_at: Mapped[datetime]
    submitted_on: Mapped[date]
    decision: Mapped[str | None]
    comment: Mapped[str | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    decided_at: Mapped[datetime | None]


class SubmissionFileRow(Base):
    """A file of a report; its bytes lie in the file store, by their SHA-256."""

    __tablename__ = "submission_files"
    __table_args__ = (
        UniqueConstraint("submission_id", "position"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("octet_length(sha256) = 32", name="sha256"),
        Index("ix_submission_files_sha256", "sha256"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int | None] = mapped_column(ForeignKey(SchoolRow.id))
    submission_id: Mapped[int] = mapped_column(ForeignKey(SubmissionRow.id))
    position: Mapped[int]
    name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[bytes]
