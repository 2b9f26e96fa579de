"""What differs between two versions of a method, by path."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_NAMES: Final = ("code", "key")


@dataclass(frozen=True, slots=True)
class Difference:
    """A value at a path such as ``groups.results.weight``; None where there is none."""

    path: str
    old: object
    new: object


def differences(
    old: Mapping[str, object], new: Mapping[str, object]
) -> list[Difference]:
    """Return what differs, in the order of the paths.

    Items of a list that have a code are known by it, so that an item that is put in
    is one difference; other lists are compared as a whole.

    >>> differences({"a": {"b": 1}}, {"a": {"b": 2}})
    [Difference(path='a.b', old=1, new=2)]
    """
    before, after = dict(_leaves(old)), dict(_leaves(new))
    return [
        Difference(path, before.get(path), after.get(path))
        for path in sorted({*before, *after})
        if before.get(path) != after.get(path)
    ]


def value_at(content: Mapping[str, object], path: str) -> object:
    """Return what stands at a path, None if nothing does.

    >>> value_at({"rules": [{"code": "a", "share": 30}]}, "rules.a.share")
    30
    """
    value: object = content
    for part in path.split("."):
        value = _part_of(value, part)
    return value


def provenance_at(content: Mapping[str, object], path: str) -> object:
    """Return on whose word what stands at a path rests, None if it is no threshold.

    A threshold speaks for all that is part of it; the most special one counts. Those of
    a composite's groups are named without the composite.

    >>> ours = {"kind": "local", "source": "Order 7"}
    >>> content = {"provenance": {"groups.results": ours}}
    >>> provenance_at(content, "composite.groups.results.weight") == ours
    True
    """
    given = content.get("provenance")
    if not isinstance(given, Mapping):
        return None
    inner = path.removeprefix("composite.")
    speaking = [
        name
        for name in given
        if any(each == name or each.startswith(f"{name}.") for each in (path, inner))
    ]
    return given[max(speaking, key=len)] if speaking else None


def _part_of(value: object, part: str) -> object:
    if isinstance(value, Mapping):
        return value.get(part)
    if isinstance(value, list):
        named = _by_name(value)
        if named is not None:
            return named.get(part)
        return value[int(part)] if part.isdecimal() and int(part) < len(value) else None
    return None


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    named = _by_name(value) if isinstance(value, list) else value
    if not isinstance(named, Mapping) or not named:
        yield path, value
        return
    for key, each in named.items():
        yield from _leaves(each, f"{path}.{key}" if path else str(key))


def _by_name(values: list[object]) -> dict[str, object] | None:
    """Return the items by code; None if not each has one of its own."""
    items = [each for each in values if isinstance(each, Mapping)]
    for name in _NAMES:
        found = {str(each[name]): each for each in items if name in each}
        if found and len(found) == len(values):
            return dict(found)
    return None
