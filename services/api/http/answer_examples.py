"""An example of every answer in the description, made from its schema.

Values are those of the examples of bodies where a field has the same name and takes
them, so that an answer tells of what a request has asked for.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

JSON: Final = "application/json"
ANSWERED: Final = ("200", "201", "202")
NOTHING: Final = "null"
# By the format of a text; the demonstration's own day.
_TEXTS: Final[Mapping[str, str]] = {
    "date": "2020-09-16",
    "date-time": "2020-09-16T03:00:00Z",
    "uri": "https://example.org/",
    "uuid": "6f1c2d3e-4b5a-4978-8a6b-1c2d3e4f5a6b",
}
# Of fields that no body has.
_NAMED: Final[Mapping[str, tuple[Any, ...]]] = {
    "municipality_name": ("Ужурский район",),
    "next_after": (50, "WyJpZCIsIG51bGwsIDUwXQ"),
    "school_name": ("МБОУ «Ильинская СОШ»",),
}
_WORDS: Final = ("Текст", "text", "1", "1.00", "a" * 64)
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


class _EndlessError(Exception):
    """A schema holds itself."""


def add_answer_examples(description: dict[str, Any]) -> None:
    """Give every answer in JSON that succeeds an example, unless it has one."""
    samples = _Samples(description)
    for operations in description["paths"].values():
        for operation in operations.values():
            for status in ANSWERED:
                answer = operation["responses"].get(status, {})
                content = answer.get("content", {}).get(JSON)
                if content and "schema" in content and "example" not in content:
                    content["example"] = samples.of(content["schema"])


class _Samples:
    def __init__(self, description: Mapping[str, Any]) -> None:
        self._schemas = description.get("components", {}).get("schemas", {})
        self._known = _named_values(description)

    def of(
        self, schema: Mapping[str, Any], name: str = "", above: tuple[str, ...] = ()
    ) -> Any:
        """Return a value of the schema, which stands in the field `name`.

        Raises:
            _EndlessError: every value would hold another one without end.
        """
        if "$ref" in schema:
            reference = schema["$ref"].rpartition("/")[2]
            if reference in above:
                raise _EndlessError(reference)
            return self.of(self._schemas[reference], name, (*above, reference))
        if "const" in schema:
            return schema["const"]
        if "example" in schema:
            # FastAPI has taken nulls out of it.
            missing = dict.fromkeys(schema.get("required", ()))
            return missing | schema["example"] if missing else schema["example"]
        for words in ("examples", "enum"):
            if schema.get(words):
                return schema[words][0]
        options = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
        if options:
            return self._any_of(options, name, above)
        known = (each for each in self._known[name] if _fits(each, schema))
        return next(known, None) or self._made(schema, name, above)

    def _any_of(
        self, options: list[Mapping[str, Any]], name: str, above: tuple[str, ...]
    ) -> Any:
        for option in options:
            if option.get("type") != NOTHING:
                try:
                    return self.of(option, name, above)
                except _EndlessError:
                    continue
        return None

    def _made(
        self, schema: Mapping[str, Any], name: str, above: tuple[str, ...]
    ) -> Any:
        match schema.get("type"):
            case "object":
                return self._object(schema, name, above)
            case "array":
                return self._array(schema, name, above)
            case "integer" | "number":
                least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
                return max(1, least)
            case "boolean":
                return True
            case "string":
                return _text(schema)
        return None

    def _object(
        self, schema: Mapping[str, Any], name: str, above: tuple[str, ...]
    ) -> dict[str, Any]:
        made = {
            field: self.of(each, field, above)
            for field, each in schema.get("properties", {}).items()
        }
        others = schema.get("additionalProperties")
        if not made and isinstance(others, dict):
            names = schema.get("propertyNames", {})
            key = self.of({"type": "string", **names}, above=above)
            made[key] = self.of(others, name, above)
        return made

    def _array(
        self, schema: Mapping[str, Any], name: str, above: tuple[str, ...]
    ) -> list[Any]:
        try:
            if "prefixItems" in schema:
                return [self.of(each, name, above) for each in schema["prefixItems"]]
            item = self.of(schema.get("items", {}), name.removesuffix("s"), above)
        except _EndlessError:
            return []
        return [item] * max(1, schema.get("minItems", 1))


def _text(schema: Mapping[str, Any]) -> str:
    candidates = (_TEXTS.get(schema.get("format", ""), _WORDS[0]), *_WORDS)
    return next((each for each in candidates if _fits(each, schema)), candidates[0])


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Tell whether a plain value may stand where the schema does."""
    wanted = _TYPES.get(schema.get("type", ""), ())
    if not isinstance(value, wanted) or (
        isinstance(value, bool) and bool not in wanted
    ):
        return False
    match value:
        case str():
            return _is_text(value, schema)
        case int() | float():
            least, most = schema.get("minimum", value), schema.get("maximum", value)
            return bool(least <= value <= most)
        case list() | dict():
            return False
    return True


def _is_text(value: str, schema: Mapping[str, Any]) -> bool:
    shape = _TEXTS.get(schema.get("format", ""))
    alike = shape is None or re.sub(r"\d", "0", value) == re.sub(r"\d", "0", shape)
    least, most = schema.get("minLength", 0), schema.get("maxLength", len(value))
    pattern = re.search(schema.get("pattern", ""), value) is not None
    return alike and pattern and bool(least <= len(value) <= most)


def _named_values(description: Mapping[str, Any]) -> defaultdict[str, list[Any]]:
    """Return the plain values that examples of bodies have, by the field's name."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    found.update({name: [*values] for name, values in _NAMED.items()})
    for schema in description.get("components", {}).get("schemas", {}).values():
        for example in (schema.get("example"), *schema.get("examples", ())):
            for name, value in _fields_of(example):
                found[name].append(value)
    return found


def _fields_of(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, each in value.items():
            if isinstance(each, dict | list):
                yield from _fields_of(each)
            else:
                yield name, each
    if isinstance(value, list):
        for each in value:
            yield from _fields_of(each)
