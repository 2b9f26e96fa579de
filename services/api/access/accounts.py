"""Opening accounts from the command line: how the first ones of a real start appear."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.api.access.passwords import hash_password
from shared.domain.errors import (
    ConflictError,
    Fault,
    InvalidInputError,
    NotFoundError,
    Text,
)
from shared.domain.password_rules import password_faults
from shared.domain.permissions import Role
from shared.domain.tree import Part, place_faults
from shared.persistence.audit import created, record_change
from shared.persistence.tables.municipalities import MunicipalityRow, RegionRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

LANGUAGES = ("ru", "en")


class LoginTakenError(ConflictError):
    """An account with this login exists already."""

    code = "login_taken"
    title = Text("Логин занят", "The login is taken")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """What an account is opened with; places are named by their codes."""

    login: str
    password: str
    role: Role
    region: str | None = None
    municipality: str | None = None
    school: str | None = None
    email: str | None = None
    language: str = "ru"


async def open_account(work: Work, wanted: NewAccount) -> int:
    """Open an account and return its number.

    Raises:
        InvalidInputError: the role does not fit the place, the password is too short.
        NotFoundError: there is no such region, municipality or school.
        LoginTakenError: the login exists.
    """
    _check(wanted)
    login = wanted.login.strip().lower()
    part = await part_of_codes(
        work,
        region=wanted.region,
        municipality=wanted.municipality,
        school=wanted.school,
    )
    account_id = await create_account(
        work,
        login=login,
        password_hash=hash_password(wanted.password),
        role=wanted.role,
        part=part,
        email=wanted.email,
        language=wanted.language,
    )
    await record_account(work, account_id, wanted.role, part, language=wanted.language)
    return account_id


async def part_of_codes(
    work: Work,
    *,
    region: str | None = None,
    municipality: str | None = None,
    school: str | None = None,
) -> Part:
    """Return the part of the tree that codes name.

    Raises:
        NotFoundError: there is no such region, municipality or school.
    """
    municipality_id = await _municipality_id(work, municipality)
    return Part(
        region_id=await _region_id(work, region),
        municipality_id=municipality_id,
        school_id=await _school_id(work, municipality_id, school),
    )


async def create_account(
    work: Work,
    *,
    login: str,
    password_hash: str | None,
    role: Role,
    part: Part,
    email: str | None,
    language: str,
) -> int:
    """Write an account and return its number.

    Raises:
        LoginTakenError: the login exists.
    """
    statement = (
        insert(UserRow)
        .values(
            login=login,
            password_hash=password_hash,
            role=role,
            region_id=part.region_id,
            municipality_id=part.municipality_id,
            school_id=part.school_id,
            display_name=login,
            email=email,
            language=language,
            is_active=True,
            created_at=work.now,
        )
        .on_conflict_do_nothing(index_elements=["login"])
        .returning(UserRow.id)
    )
    account_id = await work.session.scalar(statement)
    if account_id is None:
        raise LoginTakenError(
            Text(
                f"Логин «{login}» уже есть: выберите другой.",
                f"The login '{login}' exists: choose another.",
            )
        )
    return account_id


async def record_account(
    work: Work,
    account_id: int,
    role: Role,
    part: Part,
    *,
    language: str,
    invitation_id: int | None = None,
) -> None:
    """Leave a trace of a new account, without its login: that may be a name."""
    values = {
        "role": role,
        "language": language,
        "is_active": True,
        "invitation": invitation_id,
    }
    await record_change(
        work,
        "user",
        "create",
        created(values),
        municipality_id=part.municipality_id,
        entity_id=account_id,
        school_id=part.school_id,
    )


def _check(wanted: NewAccount) -> None:
    faults = password_faults(wanted.password, login=wanted.login)
    if wanted.language not in LANGUAGES:
        reason = Text("нужен ru или en", "must be ru or en")
        faults.append(Fault(column="language", value=wanted.language, reason=reason))
    faults += place_faults(
        wanted.role,
        region=wanted.region,
        municipality=wanted.municipality,
        school=wanted.school,
    )
    if faults:
        listed = "; ".join(f"{fault.column}: {fault.reason.ru}" for fault in faults)
        listed_en = "; ".join(f"{fault.column}: {fault.reason.en}" for fault in faults)
        raise InvalidInputError(
            Text(
                f"Учётная запись не открыта: {listed}.",
                f"The account was not opened: {listed_en}.",
            ),
            faults=faults,
        )


async def _region_id(work: Work, code: str | None) -> int | None:
    if code is None:
        return None
    found = await work.session.scalar(
        select(RegionRow.id).where(RegionRow.code == code)
    )
    if found is None:
        raise NotFoundError(
            Text(f"Региона «{code}» нет.", f"There is no region '{code}'.")
        )
    return found


async def _municipality_id(work: Work, code: str | None) -> int | None:
    if code is None:
        return None
    found = await work.session.scalar(
        select(MunicipalityRow.id).where(MunicipalityRow.code == code)
    )
    if found is None:
        raise NotFoundError(
            Text(f"Муниципалитета «{code}» нет.", f"There is no municipality '{code}'.")
        )
    return found


async def _school_id(
    work: Work, municipality_id: int | None, code: str | None
) -> int | None:
    if code is None:
        return None
    found = await work.session.scalar(
        select(SchoolRow.id).where(
            SchoolRow.municipality_id == municipality_id, SchoolRow.code == code
        )
    )
    if found is None:
        raise NotFoundError(
            Text(
                f"Школы «{code}» в этом муниципалитете нет.",
                f"There is no school '{code}' in this municipality.",
            )
        )
    return found
