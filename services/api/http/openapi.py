"""What holds for many operations alike, said once of all of them in OpenAPI."""

import asyncio
import threading
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from services.api.http.answer_examples import add_answer_examples
from services.api.http.idempotency import (
    KEY,
    REPLAYED,
    IdempotencyInProgressError,
    IdempotencyKeyReusedError,
)
from services.api.http.problems import MEDIA_TYPE, problems
from services.api.http.rate_limits import LIMITED, RateLimitExceededError
from services.api.http.schema_names import name_schemas
from shared.domain.errors import DomainError

JSON: Final = "application/json"
ONEROSTER: Final = "/ims/oneroster/"
PROBLEM: Final = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}

HEADERS: Final = {
    REPLAYED: {
        "description": "There, and true, if the answer is that to an earlier request",
        "schema": {"const": "true"},
    },
    "Link": {
        "description": 'Address of the next page, `rel="next"`; not on the last one',
        "schema": {"type": "string"},
    },
    "ETag": {
        "description": (
            "Strong validator of this answer (RFC 9110, 8.8.3); of a thing with a "
            "version it begins with that version"
        ),
        "schema": {
            "type": "string",
            "examples": ['"3-5f2b64a1c0d94e7f8a3b2c1d0e9f8a7b"'],
        },
    },
}
PARAMETERS: Final = {
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": "ETags of answers that the caller has (RFC 9110, 13.1.2)",
        "schema": {"type": "string"},
    },
}
RESPONSES: Final = {
    "NotModified": {
        "description": "The caller has this answer already, by its If-None-Match",
        "headers": {"ETag": {"$ref": "#/components/headers/ETag"}},
    },
}

_DESCRIBED: Final[dict[tuple[object, ...], dict[str, Any]]] = {}
_MAKING: Final = threading.Lock()


class DocumentedApi(FastAPI):
    """The application, whose description also tells what its middleware does."""

    def setup(self) -> None:
        """Answer for the description ahead of the framework, which stops all else."""
        if self.openapi_url is not None:
            self.add_route(self.openapi_url, self._describe, include_in_schema=False)
        super().setup()

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI description, made once for the same operations.

        That takes seconds: call it in a thread where requests are answered.
        """
        with _MAKING:
            if self.openapi_schema is None:
                self.openapi_schema = self._known() or self._made()
        return self.openapi_schema

    async def _describe(self, _request: Request) -> JSONResponse:
        return JSONResponse(await asyncio.to_thread(self.openapi))

    def _operations(self) -> tuple[object, ...]:
        routes = (each for each in self.routes if isinstance(each, APIRoute))
        return tuple((each.path, each.endpoint) for each in routes)

    def _known(self) -> dict[str, Any] | None:
        return _DESCRIBED.get(self._operations())

    def _made(self) -> dict[str, Any]:
        schema = super().openapi()
        _complete(schema)
        for route in self.routes:
            if isinstance(route, APIRoute) and route.body_field is not None:
                model = route.body_field.field_info.annotation
                _restore_nulls(schema["components"]["schemas"], model)
        name_schemas(schema)
        add_answer_examples(schema)
        _DESCRIBED[self._operations()] = schema
        return schema


def _restore_nulls(schemas: dict[str, Any], model: Any) -> None:
    """Put the example of a body back as it was written: FastAPI takes nulls out."""
    extra = getattr(model, "model_config", {}).get("json_schema_extra")
    name = getattr(model, "__name__", "")
    where = getattr(model, "__module__", "").replace(".", "__")
    # One of several of its name is called by its module.
    described = schemas.get(name) or schemas.get(f"{where}__{name}", {})
    if isinstance(extra, dict) and "example" in extra and "example" in described:
        described["example"] = extra["example"]


def _complete(schema: dict[str, Any]) -> None:
    components = schema.setdefault("components", {})
    components.setdefault("headers", {}).update(HEADERS)
    components.setdefault("parameters", {}).update(PARAMETERS)
    components.setdefault("responses", {}).update(RESPONSES)
    for path, operations in schema["paths"].items():
        if path.startswith("/v1/") and "get" in operations:
            _describe_conditional(operations["get"])
        for operation in operations.values():
            if path.startswith(ONEROSTER):
                continue  # tells of errors in its own words
            _require_if_match(operation)
            _describe_idempotent(operation)
            if path.startswith(LIMITED):
                _add_problem(operation["responses"], RateLimitExceededError)
            _describe_problems(operation)
    for framework_error in ("HTTPValidationError", "ValidationError"):
        components.get("schemas", {}).pop(framework_error, None)


def _describe_conditional(operation: dict[str, Any]) -> None:
    answer = operation["responses"].get("200", {})
    if JSON not in answer.get("content", {}):
        return
    headers = answer.setdefault("headers", {})
    headers["ETag"] = {"$ref": "#/components/headers/ETag"}
    names = {parameter.get("name") for parameter in operation.get("parameters", ())}
    if "after" in names:
        headers["Link"] = {"$ref": "#/components/headers/Link"}
    operation["responses"]["304"] = {"$ref": "#/components/responses/NotModified"}
    operation.setdefault("parameters", []).append(
        {"$ref": "#/components/parameters/IfNoneMatch"}
    )


def _require_if_match(operation: dict[str, Any]) -> None:
    # To the code a missing one is an answer of its own, 428; to callers it is required.
    if "428" not in operation["responses"]:
        return
    for parameter in operation.get("parameters", ()):
        if parameter.get("name") == "If-Match":
            parameter["required"] = True
            parameter["schema"] = {"type": "string"}


def _describe_idempotent(operation: dict[str, Any]) -> None:
    names = {parameter.get("name") for parameter in operation.get("parameters", ())}
    if KEY not in names:
        return
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            reference = {"$ref": f"#/components/headers/{REPLAYED}"}
            answer.setdefault("headers", {})[REPLAYED] = reference
    for error in (IdempotencyInProgressError, IdempotencyKeyReusedError):
        _add_problem(operation["responses"], error)


def _add_problem(responses: dict[str, Any], error: type[DomainError]) -> None:
    for status, described in problems(error).items():
        text = described["description"]
        if str(status) in responses:
            there = responses[str(status)]
            there["description"] = f"{there['description']}; {text}"
        else:
            responses[str(status)] = {"description": text, "content": PROBLEM}


def _describe_problems(operation: dict[str, Any]) -> None:
    """Say of every error that it is a problem, the framework's own ones included."""
    responses = operation["responses"]
    if "requestBody" in operation:
        responses.setdefault("400", {"description": "The body cannot be parsed"})
    if "401" in responses:
        text = "The database is not available for now (`unavailable`)"
        responses.setdefault("503", {"description": text})
    for status, answer in responses.items():
        if _has_own_shape(answer):
            continue
        # The readiness check alone answers 503 with something of its own.
        is_problem = MEDIA_TYPE in answer.get("content", PROBLEM)
        if status.startswith("4") or (status == "503" and is_problem):
            answer["content"] = PROBLEM


def _has_own_shape(answer: dict[str, Any]) -> bool:
    """Tell whether it is a refusal as OAuth has it, which is no problem."""
    schema = answer.get("content", {}).get(JSON, {}).get("schema", {})
    return str(schema.get("$ref", "")).endswith("/OAuthErrorOut")
