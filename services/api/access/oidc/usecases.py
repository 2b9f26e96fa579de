"""Signing in by another system's word, and saying whose word is whose account."""

from services.api.access.administration.usecases import find as find_account
from services.api.access.oidc import repository
from services.api.access.parts import require_assignable
from services.api.access.session_repository import Caller
from services.api.access.usecases import open_session
from services.api.http.auth import Actor
from services.api.identity.errors import OidcNotConfiguredError
from services.api.identity.provider import Identity, IdentityProvider
from shared.domain.errors import ConflictError, ForbiddenError, NotFoundError, Text
from shared.domain.permissions import Role
from shared.persistence.audit import record_change
from shared.persistence.paging import AnyRow
from shared.persistence.work import EVERYTHING, Work
from shared.runtime.clock import system_now


class NoLinkedAccountError(ForbiddenError):
    """Whoever signs in is known to the provider, and has no active account here."""

    code = "no_linked_account"
    title = Text("Нет учётной записи", "No account here")


class IdentityLinkedError(ConflictError):
    """The identity belongs to an account already."""

    code = "identity_linked"
    title = Text("Уже связано", "Linked already")


class IdentityNotFoundError(NotFoundError):
    """The account has no such identity."""

    code = "identity_not_found"
    title = Text("Связь не найдена", "Identity not found")


def configured(provider: IdentityProvider | None) -> IdentityProvider:
    """Return the provider.

    Raises:
        OidcNotConfiguredError: there is none.
    """
    if provider is None:
        raise OidcNotConfiguredError(
            Text(
                "Внешний вход здесь не настроен: войдите по логину и паролю.",
                "No identity provider is set up here: sign in with login and password.",
            )
        )
    return provider


async def sign_in(work: Work, identity: Identity, caller: Caller) -> tuple[int, int]:
    """Open a session of the account that the identity is linked to; return both.

    Raises:
        NoLinkedAccountError: there is none.
    """
    await work.enter_as_system(EVERYTHING)
    account_id = await repository.find_account_of(work, identity)
    if account_id is None:
        raise NoLinkedAccountError(
            Text(
                "С этим входом не связана действующая учётная запись. Попросите "
                "координатора связать её или пригласить вас.",
                "No active account is linked to this identity. Ask your coordinator "
                "to link one, or for an invitation.",
            )
        )
    return account_id, await open_session(work, account_id, caller, how="oidc")


async def link(work: Work, actor: Actor, account_id: int, identity: Identity) -> AnyRow:
    """Link an identity to an account and return the link.

    Raises:
        AccountNotFoundError: the caller sees no such account.
        RoleAboveOwnError: the account's role is above the caller's.
        IdentityLinkedError: the identity is linked already, to whatever account.
    """
    account = await find_account(work, account_id)
    require_assignable(actor, Role(account.role))
    identity_id = await repository.link(work, account_id, identity, now=system_now())
    if identity_id is None:
        raise identity_linked()
    await _record(work, account, "link_identity", identity_id)
    return await repository.find_identity(work, identity_id)


async def unlink(work: Work, actor: Actor, account_id: int, identity_id: int) -> None:
    """Take a link away.

    Raises:
        AccountNotFoundError: the caller sees no such account.
        RoleAboveOwnError: the account's role is above the caller's.
        IdentityNotFoundError: the account has no such identity.
    """
    account = await find_account(work, account_id)
    require_assignable(actor, Role(account.role))
    if not await repository.unlink(work, account_id, identity_id):
        raise IdentityNotFoundError(
            Text(
                f"У учётной записи {account_id} нет связи {identity_id}.",
                f"The account {account_id} has no identity {identity_id}.",
            )
        )
    await _record(work, account, "unlink_identity", identity_id)


def identity_linked() -> IdentityLinkedError:
    """Return the refusal to link the same identity again."""
    return IdentityLinkedError(
        Text(
            "Этот вход уже связан с учётной записью.",
            "This identity is linked to an account already.",
        )
    )


async def _record(work: Work, account: AnyRow, action: str, identity_id: int) -> None:
    # The provider's name for a person is no business of the audit.
    await record_change(
        work,
        "user",
        action,
        {"identity": [None, identity_id]},
        municipality_id=account.municipality_id,
        entity_id=account.id,
        school_id=account.school_id,
    )
