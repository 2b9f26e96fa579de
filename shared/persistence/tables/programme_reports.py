"""Reports of programmes, frozen by orders."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import ProgrammeRow
from shared.persistence.tables.users import UserRow


class ProgrammeReportRow(Base):
    """A report of a programme's year as it was filed; it is written once.

    `content`, `document` and `workbook` are the very bytes of the report as JSON, DOCX
    and XLSX, each with its SHA-256 in hexadecimal digits.
    """

    __tablename__ = "programme_reports"
    __table_args__ = (
        UniqueConstraint("programme_id", "year", "order_number", "order_on"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    year: Mapped[int]
    order_number: Mapped[str]
    order_on: Mapped[date]
    previous_id: Mapped[int | None] = mapped_column(
        ForeignKey("api.programme_reports.id")
    )
    frozen_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    frozen_at: Mapped[datetime]
    run_id: Mapped[int]
    methods: Mapped[list[dict[str, Any]]]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    content_sha256: Mapped[str]
    document: Mapped[bytes] = mapped_column(LargeBinary)
    document_sha256: Mapped[str]
    workbook: Mapped[bytes] = mapped_column(LargeBinary)
    workbook_sha256: Mapped[str]
