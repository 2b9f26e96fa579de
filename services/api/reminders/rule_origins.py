"""The rules in force at a part of the tree, and who decided each part of them."""

from collections.abc import Sequence
from typing import Any

from services.api.reminders.rule_schemas import OriginOut
from shared.domain.deadlines import DeadlineKind
from shared.domain.reminders.rule_books import PlacedChange
from shared.domain.reminders.rule_documents import written
from shared.domain.reminders.rules import PARTS, ReminderRules, changed


def in_force(
    installation: ReminderRules,
    found: Sequence[PlacedChange],
    kind: DeadlineKind | None,
) -> dict[str, Any]:
    """Return the fields of an answer: the rules, and `origins` of each part.

    `found` are the changes that the part is under, the farthest first.
    """
    shipped = [PlacedChange("installation", None, installation.as_change())]
    if kind is not None and (of_kind := installation.by_kind.get(kind)) is not None:
        shipped.append(PlacedChange("installation", kind, of_kind))
    placed = [*shipped, *found]
    rules = changed(installation.general, [each.change for each in placed])
    origins = {
        part: OriginOut.model_validate(
            {
                "scope": each.scope,
                "kind": each.kind,
                "provenance": each.change.provenance,
            }
        )
        for each in placed
        for part in PARTS
        if getattr(each.change, part) is not None
    }
    return {"origins": origins, **written(rules)}
