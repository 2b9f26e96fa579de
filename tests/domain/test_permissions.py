"""Which role may do what, written out, so that no change of it goes unseen."""

import pytest

from shared.domain.permissions import GRANTS, Permission, Role

# In the order of `COLUMNS`; a line that is missing or too much fails.
COLUMNS = (
    Role.ADMINISTRATOR,
    Role.REGIONAL_ANALYST,
    Role.MUNICIPAL_COORDINATOR,
    Role.METHODIST,
    Role.SCHOOL_EDITOR,
    Role.SCHOOL_READER,
    Role.API_CLIENT,
    Role.PUBLIC,
)
TABLE = """
organisations:read       + + + + + + + -
territories:write        + - - - - - + -
organisations:write      + - + - - - + -
contacts:write           + - + - + - + -
conditions:read          + + + + + + + -
conditions:write         + - + - + - + -
lists:write              + - + - - - + -
objectivity:explain      + - - - + - + -
surveys:read             + + + + + + + -
surveys:write            + - + - + - + -
scores:read              + + + + + + + -
scores:write             + - + - - - + -
risks:read               + + + + + + + -
risks:write              + - + - + - + -
results:read             + + + + + + + -
results:write            + - + - + - + -
imports:read             + + + - + - + -
imports:write            + - + - + - + -
indicators:read          + + + + + + + -
rankings:read            + + + + + + + -
rankings:publish         + - + - - - + -
rankings:object          + - - - + - + -
methods:read             + + + + + + + -
methods:write            + + + - - - + -
identification:read      + + + + + + + -
identification_checks:read + + + + - - + -
identification:decide    + - + - - - + -
programmes:read          + + + + + + + -
programmes:write         + - + - - - + -
evidence:read            + + + + - - + -
school_programmes:read   + + + + + + + -
school_programmes:write  + - + - + - + -
school_programmes:decide + - + - - - + -
recommendations:read     + + + + + + + -
recommendations:write    + - + + - - + -
recommendations:answer   + - + - + - + -
deadlines:read           + + + + + + + -
deadlines:submit         + - + - + - + -
deadlines:decide         + - + - - - + -
agreements:read          + + + + + + + -
agreements:write         + - + + - - + -
agreements:sign          + - + - + - + -
mentor_bank:read         + + + + + + + -
mentor_bank:write        + - + - + - + -
tandems:read             + + + + + + + -
tandems:write            + - + - + - + -
inbox:read               + + + + + + + -
deliveries:write         + - + - - - + -
reminders:read           + + + + - - + -
reminders:answer         + - + - + - + -
reminder_rules:write     + - + - - - + -
regional_reminder_rules:write + + - - - - + -
audit:read               + + + - - - + -
changes:read             + + + - - - + -
exchange:read            + + + - - - + -
exchange:write           + - + - - - + -
webhooks:read            + + + - - - + -
webhooks:write           + - + - - - + -
years:read               + + + + + + + -
years:submit             + - + - + - + -
years:decide             + - + - - - + -
years:correct            + - + - - - + -
accounts:read            + - + - - - - -
accounts:write           + - + - - - - -
teachers:read            + - + - + - - -
teachers:write           + - + - + - - -
api_tokens:read          + - + - - - - -
api_tokens:write         + - + - - - - -
public:read              + + + + + + + +
sandbox:write            + - - - - - - -
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]


def test_the_table_names_every_permission_and_every_role() -> None:
    assert sorted(row[0] for row in ROWS) == sorted(Permission)
    assert set(COLUMNS) == set(Role) == set(GRANTS)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_each_role_has_what_the_table_says(row: list[str]) -> None:
    permission = Permission(row[0])
    marks = ["+" if permission in GRANTS[role] else "-" for role in COLUMNS]
    assert marks == row[1:]
