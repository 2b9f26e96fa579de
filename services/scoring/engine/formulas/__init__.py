"""Formulas of indicators, counted over columns of schools."""

from services.scoring.engine.formulas.compiling import compile_formula
from services.scoring.engine.formulas.shares import share_of_schools

__all__ = ["compile_formula", "share_of_schools"]
