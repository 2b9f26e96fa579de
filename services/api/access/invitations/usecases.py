"""Inviting somebody to open an account, once."""

import asyncio
import secrets
from datetime import datetime, timedelta

from services.api.access.accounts import create_account, record_account
from services.api.access.invitations import repository
from services.api.access.invitations.errors import (
    InvitationExpiredError,
    InvitationNotFoundError,
    InvitationRevokedError,
    InvitationUsedError,
)
from services.api.access.invitations.schemas import AcceptanceIn, InvitationIn
from services.api.access.oidc.repository import link
from services.api.access.oidc.usecases import identity_linked
from services.api.access.parts import part_within, require_assignable
from services.api.access.passwords import hash_password, require_good_password
from services.api.http.auth import Actor, hash_of_token
from services.api.identity.provider import Identity
from shared.domain.errors import (
    Fault,
    InvalidInputError,
    Text,
)
from shared.domain.permissions import Role, may_assign
from shared.domain.tree import LEVELS, Level, Part, place_faults
from shared.persistence.audit import Changes, created, difference, record_change
from shared.persistence.paging import AnyRow
from shared.persistence.work import EVERYTHING, Work
from shared.runtime.clock import system_now

LONGEST_LIFE = timedelta(days=90)
RANDOM_BYTES = 24


async def invite(work: Work, actor: Actor, wanted: InvitationIn) -> tuple[AnyRow, str]:
    """Make an invitation; return it, and the only copy of its code.

    Raises:
        RoleAboveOwnError: the role is not the actor's to give.
        InvalidInputError: the place does not fit the role, or the expiry will not do.
        NotFoundError: the place is outside of the actor's part.
    """
    require_assignable(actor, wanted.role)
    now = system_now()
    _check_expiry(wanted.expires_at, now)
    part = await part_within(work, actor, _place(actor, wanted))
    code = secrets.token_urlsafe(RANDOM_BYTES)
    values = {
        "role": wanted.role,
        "region_id": part.region_id,
        "municipality_id": part.municipality_id,
        "school_id": part.school_id,
        "expires_at": wanted.expires_at,
    }
    own = {"issuer_id": actor.user_id, "created_at": now, "email": wanted.email}
    invitation_id = await repository.create_invitation(
        work, {**values, **own, "code_hash": hash_of_token(code)}
    )
    await _record(work, invitation_id, part, "create", created(values))
    return await find(work, invitation_id), code


def _place(actor: Actor, wanted: InvitationIn) -> Part:
    """Return the place that is wanted; what a school is in need not be said."""
    municipality_id = wanted.municipality_id
    if municipality_id is None and LEVELS[wanted.role] >= Level.MUNICIPALITY:
        municipality_id = actor.municipality_id
    named = municipality_id or (wanted.school_id and LEVELS[wanted.role])
    faults = place_faults(
        wanted.role,
        region=wanted.region_id,
        municipality=named,
        school=wanted.school_id,
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
    return Part(
        region_id=wanted.region_id,
        municipality_id=municipality_id,
        school_id=wanted.school_id,
    )


async def accept(
    work: Work, wanted: AcceptanceIn, identity: Identity | None
) -> tuple[int, Role]:
    """Open the account of an invitation; return its number and role.

    It signs in with the password, or with the identity that was proved.

    Raises:
        InvitationNotFoundError: there is no such code.
        InvitationUsedError: somebody was faster.
        InvitationExpiredError: its time has passed.
        InvitationRevokedError: it was taken back.
        PasswordRefusedError: the password breaks a rule.
        LoginTakenError: the login exists.
        IdentityLinkedError: the identity belongs to another account.
    """
    await work.enter_as_system(EVERYTHING)
    found = await repository.lock_by_code(work, hash_of_token(wanted.code))
    if found is None:
        raise InvitationNotFoundError(
            Text("Такого приглашения нет.", "There is no such invitation.")
        )
    now = system_now()
    await _require_open(work, found, now)
    login = wanted.login.lower()
    password_hash = None
    if wanted.password is not None:
        require_good_password(wanted.password, login=login)
        password_hash = await asyncio.to_thread(hash_password, wanted.password)
    role = Role(found.role)
    part = Part(
        region_id=found.region_id,
        municipality_id=found.municipality_id,
        school_id=found.school_id,
    )
    account_id = await create_account(
        work,
        login=login,
        password_hash=password_hash,
        role=role,
        part=part,
        email=found.email,
        language=wanted.language,
    )
    if identity is not None and not await link(work, account_id, identity, now=now):
        raise identity_linked()
    await repository.accept_invitation(work, found.id, account_id, now=now)
    work.user_id = account_id
    await record_account(
        work,
        account_id,
        role,
        part,
        language=wanted.language,
        invitation_id=found.id,
    )
    return account_id, role


async def _require_open(work: Work, found: AnyRow, now: datetime) -> None:
    if found.accepted_at is not None:
        raise InvitationUsedError(
            Text(
                "По этому приглашению запись уже открыта.",
                "An account was opened with this invitation before.",
            )
        )
    if found.revoked_at is not None or not await _may_still_invite(work, found):
        raise InvitationRevokedError(
            Text(
                "Приглашение отозвано. Попросите новое.",
                "The invitation was taken back. Ask for another.",
            )
        )
    if found.expires_at <= now:
        raise InvitationExpiredError(
            Text(
                "Срок приглашения истёк. Попросите новое.",
                "The invitation has expired. Ask for another.",
            )
        )


async def _may_still_invite(work: Work, found: AnyRow) -> bool:
    issuer = await repository.find_issuer(work, found.issuer_id)
    return (
        issuer.is_active
        and may_assign(Role(issuer.role), Role(found.role))
        and issuer.municipality_id in {None, found.municipality_id}
    )


async def revoke(work: Work, invitation_id: int) -> None:
    """Take an invitation back; doing it again, or too late, changes nothing.

    Raises:
        InvitationNotFoundError: the caller sees no such invitation.
    """
    found = await find(work, invitation_id)
    now = system_now()
    if await repository.revoke_invitation(work, invitation_id, now=now):
        part = Part(municipality_id=found.municipality_id, school_id=found.school_id)
        changes = difference({"revoked_at": None}, {"revoked_at": now})
        await _record(work, invitation_id, part, "revoke", changes)


async def find(work: Work, invitation_id: int) -> AnyRow:
    """Return an invitation.

    Raises:
        InvitationNotFoundError: the caller sees no such invitation.
    """
    found = await repository.find_invitation(work, invitation_id)
    if found is None:
        raise InvitationNotFoundError(
            Text(
                f"Приглашения {invitation_id} нет.",
                f"There is no invitation {invitation_id}.",
            )
        )
    return found


async def _record(
    work: Work, invitation_id: int, part: Part, action: str, changes: Changes
) -> None:
    await record_change(
        work,
        "invitation",
        action,
        changes,
        municipality_id=part.municipality_id,
        entity_id=invitation_id,
        school_id=part.school_id,
    )


def _check_expiry(expires_at: datetime, now: datetime) -> None:
    if now < expires_at <= now + LONGEST_LIFE:
        return
    reason = Text(
        "Срок приглашения должен быть в будущем, не дальше чем через 90 дней.",
        "The expiry must be in the future, 90 days ahead at most.",
    )
    fault = Fault(column="expires_at", value=expires_at.isoformat(), reason=reason)
    raise InvalidInputError(reason, faults=[fault])
