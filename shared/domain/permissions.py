"""Roles, permissions, and which role has which."""

from enum import StrEnum


class Role(StrEnum):
    """What an account is for."""

    ADMINISTRATOR = "administrator"
    REGIONAL_ANALYST = "regional_analyst"
    MUNICIPAL_COORDINATOR = "municipal_coordinator"
    METHODIST = "methodist"
    SCHOOL_EDITOR = "school_editor"
    SCHOOL_READER = "school_reader"


class Permission(StrEnum):
    """`<dataset>:<action>`; for which schools is decided by the account's scope."""

    ORGANISATIONS_READ = "organisations:read"
    CONDITIONS_READ = "conditions:read"
    RESULTS_READ = "results:read"
    RESULTS_WRITE = "results:write"
    IMPORTS_READ = "imports:read"
    IMPORTS_WRITE = "imports:write"
    INDICATORS_READ = "indicators:read"
    RANKINGS_READ = "rankings:read"
    PROGRAMMES_READ = "programmes:read"
    DEADLINES_READ = "deadlines:read"
    AGREEMENTS_READ = "agreements:read"
    AGREEMENTS_WRITE = "agreements:write"
    AGREEMENTS_SIGN = "agreements:sign"
    INBOX_READ = "inbox:read"
    REMINDERS_READ = "reminders:read"
    AUDIT_READ = "audit:read"
    SANDBOX_WRITE = "sandbox:write"


_SCHOOL_READER = frozenset(
    {
        Permission.ORGANISATIONS_READ,
        Permission.CONDITIONS_READ,
        Permission.RESULTS_READ,
        Permission.INDICATORS_READ,
        Permission.RANKINGS_READ,
        Permission.PROGRAMMES_READ,
        Permission.DEADLINES_READ,
        Permission.AGREEMENTS_READ,
        Permission.INBOX_READ,
    }
)

_SCHOOL_EDITOR = _SCHOOL_READER | {
    Permission.RESULTS_WRITE,
    Permission.AGREEMENTS_SIGN,
}

# Methodists help schools: they draft agreements and see what was reminded of, but
# neither sign for anybody nor enter results.
_METHODIST = _SCHOOL_READER | {
    Permission.AGREEMENTS_WRITE,
    Permission.REMINDERS_READ,
}

_COORDINATOR = _SCHOOL_EDITOR | {
    Permission.IMPORTS_READ,
    Permission.IMPORTS_WRITE,
    Permission.AGREEMENTS_WRITE,
    Permission.REMINDERS_READ,
    Permission.AUDIT_READ,
}

# Reads whatever there is of the region, and writes nothing.
_ANALYST = frozenset(
    permission for permission in Permission if permission.endswith(":read")
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.REGIONAL_ANALYST: _ANALYST,
    Role.MUNICIPAL_COORDINATOR: _COORDINATOR,
    Role.METHODIST: _METHODIST,
    Role.SCHOOL_EDITOR: _SCHOOL_EDITOR,
    Role.SCHOOL_READER: _SCHOOL_READER,
}
