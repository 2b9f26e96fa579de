"""Formulas of indicators, counted over columns of schools."""

from services.scoring.engine.formulas.compiling import compile_formula

__all__ = ["compile_formula"]
