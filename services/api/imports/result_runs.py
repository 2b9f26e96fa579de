"""Rows of marks in columns: from what a file says to results of known schools."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from services.api.imports.drafts import DraftRun
from services.api.imports.readers.mark_runs import MarkRun
from services.api.imports.readers.rows import SeenRows
from services.api.imports.result_sittings import Sitting, Sittings
from services.api.imports.usual_names import UsualNames

T = TypeVar("T")
U = TypeVar("U")


def resolved_run(
    run: MarkRun, known: UsualNames, sittings: Sittings, seen: SeenRows
) -> DraftRun | None:
    """Return what the rows mean; None, and none of them is seen, if one is unusual."""

    def usual(key: Mapping[str, Any]) -> Sitting | None:
        sitting = sittings.of(key)
        if not isinstance(sitting, Sitting) or sitting.columns["written_on"]:
            return None
        return sitting

    names, met = _found(run.names, known.look_up), _found(run.keys, usual)
    if names is None or met is None or not _are_of_one_wave(met.values()):
        return None
    of_rows = [names[id(each)] for each in run.names]
    held = [met[id(each)] for each in run.keys]
    is_new = seen.add_new(
        sheet=run.sheet,
        rows=run.rows,
        groups=[each.group for each in of_rows],
        keys=[each.number for each in held],
        figures=[hash((*marks[:5], True)) for marks in run.marks],
    )
    if not is_new:
        return None
    named = [each.columns for each in of_rows]
    return DraftRun(run, named, [each.columns for each in held])


def _found(
    values: Sequence[T], look_up: Callable[[T], U | None]
) -> dict[int, U] | None:
    """Return what each object means, by its identity; None if one means nothing."""
    found: dict[int, U] = {}
    for number, value in {id(value): value for value in values}.items():
        meaning = look_up(value)
        if meaning is None:
            return None
        found[number] = meaning
    return found


def _are_of_one_wave(met: Iterable[Sitting]) -> bool:
    waves = {(each.columns["procedure"], each.columns["wave"]) for each in met}
    return len(waves) == 1
