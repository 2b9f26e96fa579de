"""The parts of a formula, each with its place in the text."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeAlias


class Type(StrEnum):
    """What a formula says of a school: a number, or whether something is so."""

    NUMBER = "number"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a formula's text from `start` to before `end`."""

    start: int
    end: int

    def to(self, other: "Span") -> "Span":
        """Return the stretch from the start of this one to the end of the other."""
        return Span(self.start, other.end)


@dataclass(frozen=True, slots=True)
class Number:
    """A number written in the formula, exactly as written."""

    value: Fraction
    span: Span


@dataclass(frozen=True, slots=True)
class Name:
    """A column, such as ``results.n4``."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Unary:
    """A sign (``-``) or a denial (``not``)."""

    operator: str
    operand: "Node"
    span: Span


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and what stands between them."""

    operator: str
    left: "Node"
    right: "Node"
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A function and what it is given; `name_span` is the place of its name."""

    function: str
    arguments: tuple["Node", ...]
    span: Span
    name_span: Span


Node: TypeAlias = Number | Name | Unary | Binary | Call

COMPARISONS: Final = ("<", "<=", ">", ">=", "=", "!=")
LOGICAL: Final = ("and", "or")
NOT: Final = "not"


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula as it was read; nothing is said yet of whether its columns exist."""

    text: str
    root: Node

    def __str__(self) -> str:
        return self.text

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns it uses, once each, in the order of the text."""
        return tuple(dict.fromkeys(name.name for name in names_of(self.root)))


def names_of(node: Node) -> Iterator[Name]:
    """Yield the columns that stand below `node`, from left to right."""
    if isinstance(node, Name):
        yield node
    for child in children_of(node):
        yield from names_of(child)


def children_of(node: Node) -> tuple[Node, ...]:
    """Return the operands or arguments of a node."""
    match node:
        case Number() | Name():
            return ()
        case Unary():
            return (node.operand,)
        case Binary():
            return (node.left, node.right)
        case Call():
            return node.arguments


def type_of(node: Node) -> Type:
    """Return what a node is by its form; columns and unknown functions are numbers."""
    match node:
        case Unary(operator="not"):
            return Type.BOOLEAN
        case Binary(operator=operator) if operator in (*COMPARISONS, *LOGICAL):
            return Type.BOOLEAN
        case Call(function="if", arguments=(_, chosen, *_)):
            return type_of(chosen)
        case Call(function="coalesce", arguments=(first, *_)):
            return type_of(first)
        case _:
            return Type.NUMBER
