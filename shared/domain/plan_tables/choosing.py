"""The one plan that is meant, among the tables of a document."""

from collections.abc import Sequence

from shared.domain.errors import Fault, Text
from shared.domain.plan_tables.columns import PlanTable, PlanTableError
from shared.domain.plan_tables.tables import SourceTable

MOST_LINES = 1_000
MOST_CHARACTERS = 2_000_000
_SHOWN = 5


def chosen_table(
    tables: Sequence[SourceTable], plans: Sequence[PlanTable], wanted: int | None
) -> PlanTable:
    """Return the plan with the number `wanted`, from 1; the only one if it is None.

    Raises:
        PlanTableError: there is none, or there are several and nobody said which; the
            faults show what there is.
    """
    if not plans:
        raise _none(tables)
    if wanted is None and len(plans) > 1:
        raise _several(plans)
    if wanted is not None and wanted > len(plans):
        reason = Text(
            f"Планов в документе {len(plans)}: таблицы {wanted} среди них нет.",
            f"The document has {len(plans)} plans: there is no table {wanted}.",
        )
        raise PlanTableError(reason, faults=[Fault(reason=reason, column="table")])
    plan = plans[(wanted or 1) - 1]
    size = sum(len(cell) for row in plan.rows for cell in row.cells)
    if len(plan.rows) > MOST_LINES or size > MOST_CHARACTERS:
        raise PlanTableError(
            Text(
                f"В плане больше {MOST_LINES} строк или {MOST_CHARACTERS} знаков: "
                "разделите его.",
                f"The plan has over {MOST_LINES} rows or {MOST_CHARACTERS} characters: "
                "divide it.",
            )
        )
    return plan


def no_lines(table: PlanTable) -> PlanTableError:
    """Say that a plan has nothing below its header."""
    reason = Text(
        "Под заголовком плана нет ни одной строки с мероприятием.",
        "No line with a measure stands below the plan's header.",
    )
    row = table.layout.header_row or None
    return PlanTableError(
        reason, faults=[Fault(reason=reason, sheet=table.name, row=row)]
    )


def _none(tables: Sequence[SourceTable]) -> PlanTableError:
    reason = Text(
        "нет строки заголовка, где названы мероприятие и срок. Допишите её или укажите "
        "столбцы: title_column, term_column и другие.",
        "there is no header that names the measure and its term. Add one, or state the "
        "columns: title_column, term_column and others.",
    )
    faults = [
        Fault(
            reason=reason,
            sheet=table.name,
            row=table.rows[0].number if table.rows else None,
            value=" | ".join(table.rows[0].cells)[:200] if table.rows else None,
        )
        for table in tables[:_SHOWN]
    ]
    return PlanTableError(
        Text(f"Таблица плана не найдена: {reason.ru}", f"No plan found: {reason.en}"),
        faults=faults,
    )


def _several(plans: Sequence[PlanTable]) -> PlanTableError:
    faults = [
        Fault(
            reason=Text(f"План {number}: table={number}.", f"Plan: table={number}."),
            sheet=plan.name,
            row=plan.layout.header_row or None,
            value=" | ".join(plan.layout.printed)[:200],
        )
        for number, plan in enumerate(plans, start=1)
    ]
    return PlanTableError(
        Text(
            f"Планов в документе {len(plans)}: укажите номер нужного в поле table.",
            f"The document has {len(plans)} plans: state the number of the one that is "
            "meant in the field table.",
        ),
        faults=faults,
    )
