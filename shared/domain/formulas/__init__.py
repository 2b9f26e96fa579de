"""Formulas of indicators: a safe expression over named columns, read and checked.

``share(results.n4 + results.n5, results.n_marked)`` is one. It has numbers (``0.25``),
columns, ``+ - * /``, parentheses, comparisons (``< <= > >= = !=``), ``and``, ``or``,
``not`` and the functions of `functions.FUNCTIONS`. Nothing is ever executed as code.

Columns are those of the catalogue (`catalogue.CATALOGUE`). A group of МСОКО is
``msoko.2_3`` for the code 2.3, another indicator ``indicator.bussed_share`` for the
code ``bussed-share``.

What is missing stays missing: a sum with a missing part is missing, and so is a
division by zero; ``coalesce`` says what to take instead. ``and`` and ``or`` are
three-valued: ``false and missing`` is false, ``true or missing`` is true.
"""

from shared.domain.formulas.checking import Checked, check
from shared.domain.formulas.columns import Catalogue, Column
from shared.domain.formulas.dependencies import counting_order, dependencies
from shared.domain.formulas.errors import InvalidFormulaError
from shared.domain.formulas.missing import MissingPolicy
from shared.domain.formulas.parsing import parse
from shared.domain.formulas.syntax import Expression, Type
from shared.domain.formulas.units import Unit

__all__ = [
    "Catalogue",
    "Checked",
    "Column",
    "Expression",
    "InvalidFormulaError",
    "MissingPolicy",
    "Type",
    "Unit",
    "check",
    "counting_order",
    "dependencies",
    "parse",
]
