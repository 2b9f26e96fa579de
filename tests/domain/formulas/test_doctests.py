"""The worked examples in the docstrings of formulas are true."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("module", ["columns", "dependencies", "units"])
def test_the_worked_examples_of_a_module_hold(module: str) -> None:
    outcome = doctest.testmod(import_module(f"shared.domain.formulas.{module}"))

    assert outcome.attempted > 0
    assert outcome.failed == 0
