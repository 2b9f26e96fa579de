"""Tables and previews of plans as JSON, and back."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from services.api.imports.records import stored_fault
from shared.domain.plan_tables.columns import Layout, PlanTable, Role
from shared.domain.plan_tables.compared import ComparedLine
from shared.domain.plan_tables.joining import Lines
from shared.domain.plan_tables.tables import PlanLine
from shared.domain.schedule import describe


def stored_source(table: PlanTable, lines: Lines) -> dict[str, Any]:
    """Return a table with its lines as it is kept."""
    layout = table.layout
    return {
        "name": table.name,
        "places": {role.value: place for role, place in layout.places.items()},
        "printed": list(layout.printed),
        "lines": [asdict(line) for line in lines.lines],
        "empty_blocks": [
            {"row": row, "title": title} for row, title in lines.empty_blocks
        ],
    }


def source_of(stored: Mapping[str, Any]) -> tuple[PlanTable, list[PlanLine]]:
    """Return a table, without its rows, and its lines as they were before."""
    places = {Role(role): place for role, place in stored["places"].items()}
    layout = Layout(places, printed=tuple(stored["printed"]))
    lines = [PlanLine(**line) for line in stored["lines"]]
    return PlanTable(stored["name"], layout, ()), lines


def stored_preview(
    lines: Sequence[ComparedLine], missing: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return what is shown of a table, as it is kept and as it is fingerprinted."""
    return {
        "lines": [_line(place, each) for place, each in enumerate(lines, start=1)],
        "missing": [
            {name: measure[name] for name in ("key", "number", "title")}
            for measure in missing
        ],
    }


def fingerprint_of(preview: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """Return the hash of all that a commit would do."""
    whole = json.dumps(
        {"preview": preview, "options": options}, sort_keys=True, ensure_ascii=False
    )
    return hashlib.sha256(whole.encode()).hexdigest()


def _line(place: int, compared: ComparedLine) -> dict[str, Any]:
    schedule = compared.schedule
    words = None if schedule is None else asdict(describe(schedule))
    return {
        "line": place,
        "rows": compared.line.rows,
        "state": compared.state.value,
        "key": compared.key,
        "parent": compared.parent,
        **compared.values,
        "schedule_kind": None if schedule is None else schedule.kind,
        "schedule": words,
        "occurrences": [
            {
                "number": each.number,
                "starts_on": each.starts_on.isoformat(),
                "nominal_due_on": each.nominal_due_on.isoformat(),
                "due_on": each.due_on.isoformat(),
                "before_programme": each.before_programme,
            }
            for each in compared.occurrences
        ],
        "changes": compared.changes,
        "faults": [dict(stored_fault(fault)) for fault in compared.faults],
    }
