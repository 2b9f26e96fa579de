"""What somebody may hand on: no place outside of the own part, no role above."""

from collections.abc import Iterable

from services.api.http.auth import Actor
from services.api.http.parts import own_part, part_within
from shared.domain.errors import ForbiddenError, Text
from shared.domain.permissions import GRANTS, Role, may_assign
from shared.domain.scopes import permissions_behind

__all__ = [
    "RoleAboveOwnError",
    "ScopeNotHeldError",
    "own_part",
    "part_within",
    "require_assignable",
    "require_held",
]


class RoleAboveOwnError(ForbiddenError):
    """The role is above the caller's own; nothing was changed."""

    code = "role_above_own"
    title = Text("Роль выше вашей", "The role is above your own")


def require_assignable(actor: Actor, role: Role) -> None:
    """Refuse to give, change or end a role that is above the actor's own.

    Raises:
        RoleAboveOwnError: it is.
    """
    if not may_assign(actor.role, role):
        raise RoleAboveOwnError(
            Text(
                f"Роль «{role}» вы не назначаете: она выше вашей роли «{actor.role}».",
                f"The role '{role}' is not yours to give: it is above your role "
                f"'{actor.role}'.",
            )
        )


class ScopeNotHeldError(ForbiddenError):
    """A program was to do what its issuer, or any program, may not; it was not made."""

    code = "scope_not_held"
    title = Text("Таких прав у вас нет", "You do not have these rights")


def require_held(actor: Actor, scopes: Iterable[str]) -> None:
    """Refuse to lend a program what the actor does not have, or no program may have.

    Raises:
        ScopeNotHeldError: a scope is not the actor's to give; the detail names it.
    """
    held = actor.permissions & GRANTS[Role.API_CLIENT]
    missing = permissions_behind([*scopes]) - held
    if missing:
        listed = ", ".join(sorted(missing))
        raise ScopeNotHeldError(
            Text(
                f"Нельзя выдать то, чего нет у вас самих или не бывает у токенов: "
                f"{listed}.",
                "What you do not have yourself, or no token may have, cannot be "
                f"given: {listed}.",
            )
        )
