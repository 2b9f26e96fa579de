"""Nothing that callers rely on changes within a version.

`docs/api/v1.json` holds what the last release promised. A release writes it anew:
`python -m tests.api.http.test_compatibility`.
"""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.api.app import create_app
from shared.runtime.settings import api_settings
from tests.api.http.test_openapi import ENVIRONMENT
from tests.support.api_surface import Surface, breaking_changes, surface_of

PROMISED = Path(__file__).resolve().parents[3] / "docs" / "api" / "v1.json"
SCHOOL = {
    "type": "object",
    "required": ["id", "kind"],
    "properties": {
        "id": {"type": "integer"},
        "kind": {"enum": ["secondary", "basic"]},
        "parent": {
            "anyOf": [{"$ref": "#/components/schemas/School"}, {"type": "null"}]
        },
    },
}
BODY = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "kind": {"enum": ["secondary", "basic"]},
    },
}
DESCRIBED: dict[str, Any] = {
    "info": {"version": "1.4.0"},
    "components": {"schemas": {"School": SCHOOL, "Body": BODY}},
    "paths": {
        "/v1/schools": {
            "post": {
                "operationId": "add_school",
                "parameters": [
                    {"name": "year", "in": "query", "schema": {"type": "integer"}}
                ],
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"$ref": "#/components/schemas/Body"}
                        }
                    }
                },
                "responses": {
                    "201": {
                        "content": {
                            "application/json": {
                                "schema": {"$ref": "#/components/schemas/School"}
                            }
                        }
                    },
                    "422": {},
                },
            }
        }
    },
}
Change = Callable[[dict[str, Any]], object]


def schemas(described: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = described["components"]["schemas"][name]
    return found


def adding(described: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = described["paths"]["/v1/schools"]["post"]
    return found


BREAKING: dict[str, Change] = {
    "POST /v1/schools is gone": lambda d: d["paths"].clear(),
    "POST /v1/schools: its id was add_school": lambda d: adding(d).update(
        operationId="post_school"
    ),
    "POST /v1/schools: query year has become required": lambda d: adding(d)[
        "parameters"
    ][0].update(required=True),
    "POST /v1/schools: query year is gone": lambda d: adding(d).pop("parameters"),
    "POST /v1/schools: .kind no longer takes =basic": lambda d: schemas(d, "Body")[
        "properties"
    ]["kind"]["enum"].remove("basic"),
    "POST /v1/schools: .kind has become required": lambda d: schemas(d, "Body")[
        "required"
    ].append("kind"),
    "POST /v1/schools: .name is no longer taken": lambda d: schemas(d, "Body")[
        "properties"
    ].pop("name"),
    "POST /v1/schools: .name no longer takes string": lambda d: schemas(d, "Body")[
        "properties"
    ].update(name={"type": "integer"}),
    "POST /v1/schools: the answer no longer has .id": lambda d: schemas(d, "School")[
        "properties"
    ].pop("id"),
    "POST /v1/schools: the answer does not always have .id": lambda d: schemas(
        d, "School"
    )["required"].remove("id"),
    "POST /v1/schools: in the answer .id may be string": lambda d: schemas(d, "School")[
        "properties"
    ].update(id={"type": "string"}),
    "POST /v1/schools: 201 is no longer answered": lambda d: adding(d)["responses"].pop(
        "201"
    ),
}
HARMLESS: dict[str, Change] = {
    "an operation more": lambda d: d["paths"].update(
        {"/v1/new": d["paths"]["/v1/schools"]}
    ),
    "a parameter more": lambda d: adding(d)["parameters"].append(
        {"name": "month", "in": "query", "schema": {"type": "integer"}}
    ),
    "a field more in the answer": lambda d: schemas(d, "School")["properties"].update(
        name={"type": "string"}
    ),
    "a field more that may be sent": lambda d: schemas(d, "Body")["properties"].update(
        code={"type": "string"}
    ),
    "another kind of body": lambda d: adding(d)["requestBody"]["content"][
        "application/json"
    ].update(
        schema={
            "oneOf": [
                {"$ref": "#/components/schemas/Body"},
                {
                    "type": "object",
                    "properties": {"kind": {"type": "string"}},
                    "required": ["kind"],
                },
            ]
        }
    ),
    "any text where some were listed": lambda d: schemas(d, "Body")[
        "properties"
    ].update(kind={"type": "string"}),
    "a new major version": lambda d: (
        d["info"].update(version="2.0.0"),
        d["paths"].clear(),
    ),
}


def changed(change: Change) -> list[str]:
    after = copy.deepcopy(DESCRIBED)
    change(after)
    return breaking_changes(surface_of(DESCRIBED), surface_of(after))


@pytest.mark.parametrize("told", BREAKING)
def test_what_breaks_callers_is_found(told: str) -> None:
    assert told in changed(BREAKING[told])


@pytest.mark.parametrize("name", HARMLESS)
def test_what_breaks_nobody_is_let_through(name: str) -> None:
    assert changed(HARMLESS[name]) == []


def present() -> Surface:
    return surface_of(create_app(api_settings(ENVIRONMENT)).openapi())


def test_the_api_keeps_what_its_version_promised() -> None:
    promised = json.loads(PROMISED.read_text(encoding="utf-8"))
    assert len(promised["operations"]) > 300
    assert breaking_changes(promised, present()) == []


if __name__ == "__main__":
    text = json.dumps(present(), ensure_ascii=False, indent=1, sort_keys=True)
    PROMISED.write_text(text + "\n", encoding="utf-8")
