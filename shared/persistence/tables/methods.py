"""Methods of scoring as data: versioned, with a hash of their content."""

from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from shared.persistence.tables.base import API, Base, Id


class MethodRow(Base):
    """A version of a method; once saved its content never changes."""

    __tablename__ = "methods"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        Index(
            "uq_methods_in_force",
            "code",
            unique=True,
            postgresql_where=text("in_force"),
        ),
        {"schema": API},
    )

    id: Mapped[Id]
    kind: Mapped[str]
    code: Mapped[str]
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    in_force: Mapped[bool]
