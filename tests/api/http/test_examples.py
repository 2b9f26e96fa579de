"""What the description gives as an example can be sent as it stands."""

from typing import Any

import httpx
from fastapi import FastAPI

from tests.api.http.reading import ABOVE, operations_of
from tests.support.api import ClientAs

JSON = "application/json"
# What a path names is then that of no list: such as a year, or a code.
USUAL = "2020"
NO_REFUSAL_OF_THE_DOMAIN = {"http", "unauthenticated", "forbidden"}


def examples_of(app: FastAPI, operation: dict[str, Any]) -> list[Any]:
    """Return the examples of an operation's body, those of its schema included."""
    content = operation["requestBody"]["content"][JSON]
    schema = content["schema"]
    while "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = app.openapi()["components"]["schemas"][name]
    given = [each["value"] for each in content.get("examples", {}).values()]
    alone = [source["example"] for source in (content, schema) if "example" in source]
    return [*given, *alone, *schema.get("examples", ())]


def with_body(app: FastAPI) -> dict[str, dict[str, Any]]:
    """Return the operations that take JSON."""
    return {
        name: operation
        for name, operation in operations_of(app, "post", "put", "patch").items()
        if JSON in operation.get("requestBody", {}).get("content", {})
    }


async def filled(client: httpx.AsyncClient, path: str) -> str:
    """Return the address of something that there is, if a list above names it."""
    while "{" in path:
        above, _, rest = path.partition("/{")
        listed = await client.get(ABOVE.get(above, above), params={"limit": 1})
        rows = listed.json().get("items", []) if listed.status_code == 200 else []
        value = rows[0].get("id", USUAL) if rows else USUAL
        path = f"{above}/{value}{rest.partition('}')[2]}"
    return path


def test_every_body_has_an_example(api: FastAPI) -> None:
    operations = with_body(api)
    assert len(operations) > 15
    for name, operation in operations.items():
        assert examples_of(api, operation), name


async def test_every_example_has_the_shape_that_is_asked_for(
    api: FastAPI, client_as: ClientAs
) -> None:
    admin = await client_as("admin")
    succeeded = 0
    for name, operation in with_body(api).items():
        method, _, path = name.partition(" ")
        address = await filled(admin, path)
        for example in examples_of(api, operation):
            answer = await admin.request(
                method, address, json=example, headers={"If-Match": "*"}
            )
            told = (name, answer.status_code, answer.text[:500])
            assert str(answer.status_code) in operation["responses"], told
            problem = answer.json() if answer.is_error else {}
            assert problem.get("code") not in NO_REFUSAL_OF_THE_DOMAIN, told
            faults = [str(each["column"]) for each in problem.get("faults", ())]
            assert not any(column.startswith("body") for column in faults), told
            succeeded += answer.is_success
    assert succeeded > 10
