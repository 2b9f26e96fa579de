"""What the description gives as an example can be sent as it stands."""

from collections.abc import Iterator
from typing import Any

import httpx
from fastapi import FastAPI
from jsonschema_rs import Draft202012Validator

from tests.api.http.reading import ABOVE, operations_of, readable_addresses
from tests.support.api import ClientAs

JSON = "application/json"
WRITING = ("post", "put", "patch", "delete")
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


def answers_of(operation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what an operation that succeeds answers in JSON, by status."""
    found = {
        status: operation["responses"].get(status, {}).get("content", {}).get(JSON)
        for status in ("200", "201", "202")
    }
    return {status: each for status, each in found.items() if each is not None}


def test_every_answer_has_an_example_that_is_one(api: FastAPI) -> None:
    description = api.openapi()
    seen = 0
    for name, operation in operations_of(api, "get", *WRITING).items():
        for status, content in answers_of(operation).items():
            schema = {"components": description["components"], **content["schema"]}
            wrong = [
                f"{name} {status} {error.instance_path}: {error.message}"
                for error in Draft202012Validator(schema).iter_errors(
                    content["example"]
                )
            ]
            assert not wrong, wrong
            seen += 1
    assert seen > 300


def differences(
    description: dict[str, Any], schema: Any, example: Any, answer: Any
) -> Iterator[str]:
    """Yield the fields that one of two things of a schema has, and the other not."""
    while "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    options = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if len(options) == 1:
        yield from differences(description, options[0], example, answer)
    elif isinstance(example, list) and isinstance(answer, list):
        for one, other in zip(example[:1], answer, strict=False):
            yield from differences(description, schema.get("items", {}), one, other)
    elif isinstance(example, dict) and isinstance(answer, dict):
        fields = schema.get("properties", {})
        if fields and "discriminator" not in schema:
            yield from sorted(fields.keys() & (example.keys() ^ answer.keys()))
        for name in fields.keys() & example.keys() & answer.keys():
            yield from differences(
                description, fields[name], example[name], answer[name]
            )


def is_alike(api: FastAPI, operation: dict[str, Any], answer: httpx.Response) -> bool:
    """Tell whether a real answer was compared with its example, and found alike."""
    content = answers_of(operation).get(str(answer.status_code))
    if content is None or not answer.headers["content-type"].startswith(JSON):
        return False
    example, schema = content["example"], content["schema"]
    found = [*differences(api.openapi(), schema, example, answer.json())]
    assert not found, (answer.request.url, found)
    return True


async def test_what_is_read_has_the_fields_of_its_example(
    api: FastAPI, client_as: ClientAs
) -> None:
    office = await client_as("uzhur")
    operations = operations_of(api, "get")
    addresses = await readable_addresses(api, client_as)
    compared = [
        is_alike(api, operations[name], await office.get(address))
        for name, address in addresses.items()
    ]
    assert sum(compared) > 100


async def test_every_example_has_the_shape_that_is_asked_for(
    api: FastAPI, client_as: ClientAs
) -> None:
    admin = await client_as("admin")
    succeeded = compared = 0
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
            compared += is_alike(api, operation, answer)
    assert succeeded > 10
    assert compared > 10
