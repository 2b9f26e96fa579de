"""Accounts, as signing in and `/v1/me` need them."""

from dataclasses import dataclass

from sqlalchemy import select, text, update

from shared.persistence.tables.municipalities import MunicipalityRow, RegionRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class Profile:
    """What an account says about itself."""

    id: int
    login: str
    role: str
    display_name: str
    language: str
    region_id: int | None
    region_name: str | None
    municipality_id: int | None
    municipality_name: str | None
    school_id: int | None
    school_name: str | None


async def find_password_hash(work: Work, login: str) -> tuple[int, str] | None:
    """Return id and hash of the active account with this login."""
    row = (
        await work.session.execute(
            text("SELECT id, password_hash FROM tenancy.account_for_sign_in(:login)"),
            {"login": login},
        )
    ).one_or_none()
    return None if row is None else (row.id, row.password_hash)


async def read_profile(work: Work, user_id: int) -> Profile:
    """Return the profile of an account that the transaction may see."""
    statement = (
        select(
            UserRow.id,
            UserRow.login,
            UserRow.role,
            UserRow.display_name,
            UserRow.language,
            UserRow.region_id,
            RegionRow.name.label("region_name"),
            UserRow.municipality_id,
            MunicipalityRow.name.label("municipality_name"),
            UserRow.school_id,
            SchoolRow.name.label("school_name"),
        )
        .outerjoin(RegionRow, RegionRow.id == UserRow.region_id)
        .outerjoin(MunicipalityRow, MunicipalityRow.id == UserRow.municipality_id)
        .outerjoin(SchoolRow, SchoolRow.id == UserRow.school_id)
        .where(UserRow.id == user_id)
    )
    return Profile(**(await work.session.execute(statement)).mappings().one())


async def find_credentials(work: Work, user_id: int) -> tuple[str, str | None]:
    """Return login and hash, where there is one, of an account that may be seen."""
    statement = select(UserRow.login, UserRow.password_hash).where(
        UserRow.id == user_id
    )
    row = (await work.session.execute(statement)).one()
    return row.login, row.password_hash


async def save_password_hash(work: Work, user_id: int, password_hash: str) -> None:
    """Give the account another password."""
    await work.session.execute(
        update(UserRow).where(UserRow.id == user_id).values(password_hash=password_hash)
    )
