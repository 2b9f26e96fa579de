"""What callers of the API rely on, and which changes of it would break them."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

Surface = dict[str, Any]
Fields = dict[str, list[str]]  # of a body or an answer: what may stand at each path

ALWAYS: Final = "!"  # marks a field that is always there
DEEPEST: Final = 12


def surface_of(description: dict[str, Any]) -> Surface:
    """Return operations, parameters, bodies and answers of an OpenAPI description.

    Words and examples are left out. A schema becomes the paths to its values, with the
    types and the listed values that may stand there.
    """
    schemas = description["components"]["schemas"]
    return {
        "version": description["info"]["version"],
        "operations": {
            f"{method.upper()} {path}": _operation(operation, schemas)
            for path, methods in sorted(description["paths"].items())
            for method, operation in sorted(methods.items())
        },
    }


def breaking_changes(before: Surface, after: Surface) -> list[str]:
    """Return what callers who keep to `before` would stumble over, in words.

    A new major version may break anything; before 1.0 that is the minor one.
    """
    if _promise(before["version"]) != _promise(after["version"]):
        return []
    found = []
    for name, old in before["operations"].items():
        new = after["operations"].get(name)
        if new is None:
            found.append(f"{name} is gone")
        else:
            found += [f"{name}: {change}" for change in _changes(old, new)]
    return found


def _promise(version: str) -> str:
    major, minor, *_ = version.split(".")
    return f"0.{minor}" if major == "0" else major


def _operation(operation: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    parameters = [each for each in operation.get("parameters", ()) if "name" in each]
    return {
        "id": operation["operationId"],
        "parameters": {
            f"{each['in']} {each['name']}": _fields(each.get("schema", {}), schemas)[""]
            for each in parameters
        },
        "required": sorted(
            f"{each['in']} {each['name']}"
            for each in parameters
            if each.get("required")
        ),
        "body": _contents(operation.get("requestBody", {}), schemas),
        "answers": {
            status: _contents(answer, schemas)
            for status, answer in operation["responses"].items()
            if status.startswith("2")
        },
    }


def _contents(holder: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Fields]:
    return {
        media_type: _fields(content.get("schema", {}), schemas)
        for media_type, content in sorted(holder.get("content", {}).items())
    }


def _fields(schema: dict[str, Any], schemas: dict[str, Any]) -> Fields:
    seen = Counter(_walk(schema, schemas, "", ()))
    found: dict[str, list[str]] = {"": []} if not seen else {}
    for path, what in sorted(seen):
        # What only some of several alternatives require may still be left out.
        alternatives = seen[path.rpartition(".")[0], "object"]
        if what != ALWAYS or seen[path, ALWAYS] >= alternatives:
            found.setdefault(path, []).append(what)
    return found


def _walk(
    schema: dict[str, Any], schemas: dict[str, Any], path: str, within: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Yield each path with one of the types or values that it may have."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name in within or len(within) > DEEPEST:
            yield path, name
        else:
            yield from _walk(schemas[name], schemas, path, (*within, name))
        return
    for key in ("anyOf", "oneOf", "allOf"):
        for part in schema.get(key, ()):
            yield from _walk(part, schemas, path, within)
    yield from ((path, kind) for kind in _kinds(schema))
    for name, each in schema.get("properties", {}).items():
        if name in schema.get("required", ()):
            yield f"{path}.{name}", ALWAYS
        yield from _walk(each, schemas, f"{path}.{name}", within)
    for key, mark in (("items", "[]"), ("additionalProperties", "{}")):
        if isinstance(schema.get(key), dict):
            yield from _walk(schema[key], schemas, path + mark, within)


def _kinds(schema: dict[str, Any]) -> list[str]:
    """Return the listed values of a schema, or else its type."""
    if "enum" in schema or "const" in schema:
        return [f"={value}" for value in schema.get("enum", [schema.get("const")])]
    return [schema["type"]] if "type" in schema else []


def _changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    if old["id"] != new["id"]:
        yield f"its id was {old['id']}"
    for name in set(new["required"]) - set(old["required"]):
        yield f"{name} has become required"
    for name, kinds in old["parameters"].items():
        if name not in new["parameters"]:
            yield f"{name} is gone"
        else:
            yield from _narrowed(name, kinds, new["parameters"][name])
    for media_type, fields in old["body"].items():
        if media_type not in new["body"]:
            yield f"{media_type} is no longer taken"
        else:
            yield from _stricter(fields, new["body"][media_type])
    for status, answer in old["answers"].items():
        yield from _answered(status, answer, new["answers"])


def _answered(
    status: str, old: dict[str, Fields], answers: dict[str, dict[str, Fields]]
) -> Iterator[str]:
    if status not in answers:
        yield f"{status} is no longer answered"
        return
    for media_type, fields in old.items():
        if media_type not in answers[status]:
            yield f"{status} is no longer answered as {media_type}"
        else:
            yield from _poorer(fields, answers[status][media_type])


def _stricter(old: Fields, new: Fields) -> Iterator[str]:
    """Yield what a body that was taken is now refused for."""
    for path, kinds in old.items():
        if path not in new:
            yield f"{path} is no longer taken"
        else:
            yield from _narrowed(path, kinds, new[path])
    for path, kinds in new.items():
        owner = path.rpartition(".")[0]
        if ALWAYS in kinds and ALWAYS not in old.get(path, ()) and owner in old:
            yield f"{path} has become required"


def _narrowed(name: str, old: list[str], new: list[str]) -> Iterator[str]:
    listed = {kind for kind in old if kind.startswith("=")}
    # What takes any text takes each listed one.
    kept = {*new, *listed} if "string" in new else set(new)
    gone = set(old) - kept - {ALWAYS}
    if gone and new:
        yield f"{name} no longer takes {', '.join(sorted(gone))}"


def _poorer(old: Fields, new: Fields) -> Iterator[str]:
    """Yield what an answer no longer tells, or tells in another way."""
    for path, kinds in old.items():
        if path not in new:
            yield f"the answer no longer has {path}"
            continue
        if ALWAYS in kinds and ALWAYS not in new[path]:
            yield f"the answer does not always have {path}"
        types = {kind for kind in kinds if kind[0] != "="} - {ALWAYS}
        others = {kind for kind in new[path] if kind[0] != "="} - {ALWAYS}
        if types and others - types:
            yield f"in the answer {path} may be {', '.join(sorted(others - types))}"
