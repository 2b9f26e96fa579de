"""What those may do who have the machine itself: act, and let in again who cannot."""

import asyncio

from services.api.access import repository as credentials
from services.api.access.administration import repository
from services.api.access.attempts import digest_of
from services.api.access.passwords import hash_password, require_good_password
from services.api.access.session_repository import forget_attempts
from services.api.http.auth import Actor
from shared.domain.errors import ForbiddenError, NotFoundError, Text
from shared.domain.permissions import GRANTS, Role
from shared.persistence.audit import record_change
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work
from shared.runtime.clock import system_now


def operator() -> Actor:
    """Return who acts where no account does: the system, with all rights."""
    return Actor(
        user_id=0,
        session_id=0,
        role=Role.ADMINISTRATOR,
        region_id=None,
        municipality_id=None,
        school_id=None,
        permissions=GRANTS[Role.ADMINISTRATOR],
    )


async def find_by_login(work: Work, login: str) -> AnyRow:
    """Return an account by what it signs in with.

    Raises:
        NotFoundError: there is none.
    """
    found = await repository.find_account_of_login(work, login.strip().lower())
    if found is None:
        raise NotFoundError(
            Text(
                f"Учётной записи «{login}» нет. Список: users list.",
                f"There is no account '{login}'. See: users list.",
            )
        )
    return found


async def act_for(work: Work, login: str) -> Actor:
    """Return an account as the actor; the audit names it from here on.

    Raises:
        NotFoundError: there is no such account.
        ForbiddenError: it is blocked, or a region's, whose bounds hold in requests.
    """
    found = await find_by_login(work, login)
    if not found.is_active or found.region_id is not None:
        raise ForbiddenError(
            Text(
                f"От имени «{login}» это не делается: запись отключена или она "
                "региональная. Возьмите администратора или координатора.",
                f"This is not done for '{login}': the account is blocked, or a "
                "region's. Take an administrator or a coordinator.",
            )
        )
    work.user_id = found.id
    role = Role(found.role)
    return Actor(
        user_id=found.id,
        session_id=0,
        role=role,
        region_id=None,
        municipality_id=found.municipality_id,
        school_id=found.school_id,
        permissions=GRANTS[role],
    )


async def reset_password(work: Work, login: str, new: str) -> int:
    """Give an account another password, end its sessions, and forget failed tries.

    Returns its number.

    Raises:
        NotFoundError: there is no such account.
        PasswordRefusedError: the password breaks a rule.
    """
    found = await find_by_login(work, login)
    require_good_password(new, login=found.login)
    hashed = await asyncio.to_thread(hash_password, new)
    await credentials.save_password_hash(work, found.id, hashed)
    await repository.end_sessions(work, found.id, now=system_now())
    await forget_attempts(work, digest_of(found.login))
    await record_change(
        work,
        "user",
        "reset_password",
        {},
        municipality_id=found.municipality_id,
        entity_id=found.id,
        school_id=found.school_id,
    )
    return int(found.id)
