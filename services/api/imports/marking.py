"""Lines that turn out bad once all of a file is read."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import text

from services.api.imports.form_lines import FormLine
from services.api.imports.records import Action, stored_fault
from shared.domain.errors import Fault
from shared.persistence.work import Work

BETWEEN_ITEMS: Final = " | "
_MARK: Final = text(
    """
    WITH given AS MATERIALIZED (
    SELECT line.id, line.action, of.faults, of.cells
    FROM api.import_lines line
    JOIN unnest(CAST(:ids AS bigint[]), CAST(:faults AS text[]),
      CAST(:cells AS text[])) AS of(id, faults, cells) ON of.id = line.id),
    marked AS (
    UPDATE api.import_lines line SET action = 'bad', record = NULL,
      target_id = NULL, target_version = NULL, previous = NULL,
      faults = CAST(given.faults AS jsonb), cells = CAST(given.cells AS jsonb)
    FROM given WHERE line.id = given.id)
    SELECT action, count(*) FROM given GROUP BY action
    """
)


async def mark_bad(
    work: Work, bad: Sequence[tuple[FormLine, Sequence[Fault]]]
) -> Counter[str]:
    """Make lines bad for these faults; return how the counts change."""
    changes: Counter[str] = Counter()
    if not bad:
        return changes
    parameters = {
        "ids": [line.id for line, _ in bad],
        "faults": [
            _json([stored_fault(line.blamed(f)) for f in fs]) for line, fs in bad
        ],
        "cells": [_json(_cells(line)) for line, _ in bad],
    }
    for action, count in await work.session.execute(_MARK, parameters):
        changes.update({action: -count, Action.BAD: count})
    return changes


def _cells(line: FormLine) -> dict[str, Any]:
    """Return what stands in a line, as the cells of its form are kept."""
    return {
        name: BETWEEN_ITEMS.join(value) if isinstance(value, list) else value
        for name, value in line.record.items()
        if value is not None
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
