"""Turns exceptions into problem answers; nothing internal is ever shown."""

from collections.abc import Callable
from typing import Any

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from services.api.http.idempotency import IdempotencyInProgressError
from services.api.http.problems import (
    MEDIA_TYPE,
    ProblemOut,
    address_of,
    problem_of,
)
from services.api.http.request_ids import HEADER, request_id_of
from services.api.http.storable import legible
from services.api.http.validation_texts import echo_of, reason_of
from shared.domain.errors import (
    DomainError,
    Fault,
    InvalidInputError,
    Text,
    TooManyRequestsError,
    UnauthenticatedError,
)
from shared.persistence.outages import is_outage

log = structlog.stdlib.get_logger()

UNAVAILABLE_TITLE = Text("Сервис временно недоступен", "Service Unavailable")
UNAVAILABLE = Text(
    "База данных временно недоступна. Сохранено ли изменение, неизвестно: проверьте "
    "и повторите запрос.",
    "The database is not available for now. Whether a change was kept is unknown: "
    "look, and repeat the request.",
)
INTERNAL_TITLE = Text("Внутренняя ошибка сервера", "Internal Server Error")
INTERNAL = Text(
    "Внутренняя ошибка, ничего не изменено. Она записана в журнал.",
    "Internal error; nothing was changed. It has been logged.",
)
# What the framework says when it refuses a request itself.
REFUSED = {
    text.en: text
    for text in (
        Text("Такого адреса нет", "Not Found"),
        Text("Такого метода здесь нет", "Method Not Allowed"),
        Text("Тело запроса не читается", "There was an error parsing the body"),
    )
}
DESCRIBED = Text("Описание API: /docs.", "See /docs.")


def language_of(request: Request) -> str:
    """Return `en` where the caller prefers English to Russian, else `ru`."""
    wanted: dict[str, float] = {}
    for part in request.headers.get("accept-language", "").split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            weight = 0.0
        primary = name.strip().lower().partition("-")[0]
        wanted[primary] = max(weight, wanted.get(primary, 0.0))
    return "en" if wanted.get("en", 0.0) > wanted.get("ru", 0.0) else "ru"


def answer(
    request: Request, problem: ProblemOut, headers: dict[str, str] | None = None
) -> JSONResponse:
    """Return the problem as a response that names the request."""
    problem.request_id = request_id_of(request)
    # The middleware does not see the answer to an unexpected error.
    named = {} if problem.request_id is None else {HEADER: problem.request_id}
    return JSONResponse(
        legible(problem.model_dump()),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=named | (headers or {}),
    )


async def on_domain_error(request: Request, error: DomainError) -> JSONResponse:
    """Answer an error of the domain."""
    problem = problem_of(error, language_of(request))
    headers: dict[str, str] = {}
    if isinstance(error, UnauthenticatedError):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooManyRequestsError | IdempotencyInProgressError):
        headers["Retry-After"] = str(error.retry_after)
    return answer(request, problem, headers)


async def on_invalid_request(
    request: Request, error: RequestValidationError
) -> JSONResponse:
    """Answer a body or a parameter that does not fit the schema."""
    faults = [
        Fault(
            column=".".join(str(part) for part in fault["loc"]),
            value=echo_of(fault),
            reason=reason_of(fault),
        )
        for fault in error.errors()
    ]
    detail = Text(
        "Запрос не соответствует схеме; места и причины перечислены в faults.",
        "The request does not fit the schema; places and reasons are in faults.",
    )
    return await on_domain_error(request, InvalidInputError(detail, faults=faults))


async def on_http_exception(request: Request, error: HTTPException) -> JSONResponse:
    """Answer what the framework itself refuses: unknown path, wrong method."""
    language = language_of(request)
    reason = REFUSED.get(error.detail, Text(error.detail, error.detail))
    title = reason.in_language(language)
    problem = ProblemOut(
        type="about:blank",
        title=title,
        status=error.status_code,
        code="http",
        detail=(
            f"{request.method} {request.url.path}: {title}. "
            + DESCRIBED.in_language(language)
        ),
    )
    return answer(request, problem, dict(error.headers or {}))


async def on_unavailable(request: Request, error: Exception) -> JSONResponse:
    """Answer when the database cannot be reached or dropped the connection."""
    if not is_outage(error):
        return await on_unexpected(request, error)
    language = language_of(request)
    log.warning("database_unavailable", error=type(error).__name__)
    problem = ProblemOut(
        type=address_of("unavailable"),
        title=UNAVAILABLE_TITLE.in_language(language),
        status=503,
        code="unavailable",
        detail=UNAVAILABLE.in_language(language),
    )
    return answer(request, problem, {"Retry-After": "1"})


async def on_unexpected(request: Request, error: Exception) -> JSONResponse:
    """Answer what nobody expected, and log it with its trace."""
    language = language_of(request)
    # An address may hold a secret, its pattern does not.
    route = request.scope.get("route")
    log.error(
        "unexpected_error",
        route=None if route is None else route.path,
        request_id=request_id_of(request),
        exc_info=error,
    )
    problem = ProblemOut(
        type=address_of("internal"),
        title=INTERNAL_TITLE.in_language(language),
        status=500,
        code="internal",
        detail=INTERNAL.in_language(language),
    )
    return answer(request, problem)


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Any]] = {
    DomainError: on_domain_error,
    RequestValidationError: on_invalid_request,
    HTTPException: on_http_exception,
    DBAPIError: on_unavailable,
    OSError: on_unavailable,
    Exception: on_unexpected,
}
