"""What Prometheus asks for."""

import secrets

from fastapi import APIRouter, Request, Response
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from services.api.http.problems import problems
from services.api.http.state import state_of
from services.api.metrics.usecases import read_state
from shared.domain.errors import NotFoundError, Text, UnauthenticatedError
from shared.persistence.work import begin_as_system
from shared.runtime.settings import Mode

router = APIRouter(tags=["health"])


@router.get(
    "/metrics",
    operation_id="read_metrics",
    summary="Figures of the running system, for Prometheus",
    description=(
        "Requests and their times; what waits for its turn and since when; "
        "municipalities with figures out of date; messages by state; files taken away "
        "that no report names; integrity checks of the whole record. `METRICS_TOKEN` "
        "sets the token to be sent; without that setting there are metrics in a "
        "sandbox only."
    ),
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **problems(UnauthenticatedError, NotFoundError),
    },
)
async def read_metrics(request: Request) -> Response:
    state = state_of(request)
    _admit(request, state.settings.metrics_token, state.settings.mode)
    async with begin_as_system(state.engine) as work:
        of_state = await read_state(work)
    return Response(
        generate_latest(state.requests) + generate_latest(of_state),
        media_type=CONTENT_TYPE_PLAIN_0_0_4,
    )


def _admit(request: Request, token: str | None, mode: Mode) -> None:
    if token is None:
        if mode is Mode.PRODUCTION:
            raise NotFoundError(
                Text(
                    "Метрики не включены: задайте METRICS_TOKEN.",
                    "There are no metrics: set METRICS_TOKEN.",
                )
            )
        return
    given = request.headers.get("Authorization", "")
    if not secrets.compare_digest(given.encode(), f"Bearer {token}".encode()):
        raise UnauthenticatedError(
            Text(
                "Передайте METRICS_TOKEN: Authorization: Bearer ….",
                "Send METRICS_TOKEN: Authorization: Bearer ….",
            )
        )
