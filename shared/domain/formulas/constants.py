"""Parts of a formula that are the same for every school, counted exactly."""

from fractions import Fraction

from shared.domain.formulas.syntax import Binary, Node, Number, Unary


def constant_of(node: Node) -> Fraction | None:
    """Return the value of arithmetic on numbers alone, as ``2 - 2``; else None.

    Functions are not looked into, and a division by zero has no value.
    """
    match node:
        case Number():
            return node.value
        case Unary(operator="-"):
            value = constant_of(node.operand)
            return None if value is None else -value
        case Binary():
            left, right = constant_of(node.left), constant_of(node.right)
            if left is None or right is None:
                return None
            return _counted(node.operator, left, right)
        case _:
            return None


def _counted(operator: str, left: Fraction, right: Fraction) -> Fraction | None:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/" if right:
            return left / right
        case _:
            return None
