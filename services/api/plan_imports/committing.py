"""The changes of a programme that a plan's table comes to."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.api.plan_imports.errors import PlanLinesRefusedError
from services.api.plan_imports.previewing import Previewed
from shared.domain.errors import Fault, Text
from shared.domain.plan_tables.compared import ComparedLine, LineState, Statement
from shared.domain.programme_state import ChangeKind


def require_readable(previewed: Previewed, statements: Mapping[int, Statement]) -> None:
    """Check that nothing unclear is left.

    Raises:
        PlanLinesRefusedError: a line cannot be read, hangs under one that is left out,
            or a statement is about no line; every one is named.
    """
    faults = [*_faults(previewed, statements)]
    if faults:
        raise PlanLinesRefusedError(
            Text(
                f"Ничего не изменено. Не приняты строки: {len(faults)}. Исправьте "
                "таблицу, укажите срок строки (lines.term) или оставьте её "
                "(lines.leave_out).",
                f"Nothing was changed. Lines not accepted: {len(faults)}. Correct the "
                "table, state a line's term (lines.term) or leave it out "
                "(lines.leave_out).",
            ),
            faults=faults,
        )


def _faults(
    previewed: Previewed, statements: Mapping[int, Statement]
) -> Iterator[Fault]:
    for place in sorted(statements):
        if place > len(previewed.lines):
            reason = Text(
                f"Строки {place} в таблице нет.", f"The table has no line {place}."
            )
            yield Fault(reason=reason, column="body.lines", value=str(place))
    left_out = {
        each.key for each in previewed.lines if each.state is LineState.LEFT_OUT
    }
    for each in previewed.lines:
        if each.state is LineState.UNREADABLE:
            yield from each.faults
        elif each.state is LineState.NEW and each.parent in left_out:
            yield _orphan(each)


def _orphan(line: ComparedLine) -> Fault:
    return Fault(
        reason=Text(
            "Строка входит в ту, что оставлена: оставьте и её.",
            "The line hangs under one that is left out: leave it out too.",
        ),
        row=line.line.rows[0],
        value=f"{line.values['number']} {line.values['title']}"[:200],
    )


def commands_of(
    previewed: Previewed, *, plan: str, withdraw_missing: bool
) -> list[dict[str, Any]]:
    """Return the changes as an order would write them, in the table's order."""
    commands: list[dict[str, Any]] = []
    for each in previewed.lines:
        if each.state is LineState.NEW:
            measure = {
                "key": each.key,
                "plan": plan,
                "parent": each.parent,
                **each.values,
            }
            commands.append({"kind": ChangeKind.ADD_MEASURE, "measure": measure})
        elif each.state is LineState.CHANGED:
            changed = {name: pair[1] for name, pair in each.changes.items()}
            commands.append(
                {
                    "kind": ChangeKind.REPLACE_MEASURE,
                    "key": each.key,
                    "measure": changed,
                }
            )
    if withdraw_missing:
        commands += [
            {"kind": ChangeKind.WITHDRAW_MEASURE, "key": measure["key"]}
            for measure in previewed.missing
        ]
    return commands
