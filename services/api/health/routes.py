"""Whether the api is alive, and whether what it needs is there."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from services.api.health import usecases
from services.api.health.usecases import NEEDED, PartCode
from services.api.http.errors import language_of
from services.api.http.problems import ProblemTypeOut, catalogue, problems
from services.api.http.state import state_of
from shared.domain.errors import NotFoundError, Text

router = APIRouter(tags=["health"])


class LiveOut(BaseModel):
    """The process answers."""

    status: str = "ok"


class PartOut(BaseModel):
    """A part of the system; `text` says what to do if it is not there."""

    code: PartCode
    is_there: bool
    is_required: bool
    text: str


class ReadyOut(BaseModel):
    """Which of the parts that the api needs are there.

    Without the queue the api still works: the workers then find out more slowly. So it
    does without what is not required among the `parts`.
    """

    database: bool
    queue: bool
    parts: list[PartOut]


@router.get("/health/live", operation_id="read_liveness", summary="Is it running?")
async def read_liveness() -> LiveOut:
    return LiveOut()


@router.get(
    "/health/ready",
    operation_id="read_readiness",
    summary="Can it serve?",
    responses={503: {"model": ReadyOut, "description": "The database is missing"}},
)
async def read_readiness(request: Request, response: Response) -> ReadyOut:
    state = state_of(request)
    parts = await usecases.look_at_parts(state.engine, state.queue, state.files)
    there = {part.code for part in parts if part.is_there}
    is_usable = there >= NEEDED
    if not is_usable:
        response.status_code = 503
    language = language_of(request)
    return ReadyOut(
        database=is_usable,
        queue=PartCode.QUEUE in there,
        parts=[
            PartOut(
                code=part.code,
                is_there=part.is_there,
                is_required=part.code in NEEDED,
                text=part.text.in_language(language),
            )
            for part in parts
        ],
    )


@router.get(
    "/v1/problems",
    operation_id="list_problem_types",
    summary="Every kind of problem that the api can answer",
)
async def list_problem_types() -> list[ProblemTypeOut]:
    return sorted(catalogue().values(), key=lambda problem: problem.code)


@router.get(
    "/v1/problems/{code}",
    operation_id="read_problem_type",
    summary="One kind of problem",
    responses=problems(NotFoundError),
)
async def read_problem_type(code: str) -> ProblemTypeOut:
    found = catalogue().get(code)
    if found is None:
        raise NotFoundError(
            Text(f"Ошибки с кодом «{code}» нет.", f"There is no problem '{code}'.")
        )
    return found
