"""Accounts: who may sign in, in which role, for which part of the tree."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow, RegionRow
from shared.persistence.tables.schools import SchoolRow


class UserRow(Base):
    """An account of a person in a role; `display_name` names the role, not the person.

    An administrator has no place, a regional analyst a region; a coordinator and a
    methodist have a municipality; an editor and a reader of a school have one and a
    school in it. The account of an API client has no password and any place.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(
            "(role = 'administrator' and region_id is null and municipality_id is null"
            " and school_id is null)"
            " or (role = 'regional_analyst' and region_id is not null"
            " and municipality_id is null and school_id is null)"
            " or (role in ('municipal_coordinator', 'methodist') and region_id is null"
            " and municipality_id is not null and school_id is null)"
            " or (role in ('school_editor', 'school_reader') and region_id is null"
            " and municipality_id is not null and school_id is not null)"
            " or (role = 'api_client' and password_hash is null"
            " and (region_id is null or municipality_id is null)"
            " and (school_id is null or municipality_id is not null))",
            name="role_scope",
        ),
        CheckConstraint("language in ('ru', 'en')", name="language"),
        {"schema": API},
    )

    id: Mapped[Id]
    login: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    role: Mapped[str]
    region_id: Mapped[int | None] = mapped_column(ForeignKey(RegionRow.id))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int | None] = mapped_column(ForeignKey(SchoolRow.id))
    display_name: Mapped[str]
    email: Mapped[str | None]
    language: Mapped[str]
    is_active: Mapped[bool]
    created_at: Mapped[datetime]
