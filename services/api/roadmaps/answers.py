"""A deadline as every route that changes it answers."""

from fastapi import Response

from services.api.http.conditional import version_tag
from services.api.roadmaps import repository
from services.api.roadmaps.refusals import unknown_deadline
from services.api.roadmaps.schemas import DeadlineDetailOut
from shared.domain.deadlines import possible_steps
from shared.persistence.work import Work


async def deadline_answer(
    work: Work, number: int, response: Response
) -> DeadlineDetailOut:
    """Return the deadline with its next steps; its tag goes into the headers.

    Raises:
        NotFoundError: the caller sees no such deadline.
    """
    row = await repository.read_deadline(work, number)
    if row is None:
        raise unknown_deadline(number)
    answer = DeadlineDetailOut.model_validate(row)
    answer.possible_steps = list(possible_steps(answer.state, kind=answer.kind))
    response.headers["ETag"] = version_tag(answer.revision)
    return answer
