"""Which shipped documents were loaded, so that what people correct afterwards stays."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base


class LoadedDocumentRow(Base):
    """A document as it was when it was last loaded, by the digest of its bytes."""

    __tablename__ = "loaded_documents"
    __table_args__ = {"schema": API}

    name: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    loaded_at: Mapped[datetime]
