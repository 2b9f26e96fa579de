"""Scopes of other standards, and the permissions that they stand for here."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from shared.domain.permissions import Permission

_ONEROSTER: Final = "https://purl.imsglobal.org/spec/or/v1p2/scope/"


class Scope(StrEnum):
    """Scopes that programs of OneRoster 1.2 ask for, of what is answered here."""

    ROSTER = _ONEROSTER + "roster.readonly"
    ROSTER_CORE = _ONEROSTER + "roster-core.readonly"
    GRADEBOOK = _ONEROSTER + "gradebook.readonly"


BEHIND: Final[dict[Scope, Permission]] = {
    Scope.ROSTER: Permission.ORGANISATIONS_READ,
    Scope.ROSTER_CORE: Permission.ORGANISATIONS_READ,
    Scope.GRADEBOOK: Permission.RESULTS_READ,
}


def permissions_behind(scopes: Collection[str]) -> frozenset[str]:
    """Return the permissions that scopes name; what is not known stays as it is.

    >>> sorted(permissions_behind({Scope.ROSTER_CORE, "results:read"}))
    ['organisations:read', 'results:read']
    """
    known = {str(scope): str(permission) for scope, permission in BEHIND.items()}
    return frozenset(known.get(str(scope), str(scope)) for scope in scopes)
