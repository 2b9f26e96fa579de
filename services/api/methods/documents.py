"""The content of a method as callers send it: JSON, or YAML as in `deploy/methods`."""

import json
from typing import Annotated, Any, Final

import yaml
from fastapi import Depends, Request
from yaml.error import Mark
from yaml.nodes import Node, ScalarNode

from services.api.http.storable import refuse_unkept
from services.api.http.uploads import UploadTooLargeError
from shared.domain.errors import Fault, InvalidInputError, Position, Text

LARGEST_BYTES: Final = 256 * 1024
YAML_TYPES: Final = ("application/yaml", "application/x-yaml", "text/yaml")
NAMELESS: Final = Text(
    "Методика — это значения по именам (kind, code, version, …), а здесь список или "
    "одно значение.",
    "A method is values by name (kind, code, version, …); this is a list or a single "
    "value.",
)


class UnreadableMethodError(InvalidInputError):
    """The body is neither JSON nor YAML, or not whole."""

    code = "unreadable_method"
    title = Text("Методика не прочитана", "The method cannot be read")


class ReferringLoader(yaml.SafeLoader):
    """Reads plain data only: a text that looks like a day stays a text."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        """Return the next node."""
        node: Node | None = super().compose_node(parent, index)
        if isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:timestamp":
            node.tag = "tag:yaml.org,2002:str"
        return node


class PlainLoader(ReferringLoader):
    """Refuses references too: a few of them spell out more than any memory holds."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        """Return the next node, unless it is a reference."""
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem="references (*) are not read",
                problem_mark=self.peek_event().start_mark,  # type: ignore[no-untyped-call] # of typeshed
            )
        return super().compose_node(parent, index)


async def method_content(request: Request) -> dict[str, Any]:
    """Return what the request's body says, as plain data by name.

    Raises:
        UploadTooLargeError: it is larger than any method.
        UnreadableMethodError: it is neither JSON nor YAML, or has no names in it.
        InvalidInputError: a text in it cannot be kept.
    """
    body = await request.body()
    media_type = request.headers.get("content-type", "").partition(";")[0].strip()
    content = content_of(body, is_yaml=media_type.lower() in YAML_TYPES)
    if not isinstance(content, dict):
        raise UnreadableMethodError(
            NAMELESS, faults=[Fault(column="body", reason=NAMELESS)]
        )
    return content


def content_of(
    body: bytes, *, is_yaml: bool, loader: type[ReferringLoader] = PlainLoader
) -> object:
    """Return what a text says, as plain data.

    Raises:
        UploadTooLargeError, UnreadableMethodError, InvalidInputError: as above.
    """
    if len(body) > LARGEST_BYTES:
        raise _too_large()
    try:
        if is_yaml:
            return _plain(yaml.load(body, loader))  # noqa: S506 (it reads plain data)
        content: object = json.loads(body)
    except yaml.MarkedYAMLError as error:
        raise _unreadable(str(error.problem), error.problem_mark) from None
    except (ValueError, TypeError, RecursionError, yaml.YAMLError) as error:
        raise _unreadable(str(error), None) from None
    return content


Content = Annotated[dict[str, Any], Depends(method_content)]

_UNKNOWN: Final = {"kind": "unconfirmed", "source": "Источник не найден"}
_ORDERED: Final = {"kind": "local", "source": "Приказ управления образования № 17"}
EXAMPLE: Final[dict[str, Any]] = {
    "kind": "ranking",
    "code": "quality-in-mathematics",
    "version": 1,
    "title": {"ru": "Качество по математике", "en": "Quality in mathematics"},
    "ranked_by": "quality_rate",
    "minimum_n": 5,
    "pool_years": 1,
    "tolerance": 0,
    "missing": "leave_out",
    "scoring": {"rule": "value"},
    "comparability": {"same": ["procedure"], "breaks": []},
    "indicators": [
        {
            "code": "quality_rate",
            "title": {"ru": "Качественная успеваемость", "en": "Quality rate"},
            "unit": "percent",
            "direction": "more_is_better",
            "source": {
                "kind": "measure",
                "measure": "quality_rate",
                "procedures": [],
                "subjects": ["mathematics"],
                "grades": [],
            },
        }
    ],
    "provenance": {
        "ranked_by": _ORDERED,
        "minimum_n": _UNKNOWN,
        "pool_years": _UNKNOWN,
        "tolerance": _UNKNOWN,
        "missing": _UNKNOWN,
        "scoring": _UNKNOWN,
        "comparability.same": _UNKNOWN,
        "comparability.breaks": _UNKNOWN,
        "indicators.quality_rate": _ORDERED,
    },
}
# What OpenAPI says of a body that is read here.
DESCRIBED: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "object", "example": EXAMPLE}},
            "application/yaml": {"schema": {"type": "object"}},
        },
    }
}


def as_yaml(content: dict[str, Any]) -> str:
    """Return a method as a file of `deploy/methods` has it."""
    text: str = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    return text


def _plain(content: object) -> object:
    """Return what JSON would make of it."""
    text = json.dumps(content)
    refuse_unkept(text.encode())
    return json.loads(text)


def _too_large() -> UploadTooLargeError:
    kilobytes = LARGEST_BYTES // 1024
    return UploadTooLargeError(
        Text(
            f"Методика больше {kilobytes} КБ: так много не читается.",
            f"The method is over {kilobytes} KB: that much is not read.",
        )
    )


def _unreadable(problem: str, mark: Mark | None) -> UnreadableMethodError:
    where = "" if mark is None else f"{mark.line + 1}:{mark.column + 1}"
    reason = Text(
        f"Текст не читается как JSON или YAML ({where or 'без места'}): {problem}",
        f"The text is no JSON and no YAML ({where or 'no place'}): {problem}",
    )
    place = None if mark is None else Position(mark.line + 1, mark.column + 1, 1)
    fault = Fault(column="body", position=place, reason=reason)
    return UnreadableMethodError(reason, faults=[fault])
