"""Disabling accounts, and giving them other roles."""

from typing import Any

from services.api.access.administration import repository
from services.api.access.administration.schemas import AccountPatch
from services.api.access.parts import part_within, require_assignable
from services.api.http.auth import Actor
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    Text,
)
from shared.domain.permissions import Role
from shared.domain.tree import LEVELS, Level, Part, place_faults
from shared.persistence.audit import difference, record_change
from shared.persistence.bounces import settle_bounces
from shared.persistence.paging import AnyRow
from shared.persistence.work import EVERYTHING, Work
from shared.runtime.clock import system_now


class AccountNotFoundError(NotFoundError):
    """There is no such account for the caller."""

    code = "account_not_found"
    title = Text("Учётная запись не найдена", "Account not found")


class OwnAccountError(ForbiddenError):
    """Nobody disables the own account, or gives it another role."""

    code = "own_account"
    title = Text("Это ваша учётная запись", "This is your own account")


async def find(work: Work, account_id: int) -> AnyRow:
    """Return an account.

    Raises:
        AccountNotFoundError: the caller sees no such account.
    """
    found = await repository.find_account(work, account_id)
    if found is None:
        raise _unknown(account_id)
    return found


async def change(
    work: Work, actor: Actor, account_id: int, wanted: AccountPatch
) -> AnyRow:
    """Change an account and end its sessions, if anything of it is otherwise.

    Raises:
        AccountNotFoundError: the caller sees no such account.
        OwnAccountError: it is the caller's own.
        RoleAboveOwnError: its role, or the one it shall have, is above the caller's.
        InvalidInputError: the place does not fit the role.
        NotFoundError: the place is outside of the caller's part.
    """
    found = await repository.lock_account(work, account_id)
    if found is None:
        raise _unknown(account_id)
    _require_other(actor, account_id)
    role = Role(found.role) if wanted.role is None else wanted.role
    for each in (Role(found.role), role):
        require_assignable(actor, each)
    part = await part_within(work, actor, _place(found, role, wanted))
    after = {
        "role": str(role),
        "region_id": part.region_id,
        "municipality_id": part.municipality_id,
        "school_id": part.school_id,
        "is_active": found.is_active if wanted.is_active is None else wanted.is_active,
        "email": found.email if wanted.email is None else wanted.email,
    }
    changes = difference({name: getattr(found, name) for name in after}, after)
    if not changes:
        return found
    await repository.change_account(work, account_id, after)
    if "email" in changes:
        changes = {**changes, "email": [None, None]}  # the audit keeps no address
        if found.email and part.municipality_id is not None:
            await settle_bounces(
                work, part.municipality_id, found.email, account_id=account_id
            )
    await record_change(
        work,
        "user",
        "update",
        changes,
        municipality_id=part.municipality_id,
        entity_id=account_id,
        school_id=part.school_id,
        reason=wanted.reason,
    )
    changed = await find(work, account_id)
    # Sessions are their owner's alone; the system ends them in the same transaction.
    await work.enter_as_system(EVERYTHING)
    await repository.end_sessions(work, account_id, now=system_now())
    return changed


def _place(found: AnyRow, role: Role, wanted: AccountPatch) -> Part:
    """Return the place that is wanted; what the role has no use for falls away."""
    level = LEVELS[role]
    kept: dict[str, Any] = {
        "region_id": found.region_id if level is Level.REGION else None,
        "municipality_id": (
            found.municipality_id if level >= Level.MUNICIPALITY else None
        ),
        "school_id": found.school_id if level is Level.SCHOOL else None,
    }
    named = {name: getattr(wanted, name) for name in kept}
    if named["municipality_id"] not in {None, kept["municipality_id"]}:
        kept["school_id"] = None
    place = {name: named[name] or kept[name] for name in kept}
    faults = place_faults(
        role,
        region=place["region_id"],
        municipality=place["municipality_id"],
        school=place["school_id"],
        suffix="_id",
    )
    if faults:
        raise InvalidInputError(
            Text(
                "Место не подходит к роли; что исправить, перечислено в faults.",
                "The place does not fit the role; what to mend is in faults.",
            ),
            faults=faults,
        )
    return Part(**place)


def _require_other(actor: Actor, account_id: int) -> None:
    if actor.user_id == account_id:
        raise OwnAccountError(
            Text(
                "Свою учётную запись так не меняют: попросите другого администратора "
                "или координатора.",
                "The own account is not changed so: ask another administrator or "
                "coordinator.",
            )
        )


def _unknown(account_id: int) -> AccountNotFoundError:
    return AccountNotFoundError(
        Text(
            f"Учётной записи {account_id} нет.",
            f"There is no account {account_id}.",
        )
    )
