"""What was known of a school's results at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.api.results import known_repository as repository
from services.api.results.history import versions_of, was_known
from services.api.results.schemas import KnownResultOut
from shared.domain.errors import NotFoundError, Text
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class Candidate:
    """A result that may have been known; `known` is what was, if anything was."""

    id: int
    known: KnownResultOut | None


async def read_known(
    work: Work,
    school_id: int,
    wanted: Mapping[str, Any],
    *,
    as_of: datetime,
    after: int,
    limit: int,
) -> Sequence[Candidate]:
    """Return up to `limit + 1` results with what was known of each at the moment.

    Raises:
        NotFoundError: the caller sees no such school.
    """
    if not await repository.sees_school(work, school_id):
        raise NotFoundError(
            Text(
                f"Школы с номером {school_id} нет.",
                f"There is no school {school_id}.",
            )
        )
    ids = await repository.list_ids(
        work, school_id, wanted, as_of=as_of, after=after, limit=limit
    )
    present = await repository.read_results(work, ids)
    entries = await repository.list_entries(work, school_id, ids)
    found = []
    for number in ids:
        versions = versions_of(present.get(number), entries.get(number, []))
        then = next((each for each in versions if was_known(each, as_of)), None)
        is_wanted = then is not None and all(
            getattr(then, name) == value for name, value in wanted.items()
        )
        known = None
        if then is not None and is_wanted:
            known = KnownResultOut(**then.model_dump(), result_id=number)
        found.append(Candidate(number, known))
    return found
