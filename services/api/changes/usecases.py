"""Reading the feed of changes, page by page, waiting where there is nothing yet."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from services.api.changes import repository
from services.api.changes.records import Page, Wanted
from services.api.datasets.contents import read_contents
from services.api.datasets.places import FED, is_replaced
from services.api.datasets.traces import trace_reading
from services.api.http.auth import Actor
from shared.domain.errors import (
    Fault,
    ForbiddenError,
    GoneError,
    InvalidInputError,
    Text,
)
from shared.persistence.feed import FeedState, read_state
from shared.persistence.tables.feed import ChangeRow
from shared.persistence.work import Work

UPSERT: Final = "upsert"
SNAPSHOT: Final = Text(
    "Возьмите новый снимок (POST /v1/snapshots) и читайте дальше с его номера.",
    "Take a new snapshot (POST /v1/snapshots) and read on from its number.",
)


class ChangesForgottenError(GoneError):
    """Changes after this number are not kept any more, or are of another feed."""

    code = "changes_forgotten"
    title = Text("Изменений с этого номера больше нет", "These changes are gone")


class DatasetNotReadableError(ForbiddenError):
    """A dataset was asked for that the caller may not read; the detail names it."""

    code = "dataset_not_readable"
    title = Text("Набор данных недоступен", "The dataset is not for the caller")


def readable_datasets(actor: Actor, asked: Sequence[str]) -> list[str]:
    """Return the datasets wanted: those asked for, or all that the caller may read.

    Raises:
        InvalidInputError: there is no such dataset.
        DatasetNotReadableError: the caller may not read one that was asked for.
    """
    unknown = sorted(set(asked) - FED.keys())
    if unknown:
        reason = Text(
            f"Таких наборов данных нет: {', '.join(unknown)}. Какие есть: "
            "GET /v1/export-datasets.",
            f"There are no such datasets: {', '.join(unknown)}. Those there are: "
            "GET /v1/export-datasets.",
        )
        fault = Fault(column="query.dataset", value=unknown[0], reason=reason)
        raise InvalidInputError(reason, faults=[fault])
    readable = [code for code, each in FED.items() if actor.may(each.permission)]
    denied = sorted(set(asked) - set(readable))
    if denied:
        raise DatasetNotReadableError(
            Text(
                f"Нет права на чтение наборов данных: {', '.join(denied)}.",
                f"The permission to read these datasets is missing: "
                f"{', '.join(denied)}.",
            )
        )
    return sorted(set(asked)) if asked else readable


def require_replaced(code: str) -> None:
    """Check that a dataset is one that runs replace.

    Raises:
        InvalidInputError: its rows change one by one, or it does not exist.
    """
    replaced = sorted(each for each in FED if is_replaced(FED[each]))
    if code not in replaced:
        names = ", ".join(replaced)
        reason = Text(f"Выберите одно из: {names}.", f"Choose one of: {names}.")
        fault = Fault(column="query.dataset", value=code, reason=reason)
        raise InvalidInputError(reason, faults=[fault])


async def read_page(work: Work, actor: Actor, wanted: Wanted) -> Page:
    """Return the next changes, with what stands in their rows by now.

    Raises:
        InvalidInputError: a dataset is unknown.
        DatasetNotReadableError: a dataset is not for the caller.
        ChangesForgottenError: the feed cannot be read on from this number.
    """
    datasets = readable_datasets(actor, wanted.datasets)
    state = await read_state(work)
    require_known(state, wanted)
    found = await repository.read_changes(
        work, wanted, datasets, up_to=state.last_number
    )
    changes = found[: wanted.limit]
    is_full = len(found) > wanted.limit
    contents = await read_contents(work, _numbers_of(changes))
    await _trace(work, actor, changes)
    # What others have changed meanwhile is nothing to wait for again.
    next_after = changes[-1].number if is_full else state.last_number
    return Page(state, changes, contents, next_after)


def require_known(state: FeedState, wanted: Wanted) -> None:
    """Check that nothing is missing between the number and what is kept.

    Raises:
        ChangesForgottenError: something is, or nobody can tell.
    """
    if wanted.identity not in {None, state.identity}:
        raise _forgotten(
            "База данных с тех пор восстановлена из копии: номера прежней ленты ничего "
            "не значат.",
            "The database has since been restored from a copy: numbers of the feed "
            "before say nothing.",
        )
    if wanted.after > state.last_number:
        raise _forgotten(
            f"Номера {wanted.after} ещё не было: последний — {state.last_number}.",
            f"There has been no number {wanted.after}: the last is "
            f"{state.last_number}.",
        )
    if wanted.after < state.forgotten_number:
        raise _forgotten(
            f"Изменения до номера {state.forgotten_number} больше не хранятся.",
            f"Changes up to the number {state.forgotten_number} are not kept any more.",
        )


def _forgotten(ru: str, en: str) -> ChangesForgottenError:
    return ChangesForgottenError(Text(f"{ru} {SNAPSHOT.ru}", f"{en} {SNAPSHOT.en}"))


def _numbers_of(changes: Sequence[ChangeRow]) -> dict[str, list[int]]:
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for change in changes:
        if change.action == UPSERT and change.dataset and change.row_id is not None:
            wanted[change.dataset].add(change.row_id)
    return {dataset: sorted(ids) for dataset, ids in wanted.items()}


async def _trace(work: Work, actor: Actor, changes: Sequence[ChangeRow]) -> None:
    for code, ids in _numbers_of(changes).items():
        await trace_reading(
            work,
            FED[code],
            rows=len(ids),
            how="feed",
            municipality_id=actor.municipality_id,
            school_id=actor.school_id,
        )
