"""The run behind a ranking."""

from shared.contracts.events import Topic
from shared.domain.errors import NotFoundError, Text
from shared.persistence.runs import RunRecord, find_run
from shared.persistence.work import Work


async def ranking_run(work: Work, run_id: int) -> RunRecord:
    """Return a run of results that the caller may see, however old it is.

    Raises:
        NotFoundError: there is none of this number.
    """
    run = await find_run(work, Topic.RESULTS, run_id)
    if run is None:
        raise NotFoundError(
            Text(
                f"Расчёта с номером {run_id} нет (список: GET /v1/ranking-runs).",
                f"There is no run {run_id} (for a list: GET /v1/ranking-runs).",
            )
        )
    return run
