"""Whether a formula makes sense: its columns, functions, types and units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.domain.errors import Fault, Text
from shared.domain.formulas import complaints
from shared.domain.formulas.columns import Column
from shared.domain.formulas.constants import constant_of
from shared.domain.formulas.errors import InvalidFormulaError, fault_at, shown
from shared.domain.formulas.functions import FUNCTIONS, MOST_DECIMALS
from shared.domain.formulas.syntax import (
    LOGICAL,
    Binary,
    Call,
    Expression,
    Name,
    Node,
    Span,
    Type,
    Unary,
    type_of,
)
from shared.domain.formulas.units import UNDECIDED, Quantity, Unit


@dataclass(frozen=True, slots=True)
class Checked:
    """What a sound formula says: its type, its unit, and what it is counted from.

    `n_columns` are the columns with the N of those it uses. A condition has no unit:
    `Unit.ANY`.
    """

    type: Type
    unit: Unit
    columns: tuple[str, ...]
    n_columns: tuple[str, ...]


def check(
    expression: Expression, columns: Mapping[str, Column], wanted: Type = Type.NUMBER
) -> Checked:
    """Check a formula against the columns there are.

    Raises:
        InvalidFormulaError: with every fault, in the order of the text: unknown
            columns and functions, numbers of arguments, types, units, a division by
            what is always zero, and a formula without any column.
    """
    checker = _Checker(expression, columns)
    quantity = checker.expect(expression.root, wanted)
    if not expression.columns:
        checker.note(expression.root.span, complaints.NO_COLUMN_AT_ALL)
    if checker.faults:
        raise InvalidFormulaError(sorted(checker.faults, key=_place))
    used = [columns[name] for name in expression.columns]
    return Checked(
        type=wanted,
        unit=quantity.unit,
        columns=expression.columns,
        n_columns=tuple(dict.fromkeys(column.n for column in used if column.n)),
    )


def _place(fault: Fault) -> tuple[int, int]:
    position = fault.position
    return (0, 0) if position is None else (position.line, position.column)


@dataclass(slots=True)
class _Checker:
    """Walks a formula once and notes everything that is wrong with it."""

    expression: Expression
    columns: Mapping[str, Column]
    faults: list[Fault] = field(default_factory=list)

    def expect(self, node: Node, wanted: Type) -> Quantity:
        """Check a node that must be of a type; return its quantity."""
        found = type_of(node)
        if found is not wanted and not _is_unknown(node):
            needed = (
                complaints.number_needed
                if wanted is Type.NUMBER
                else complaints.condition_needed
            )
            self.note(node.span, needed(self._piece(node)))
        if found is Type.NUMBER:
            return self._number(node)
        self._condition(node)
        return UNDECIDED

    def note(self, span: Span, reason: Text) -> None:
        """Keep a fault, and go on."""
        self.faults.append(fault_at(self.expression.text, span, reason))

    def _condition(self, node: Node) -> None:
        match node:
            case Unary():
                self.expect(node.operand, Type.BOOLEAN)
            case Binary(operator=operator) if operator in LOGICAL:
                self.expect(node.left, Type.BOOLEAN)
                self.expect(node.right, Type.BOOLEAN)
            case Binary():
                self._alike(node.span, (node.left, node.right))
            case Call():
                self._call(node, Type.BOOLEAN)

    def _number(self, node: Node) -> Quantity:
        if (value := constant_of(node)) is not None:
            return Quantity.of_literal(value)
        match node:
            case Name():
                return self._column(node)
            case Unary():
                return self.expect(node.operand, Type.NUMBER)
            case Binary():
                return self._arithmetic(node)
            case Call():
                return self._call(node, Type.NUMBER)
        return UNDECIDED

    def _column(self, node: Name) -> Quantity:
        if (column := self.columns.get(node.name)) is not None:
            return Quantity.of(column.unit)
        self.note(node.span, complaints.no_column(node.name, self.columns))
        return UNDECIDED

    def _arithmetic(self, node: Binary) -> Quantity:
        if node.operator in {"+", "-"}:
            return self._alike(node.span, (node.left, node.right))
        left = self.expect(node.left, Type.NUMBER)
        right = self.expect(node.right, Type.NUMBER)
        if node.operator == "*":
            return left.times(right)
        self._refuse_zero(node.right)
        return left.over(right)

    def _call(self, node: Call, wanted: Type) -> Quantity:
        """Check a function's arguments, also where it is unknown or has too few."""
        if not self._is_called_right(node):
            for argument in node.arguments:
                self.expect(argument, type_of(argument))
            return UNDECIDED
        match node.function, node.arguments:
            case "if", (condition, *chosen):
                self.expect(condition, Type.BOOLEAN)
                return self._alike(node.span, chosen, wanted)
            case "share", (_, whole):
                self._alike(node.span, node.arguments)
                self._refuse_zero(whole)
                return Quantity.of(Unit.PERCENT)
            case "round", (figure, *decimals):
                self._refuse_decimals(decimals)
                return self.expect(figure, Type.NUMBER)
            case _, arguments:
                return self._alike(node.span, arguments, wanted)

    def _is_called_right(self, node: Call) -> bool:
        function = FUNCTIONS.get(node.function)
        if function is None:
            self.note(node.name_span, complaints.no_function(node.function))
            return False
        given = len(node.arguments)
        if not function.takes(given):
            self.note(node.span, complaints.wrong_arity(node.function, given))
        return function.takes(given)

    def _alike(
        self, span: Span, nodes: Sequence[Node], wanted: Type = Type.NUMBER
    ) -> Quantity:
        """Check nodes that must be of one type and, if numbers, of one unit."""
        found = [self.expect(node, wanted) for node in nodes]
        whole, first = found[0], nodes[0]
        for node, quantity in zip(nodes[1:], found[1:], strict=True):
            together = whole.together(quantity)
            if together is None:
                pieces = self._piece(first), self._piece(node)
                reason = complaints.units_differ(pieces[0], whole, pieces[1], quantity)
                self.note(span, reason)
                return UNDECIDED
            if whole.literal:
                first = node
            whole = together
        return whole

    def _refuse_zero(self, divisor: Node) -> None:
        if constant_of(divisor) == 0:
            self.note(divisor.span, complaints.DIVISION_BY_ZERO)

    def _refuse_decimals(self, decimals: Sequence[Node]) -> None:
        for node in decimals:
            if constant_of(node) not in range(MOST_DECIMALS + 1):
                self.note(node.span, complaints.WRONG_DECIMALS)

    def _piece(self, node: Node) -> str:
        return shown(self.expression.text[node.span.start : node.span.end])


def _is_unknown(node: Node) -> bool:
    return isinstance(node, Call) and node.function not in FUNCTIONS
