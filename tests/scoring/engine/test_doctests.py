"""The worked examples in the engine's docstrings are true."""

import doctest
from importlib import import_module

import pytest

WITH_EXAMPLES = (
    "attainment",
    "listing",
    "programme",
    "ranking",
    "rounding",
    "targets",
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_worked_examples_of_a_module_hold(name: str) -> None:
    module = import_module(f"services.scoring.engine.{name}")

    outcome = doctest.testmod(module)

    assert outcome.attempted > 0
    assert outcome.failed == 0


@pytest.mark.parametrize(
    "formula",
    [
        "quality_rate",
        "success_rate",
        "sou",
        "mean_mark",
        "low_share",
        "confirmed_marks",
    ],
)
def test_every_formula_has_a_worked_example_and_a_source(formula: str) -> None:
    module = import_module("services.scoring.engine.attainment")
    docstring = getattr(module, formula).__doc__

    assert doctest.DocTestParser().get_examples(docstring)
    assert "Source: " in docstring
