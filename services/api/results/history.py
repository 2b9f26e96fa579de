"""What was known of a result when: its versions, read back from the audit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.api.results import repository
from services.api.results.records import StoredResult
from services.api.results.schemas import ResultHistoryOut, ResultVersionOut
from services.api.results.usecases import FIGURES, IDENTITY, unknown_result
from shared.domain.versions import KnownVersion, RecordedChange, known_versions
from shared.persistence.work import Work

KEPT = (*IDENTITY, *FIGURES)
MADE_BY = ("action", "reason", "import_id", "actor_id", "actor_role")
# Counts that every result has; the audit of an import leaves out those it sets to 0.
ALWAYS_COUNTED = ("n_absent", "n_ungraded")


async def read_history(
    work: Work, result_id: int, *, as_of: datetime | None
) -> ResultHistoryOut:
    """Return the versions of a result, or the one that was known at `as_of`.

    Raises:
        ResultNotFoundError: the caller sees no such result, nor that there was one.
    """
    present = await repository.read_result(work, result_id)
    entries = await repository.list_changes(work, result_id)
    owner = present or next(iter(entries), None)
    if owner is None:
        raise unknown_result(result_id)
    return ResultHistoryOut(
        result_id=result_id,
        municipality_id=owner.municipality_id,
        school_id=owner.school_id,
        synthetic=owner.synthetic,
        items=[
            item
            for item in versions_of(present, entries)
            if as_of is None or was_known(item, as_of)
        ],
    )


def versions_of(
    present: StoredResult | None, entries: Sequence[Any]
) -> list[ResultVersionOut]:
    """Return the versions of one result, oldest first.

    `entries` are what the audit has of it, oldest first: each with `at`, `changes` and
    the columns that tell who made it.
    """
    changes = [
        RecordedChange(entry.at, entry.changes, creates=entry.action == "create")
        for entry in entries
    ]
    versions = known_versions(
        None if present is None else _kept(present),
        changes,
        since=None if present is None else present.created_at,
    )
    return [
        _version(number, version, entries)
        for number, version in enumerate(versions, start=1)
    ]


def was_known(item: ResultVersionOut, moment: datetime) -> bool:
    """Tell whether it was this version that was known at a moment."""
    return item.known_from <= moment and (
        item.known_until is None or moment < item.known_until
    )


def _kept(result: StoredResult) -> dict[str, Any]:
    return {name: getattr(result, name) for name in KEPT}


def _version(
    number: int, version: KnownVersion, entries: Sequence[Any]
) -> ResultVersionOut:
    by: dict[str, Any] = dict.fromkeys(MADE_BY)
    if version.change is not None:
        by = {name: getattr(entries[version.change], name) for name in MADE_BY}
    values: dict[str, Any] = dict.fromkeys(KEPT) | dict.fromkeys(ALWAYS_COUNTED, 0)
    values |= {name: value for name, value in version.values.items() if name in values}
    return ResultVersionOut(
        version=number,
        known_from=version.since,
        known_until=version.until,
        **by,
        **values,
    )
