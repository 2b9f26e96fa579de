"""A formula as a Polars expression.

Inside it, a formula is walked node by node over whole columns. Written as one nested
expression it would be walked by the optimiser instead, whose time grows with the square
of the levels and whose stack a few hundred of them overflow.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from services.scoring.engine.formulas.arrays import (
    FUNCTIONS,
    OPERATORS,
    Figures,
    finite,
)
from shared.domain.formulas.syntax import (
    NOT,
    Binary,
    Call,
    Expression,
    Name,
    Node,
    Number,
    Type,
    Unary,
    type_of,
)


def compile_formula(expression: Expression) -> pl.Expr:
    """Turn a checked formula into an expression over columns of the same names.

    Columns are numbers of any type. A row's answer is null where an operand that it
    needs is null or not finite, and where it divides by zero; it never is infinite. A
    number is a Float64; a condition is a Boolean, by Kleene's three-valued logic.
    Figures that differ by the noise of floats only, as 0.1 + 0.2 and 0.3, are equal.

    Source: IEEE 754 arithmetic on the numbers as they are, each division once, so that
    a quotient of counts is the float nearest to the truth.

    >>> from shared.domain.formulas import parse
    >>> formula = parse("share(results.n4 + results.n5, results.n_marked)")
    >>> counts = {"n4": [4, 1], "n5": [2, None], "n_marked": [10, 9]}
    >>> frame = pl.DataFrame({f"results.{name}": counts[name] for name in counts})
    >>> frame.select(compile_formula(formula)).to_series().to_list()
    [60.0, None]
    """
    names, root = expression.columns, expression.root
    is_condition = type_of(root) is Type.BOOLEAN

    def evaluate(columns: Sequence[pl.Series]) -> pl.Series:
        given = {
            name: finite(column.cast(pl.Float64).to_numpy())
            for name, column in zip(names, columns, strict=True)
        }
        with np.errstate(all="ignore"):
            figures = _value(root, given)
        answer = pl.Series(figures, dtype=pl.Float64, nan_to_null=True)
        return answer.cast(pl.Boolean) if is_condition else answer

    return pl.map_batches(
        [pl.col(name) for name in names],
        evaluate,
        return_dtype=pl.Boolean if is_condition else pl.Float64,
        is_elementwise=True,
    ).alias("formula")


def _value(node: Node, columns: Mapping[str, Figures]) -> Figures:
    match node:
        case Number():
            return np.float64(node.value)
        case Name():
            return columns[node.name]
        case Unary():
            operand = _value(node.operand, columns)
            return 1 - operand if node.operator == NOT else -operand
        case Binary():
            left, right = _value(node.left, columns), _value(node.right, columns)
            return finite(OPERATORS[node.operator](left, right))
        case Call():
            arguments = [_value(argument, columns) for argument in node.arguments]
            return finite(FUNCTIONS[node.function](*arguments))
