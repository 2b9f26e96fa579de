"""Asking whether the state that things are in lets a file be written, or taken back."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from services.api.imports.errors import UndoBlockedError
from services.api.imports.lines import Place
from services.api.imports.marking import mark_bad
from services.api.imports.records import Municipality, StoredImport
from services.api.imports.refusals import outdated
from services.api.imports.targets import Target
from shared.domain.errors import Fault, Text
from shared.persistence.work import Work

MOST_FAULTS: Final = 100


async def refuse_clashing(work: Work, target: Target, place: Place) -> Counter[str]:
    """Make lines bad that cannot be written together; return how counts change."""
    if target.held is None:
        return Counter()
    municipality = Municipality(place.municipality_id, "", place.school_id)
    clashes = await target.held.find_clashes(work, place.id, municipality)
    return await mark_bad(work, clashes)


async def require_not_refused(work: Work, target: Target, file: StoredImport) -> None:
    """Let lines be written that would be accepted one by one by now, too.

    Raises:
        ImportOutdatedError: some would be refused.
    """
    if target.held is not None:
        faults = await target.held.find_refused(work, file.id, _municipality(file))
        if faults:
            raise outdated(file.id, faults[:MOST_FAULTS])


async def require_restorable(work: Work, target: Target, file: StoredImport) -> None:
    """Let what was written be taken back where it could be by hand, too.

    Raises:
        UndoBlockedError: some of it could not.
    """
    if target.held is not None:
        faults = await target.held.find_unrestorable(work, file.id, _municipality(file))
        if faults:
            raise _held(file.id, faults)


def _municipality(file: StoredImport) -> Municipality:
    return Municipality(file.municipality_id, "", file.school_id)


def _held(import_id: int, faults: Sequence[Fault]) -> UndoBlockedError:
    return UndoBlockedError(
        Text(
            f"То, что внесла загрузка {import_id}, сейчас нельзя вернуть: причины — в "
            "faults. Ничего не отменено.",
            f"What import {import_id} wrote cannot be taken back by now; faults say "
            "why. Nothing was undone.",
        ),
        faults=faults[:MOST_FAULTS],
    )
