"""Requests for every operation, made from its description."""

import json
import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from tests.api.access.walk.rows import (
    MUNICIPALITY,
    NOBODYS,
    SCHOOL,
    WORDS,
    Row,
    named_rows,
)
from tests.support.routes import Operation


@dataclass(frozen=True, slots=True)
class Aim:
    """The rows that a request shall name; what is missing names nothing."""

    rows: dict[str, Row]  # by path
    school_id: int = NOBODYS
    municipality_id: int = NOBODYS

    def ids(self) -> dict[str, int]:
        """Return what parameters and fields of these names are filled with."""
        return {SCHOOL: self.school_id, MUNICIPALITY: self.municipality_id}


NOWHERE = Aim({})
IN_ONEROSTER = {"unauthorisedrequest": "unauthenticated"}


def path_for(operation: Operation, aim: Aim) -> str:
    """Fill the operation's path with the rows aimed at, or with nobody's."""
    filled, path = operation.path, operation.path
    for named, parameter in named_rows(path):
        row = aim.rows.get(named)
        filled = filled.replace(parameter, str(NOBODYS) if row is None else row.key)
    for word, value in WORDS.items():
        filled = filled.replace("{" + word + "}", value)
    return filled


def query_for(operation: Operation, aim: Aim, *, optional: bool) -> dict[str, Any]:
    """Fill the query: what is required, and with `optional` whose rows are wanted."""
    query: dict[str, Any] = {}
    for name, described in operation.parameters.items():
        if described["in"] != "query":
            continue
        if name in aim.ids() and (optional or described.get("required")):
            query[name] = aim.ids()[name]
        elif name == "format":
            query[name] = "csv"  # a workbook says when it was made
        elif name == "seconds":
            query[name] = 0  # a stream would not end by itself
        elif described.get("required"):
            query[name] = _value_for(name, described["schema"])
    return query


def _value_for(name: str, schema: dict[str, Any]) -> Any:
    if name.endswith("_id"):
        return NOBODYS
    if "year" in name:
        return 2018
    return schema.get("examples", [schema.get("minimum", "x")])[0]


def body_for(app: FastAPI, operation: Operation, aim: Aim) -> Any:
    """Return the body's example with the rows aimed at in it; None without a body."""
    content = operation.described.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    if schema is None:
        return None
    example = _example_of(app.openapi(), schema)
    assert example is not None, f"give the body of {operation.name} an example"
    return _aimed(deepcopy(example), aim.ids())


def _example_of(described: dict[str, Any], schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "example" in schema:
        return schema["example"]
    if schema.get("examples"):
        return schema["examples"][0]
    return _first_example(described, schema.get("oneOf", schema.get("anyOf", [])))


def _first_example(described: dict[str, Any], variants: list[dict[str, Any]]) -> Any:
    found = (_example_of(described, variant) for variant in variants)
    return next((example for example in found if example is not None), None)


def _aimed(value: Any, ids: dict[str, int]) -> Any:
    if isinstance(value, list):
        return [_aimed(each, ids) for each in value]
    if not isinstance(value, dict):
        return value
    aimed = {}
    for name, each in value.items():
        known = next((ids[key] for key in ids if name.endswith(key)), None)
        if known is not None and each is not None:
            aimed[name] = known
        elif name.endswith("_id") and isinstance(each, int):
            aimed[name] = NOBODYS
        else:
            aimed[name] = _aimed(each, ids)
    return aimed


def names_rows(app: FastAPI, operation: Operation) -> bool:
    """Tell whether the request depends on the rows that it aims at."""
    elsewhere = Aim({}, school_id=NOBODYS + 1, municipality_id=NOBODYS + 1)
    return (
        any(named_rows(operation.path))
        or body_for(app, operation, elsewhere) != body_for(app, operation, NOWHERE)
        or query_for(operation, elsewhere, optional=True)
        != query_for(operation, NOWHERE, optional=True)
    )


async def send(
    app: FastAPI,
    client: httpx.AsyncClient,
    operation: Operation,
    aim: Aim,
    *,
    optional: bool = False,
) -> httpx.Response:
    """Send the request in English, from whatever version of what it changes."""
    return await client.request(
        operation.method,
        path_for(operation, aim),
        params=query_for(operation, aim, optional=optional),
        json=body_for(app, operation, aim),
        headers={"Accept-Language": "en", "If-Match": "*"},
    )


def refusal(answer: httpx.Response) -> tuple[str, str]:
    """Return code and words of an error, in whichever form it is told."""
    body = answer.json()
    if "imsx_CodeMinor" not in body:
        return body.get("code", ""), body.get("detail", "")
    (field,) = body["imsx_CodeMinor"]["imsx_codeMinorField"]
    code = field["imsx_codeMinorFieldValue"]
    return IN_ONEROSTER.get(code, code), body["imsx_description"]


def told(answer: httpx.Response, aim: Aim) -> tuple[int, str]:
    """Return what an answer tells, apart from the numbers that the aim names."""
    shown = answer.text
    if answer.headers.get("content-type", "").endswith("json"):
        content = answer.json()
        if isinstance(content, dict):
            content.pop("request_id", None)
        shown = json.dumps(content, ensure_ascii=False, sort_keys=True)
    asked = {row.key for row in aim.rows.values()} | {*map(str, aim.ids().values())}
    numbers = "|".join(re.escape(number) for number in asked | {str(NOBODYS)})
    return answer.status_code, re.sub(rf"\b({numbers})\b", "…", shown)
