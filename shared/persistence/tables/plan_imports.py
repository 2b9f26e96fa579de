"""Tables of plans that were uploaded, with what committing each would do."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.amendments import ProgrammeAmendmentRow
from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import ProgrammeRow
from shared.persistence.tables.users import UserRow


class PlanImportRow(Base):
    """An uploaded table of a plan.

    `source` is the table as it was read, `preview` what was shown of it; the
    `fingerprint` of that is what a commit has to name. `outcome` is what it did.
    """

    __tablename__ = "plan_imports"
    __table_args__ = (
        CheckConstraint("plan in ('plan', 'roadmap', 'cyclogram')", name="plan"),
        CheckConstraint("(committed_at is null) = (outcome is null)", name="outcome"),
        Index("ix_plan_imports_programme_id", "programme_id"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    plan: Mapped[str]
    file_name: Mapped[str | None]
    sha256: Mapped[str]
    options: Mapped[dict[str, Any]]
    source: Mapped[dict[str, Any]]
    preview: Mapped[dict[str, Any]]
    fingerprint: Mapped[str]
    created_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    created_at: Mapped[datetime]
    committed_at: Mapped[datetime | None]
    amendment_id: Mapped[int | None] = mapped_column(
        ForeignKey(ProgrammeAmendmentRow.id)
    )
    outcome: Mapped[dict[str, Any] | None]
