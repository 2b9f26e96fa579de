"""Tables of plans, written as their rows."""

from collections.abc import Sequence

from shared.domain.plan_tables.columns import PlanTable, plan_tables
from shared.domain.plan_tables.joining import lines_of
from shared.domain.plan_tables.numbering import set_parents
from shared.domain.plan_tables.tables import PlanLine, SourceTable, TableRow


def table(*rows: Sequence[str], name: str = "лист") -> SourceTable:
    """Return the table of these rows."""
    numbered = enumerate(rows, start=1)
    return SourceTable(name, tuple(TableRow(n, tuple(row)) for n, row in numbered))


def plan(*rows: Sequence[str]) -> PlanTable:
    """Return the one plan of a table."""
    (found,) = plan_tables([table(*rows)], {})
    return found


def lines(*rows: Sequence[str]) -> list[PlanLine]:
    """Return the lines of a plan, in their tree."""
    found = lines_of(plan(*rows)).lines
    set_parents(found)
    return found
