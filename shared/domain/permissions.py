"""Roles, permissions, and which role has which."""

from collections.abc import Collection
from enum import StrEnum


class Role(StrEnum):
    """What an account is for."""

    ADMINISTRATOR = "administrator"
    REGIONAL_ANALYST = "regional_analyst"
    MUNICIPAL_COORDINATOR = "municipal_coordinator"
    METHODIST = "methodist"
    SCHOOL_EDITOR = "school_editor"
    SCHOOL_READER = "school_reader"
    API_CLIENT = "api_client"
    PUBLIC = "public"


class Permission(StrEnum):
    """`<dataset>:<action>`; for which schools is decided by the account's scope."""

    ORGANISATIONS_READ = "organisations:read"
    TERRITORIES_WRITE = "territories:write"
    ORGANISATIONS_WRITE = "organisations:write"
    CONTACTS_WRITE = "contacts:write"
    CONDITIONS_READ = "conditions:read"
    CONDITIONS_WRITE = "conditions:write"
    LISTS_WRITE = "lists:write"
    OBJECTIVITY_EXPLAIN = "objectivity:explain"
    SURVEYS_READ = "surveys:read"
    SURVEYS_WRITE = "surveys:write"
    SCORES_READ = "scores:read"
    SCORES_WRITE = "scores:write"
    RISKS_READ = "risks:read"
    RISKS_WRITE = "risks:write"
    RESULTS_READ = "results:read"
    RESULTS_WRITE = "results:write"
    IMPORTS_READ = "imports:read"
    IMPORTS_WRITE = "imports:write"
    INDICATORS_READ = "indicators:read"
    RANKINGS_READ = "rankings:read"
    RANKINGS_PUBLISH = "rankings:publish"
    RANKINGS_OBJECT = "rankings:object"
    METHODS_READ = "methods:read"
    METHODS_WRITE = "methods:write"
    IDENTIFICATION_READ = "identification:read"
    IDENTIFICATION_CHECKS_READ = "identification_checks:read"
    IDENTIFICATION_DECIDE = "identification:decide"
    PROGRAMMES_READ = "programmes:read"
    PROGRAMMES_WRITE = "programmes:write"
    EVIDENCE_READ = "evidence:read"
    SCHOOL_PROGRAMMES_READ = "school_programmes:read"
    SCHOOL_PROGRAMMES_WRITE = "school_programmes:write"
    SCHOOL_PROGRAMMES_DECIDE = "school_programmes:decide"
    RECOMMENDATIONS_READ = "recommendations:read"
    RECOMMENDATIONS_WRITE = "recommendations:write"
    RECOMMENDATIONS_ANSWER = "recommendations:answer"
    DEADLINES_READ = "deadlines:read"
    DEADLINES_SUBMIT = "deadlines:submit"
    DEADLINES_DECIDE = "deadlines:decide"
    AGREEMENTS_READ = "agreements:read"
    AGREEMENTS_WRITE = "agreements:write"
    AGREEMENTS_SIGN = "agreements:sign"
    MENTOR_BANK_READ = "mentor_bank:read"
    MENTOR_BANK_WRITE = "mentor_bank:write"
    TANDEMS_READ = "tandems:read"
    TANDEMS_WRITE = "tandems:write"
    INBOX_READ = "inbox:read"
    REMINDERS_READ = "reminders:read"
    DELIVERIES_WRITE = "deliveries:write"
    REMINDERS_ANSWER = "reminders:answer"
    REMINDER_RULES_WRITE = "reminder_rules:write"
    REGIONAL_REMINDER_RULES_WRITE = "regional_reminder_rules:write"
    AUDIT_READ = "audit:read"
    CHANGES_READ = "changes:read"
    EXCHANGE_READ = "exchange:read"
    EXCHANGE_WRITE = "exchange:write"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
    YEARS_READ = "years:read"
    YEARS_SUBMIT = "years:submit"
    YEARS_DECIDE = "years:decide"
    YEARS_CORRECT = "years:correct"
    ACCOUNTS_READ = "accounts:read"
    ACCOUNTS_WRITE = "accounts:write"
    TEACHERS_READ = "teachers:read"
    TEACHERS_WRITE = "teachers:write"
    API_TOKENS_READ = "api_tokens:read"
    API_TOKENS_WRITE = "api_tokens:write"
    PUBLIC_READ = "public:read"
    SANDBOX_WRITE = "sandbox:write"


# Whoever asks, without an account.
_PUBLIC = frozenset({Permission.PUBLIC_READ})

_SCHOOL_READER = _PUBLIC | frozenset(
    {
        Permission.ORGANISATIONS_READ,
        Permission.CONDITIONS_READ,
        Permission.SURVEYS_READ,
        Permission.SCORES_READ,
        Permission.RISKS_READ,
        Permission.RESULTS_READ,
        Permission.INDICATORS_READ,
        Permission.RANKINGS_READ,
        Permission.METHODS_READ,
        Permission.IDENTIFICATION_READ,
        Permission.PROGRAMMES_READ,
        Permission.SCHOOL_PROGRAMMES_READ,
        Permission.RECOMMENDATIONS_READ,
        Permission.DEADLINES_READ,
        Permission.AGREEMENTS_READ,
        Permission.MENTOR_BANK_READ,
        Permission.TANDEMS_READ,
        Permission.INBOX_READ,
        Permission.YEARS_READ,
    }
)

_SCHOOL_EDITOR = _SCHOOL_READER | {
    Permission.CONTACTS_WRITE,
    Permission.CONDITIONS_WRITE,
    Permission.OBJECTIVITY_EXPLAIN,
    Permission.RANKINGS_OBJECT,
    Permission.SURVEYS_WRITE,
    Permission.RISKS_WRITE,
    Permission.RESULTS_WRITE,
    Permission.SCHOOL_PROGRAMMES_WRITE,
    Permission.RECOMMENDATIONS_ANSWER,
    Permission.DEADLINES_SUBMIT,
    Permission.AGREEMENTS_SIGN,
    Permission.REMINDERS_ANSWER,
    Permission.MENTOR_BANK_WRITE,
    Permission.TANDEMS_WRITE,
    Permission.YEARS_SUBMIT,
    Permission.TEACHERS_READ,
    Permission.TEACHERS_WRITE,
    Permission.IMPORTS_READ,
    Permission.IMPORTS_WRITE,
}

# Methodists help schools: they draft agreements and see what was reminded of, but
# neither sign for anybody nor enter results.
_METHODIST = _SCHOOL_READER | {
    Permission.IDENTIFICATION_CHECKS_READ,
    Permission.RECOMMENDATIONS_WRITE,
    Permission.EVIDENCE_READ,
    Permission.AGREEMENTS_WRITE,
    Permission.REMINDERS_READ,
}

# What a school says of itself, nobody says for it.
_OF_THE_SCHOOL = frozenset({Permission.OBJECTIVITY_EXPLAIN, Permission.RANKINGS_OBJECT})
_COORDINATOR = (_SCHOOL_EDITOR - _OF_THE_SCHOOL) | {
    Permission.RANKINGS_PUBLISH,
    Permission.ORGANISATIONS_WRITE,
    Permission.LISTS_WRITE,
    Permission.IDENTIFICATION_CHECKS_READ,
    Permission.IDENTIFICATION_DECIDE,
    Permission.SCORES_WRITE,
    Permission.METHODS_WRITE,
    Permission.PROGRAMMES_WRITE,
    Permission.EVIDENCE_READ,
    Permission.SCHOOL_PROGRAMMES_DECIDE,
    Permission.DEADLINES_DECIDE,
    Permission.RECOMMENDATIONS_WRITE,
    Permission.ACCOUNTS_READ,
    Permission.ACCOUNTS_WRITE,
    Permission.API_TOKENS_READ,
    Permission.API_TOKENS_WRITE,
    Permission.AGREEMENTS_WRITE,
    Permission.REMINDERS_READ,
    Permission.DELIVERIES_WRITE,
    Permission.REMINDER_RULES_WRITE,
    Permission.AUDIT_READ,
    Permission.CHANGES_READ,
    Permission.EXCHANGE_READ,
    Permission.EXCHANGE_WRITE,
    Permission.WEBHOOKS_READ,
    Permission.WEBHOOKS_WRITE,
    Permission.YEARS_DECIDE,
    Permission.YEARS_CORRECT,
}

# Who may do what is the business of those who give rights; no token gives any on.
_OF_ACCESS = frozenset(
    {
        Permission.ACCOUNTS_READ,
        Permission.ACCOUNTS_WRITE,
        Permission.API_TOKENS_READ,
        Permission.API_TOKENS_WRITE,
    }
)

# Names of persons are for whoever keeps them: their school, and its municipality.
_OF_PERSONS = frozenset({Permission.TEACHERS_READ, Permission.TEACHERS_WRITE})

# Reads whatever there is of the region; writes how it is scored and reminded.
_ANALYST = (
    frozenset(permission for permission in Permission if permission.endswith(":read"))
    - _OF_ACCESS
    - _OF_PERSONS
) | {Permission.METHODS_WRITE, Permission.REGIONAL_REMINDER_RULES_WRITE}

# What a token may have at most; it has of this what it was given and its issuer has.
_API_CLIENT = (
    frozenset(Permission) - _OF_ACCESS - _OF_PERSONS - {Permission.SANDBOX_WRITE}
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.REGIONAL_ANALYST: _ANALYST,
    Role.MUNICIPAL_COORDINATOR: _COORDINATOR,
    Role.METHODIST: _METHODIST,
    Role.SCHOOL_EDITOR: _SCHOOL_EDITOR,
    Role.SCHOOL_READER: _SCHOOL_READER,
    Role.API_CLIENT: _API_CLIENT,
    Role.PUBLIC: _PUBLIC,
}

# Which roles one may give, and take, within the own part of the tree: none above.
ASSIGNABLE: dict[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: frozenset(Role) - {Role.API_CLIENT, Role.PUBLIC},
    Role.MUNICIPAL_COORDINATOR: frozenset(
        {
            Role.MUNICIPAL_COORDINATOR,
            Role.METHODIST,
            Role.SCHOOL_EDITOR,
            Role.SCHOOL_READER,
        }
    ),
}


def may_assign(giver: Role, role: Role) -> bool:
    """Tell whether accounts of one role may open, change and end those of another."""
    return role in ASSIGNABLE.get(giver, frozenset())


def permissions_of_client(
    issuer: Role, scopes: Collection[str]
) -> frozenset[Permission]:
    """Return what a token with these scopes may do, while its issuer has this role.

    Scopes that are not known any more give nothing.
    """
    return frozenset(
        permission
        for permission in GRANTS[issuer] & GRANTS[Role.API_CLIENT]
        if permission in scopes
    )
