"""Adding up the budget of a programme."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from services.api.programmes.schemas import (
    BudgetSourceOut,
    BudgetTotalsOut,
    BudgetYearOut,
)
from shared.persistence.paging import AnyRow

NOTHING: Final = Decimal("0.00")


def budget_totals(programme_id: int, rows: Sequence[AnyRow]) -> BudgetTotalsOut:
    """Return the sums of `rows`, which come by year and source."""
    years = [
        _year_out(year, list(of_year))
        for year, of_year in groupby(rows, key=lambda row: row.year)
    ]
    return BudgetTotalsOut(programme_id=programme_id, years=years, **_sums(rows))


def _year_out(year: int, rows: Sequence[AnyRow]) -> BudgetYearOut:
    sources = [BudgetSourceOut(source=row.source, **_sums([row])) for row in rows]
    return BudgetYearOut(year=year, sources=sources, **_sums(rows))


def _sums(rows: Sequence[AnyRow]) -> dict[str, Any]:
    planned = sum((row.planned for row in rows), NOTHING)
    spent = sum((row.spent for row in rows), NOTHING)
    return {
        "items": sum(row.items for row in rows),
        "items_not_spent": sum(row.items_not_spent for row in rows),
        "planned": planned,
        "spent": spent,
        "remaining": planned - spent,
    }
