"""The worked examples in the engine's docstrings are true."""

import doctest
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

from services.scoring import engine


def _source_of(name: str) -> str:
    return Path(str(import_module(name).__file__)).read_text(encoding="utf-8")


WITH_EXAMPLES = [
    module.name
    for module in walk_packages(engine.__path__, f"{engine.__name__}.")
    if ">>>" in _source_of(module.name)
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_worked_examples_of_a_module_hold(name: str) -> None:
    module = import_module(name)

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
