"""Names of schemas in OpenAPI, which the types of generated clients are called by."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

REFERENCE: Final = "#/components/schemas/"
# Parts of a module's path that tell a caller nothing.
SILENT: Final = frozenset({"services", "api", "http", "shared", "domain"})


def name_schemas(description: dict[str, Any]) -> None:
    """Name those after their feature whose class's name is not theirs alone.

    Of ``services.api.matching.schemas.DecisionOut``, which is not the only one of its
    name, ``services__api__matching__schemas__DecisionOut`` becomes
    ``MatchingDecisionOut``. The title follows, for generators prefer it to the name.
    """
    schemas = description["components"]["schemas"]
    names = _short(name for name in schemas if name.startswith(("services", "shared")))
    plain = {old: new for old, new in names.items() if not _is_generic(old)}
    names = plain | {
        old: _of_items(schemas[old], plain) for old in names if _is_generic(old)
    }
    for old, new in names.items():
        schemas[new] = schemas.pop(old) | {"title": _title(new)}
    description.update(_renamed(description, names))


def _short(names: Iterable[str]) -> dict[str, str]:
    """Return the shortest name of each that none of the others has."""
    parts = {name: _parts(name) for name in names}
    short = {name: _joined(each[:1], each[-1]) for name, each in parts.items()}
    count = Counter(short.values())
    return {
        name: short[name] if count[short[name]] == 1 else _joined(each[:-1], each[-1])
        for name, each in parts.items()
    }


def _parts(name: str) -> list[str]:
    return [part for part in name.split("__") if part not in SILENT]


def _joined(places: list[str], class_name: str) -> str:
    words = (word for place in places for word in place.split("_"))
    return "".join(word.capitalize() for word in words) + class_name


def _is_generic(name: str) -> bool:
    return "___" in name


def _of_items(schema: dict[str, Any], names: dict[str, str]) -> str:
    item = schema["properties"]["items"]["items"]["$ref"].removeprefix(REFERENCE)
    outer = schema["title"].partition("[")[0]
    return f"{outer}_{names.get(item, item)}_"


def _title(name: str) -> str:
    outer, _, item = name.partition("_")
    return f"{outer}[{item.rstrip('_')}]" if item else name


def _renamed(part: Any, names: dict[str, str]) -> Any:
    """Return a part of the description that speaks of schemas by their new names."""
    match part:
        case dict():
            return {key: _renamed(each, names) for key, each in part.items()}
        case list():
            return [_renamed(each, names) for each in part]
        case str() if part.startswith(REFERENCE):
            name = part.removeprefix(REFERENCE)
            return REFERENCE + names.get(name, name)
        case _:
            return part
