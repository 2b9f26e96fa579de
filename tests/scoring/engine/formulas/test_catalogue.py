"""The columns of the catalogue are those that there are."""

import pytest

from services.api.datasets.definitions import DATASETS
from services.scoring.engine.measures import RESULT_SCHEMA, summarise
from shared.domain.formulas import Unit, parse
from shared.domain.formulas.catalogue import CATALOGUE, RESULTS
from shared.domain.formulas.columns import msoko_code, msoko_name
from shared.domain.measures import MEASURES


def test_sums_of_results_and_measures_are_what_a_summary_has() -> None:
    summary = summarise(RESULT_SCHEMA.to_frame(), by=["school_id"])

    named = {name.removeprefix(RESULTS) for name in CATALOGUE if RESULTS in name}

    assert named == {*summary.columns} - {"school_id"}
    for measure in MEASURES.values():
        column = CATALOGUE[RESULTS + measure.code]
        assert column.n == RESULTS + measure.n_column


def test_every_column_can_be_written_in_a_formula_and_has_its_n_there() -> None:
    for name, column in CATALOGUE.items():
        assert column.name == name
        assert parse(f"{name} + 1").columns == (name,)
        assert column.n is None or CATALOGUE[column.n].unit is not Unit.PERCENT
        assert column.title.ru
        assert column.title.en


def test_every_column_is_of_a_dataset_that_there_is() -> None:
    assert {column.dataset for column in CATALOGUE.values()} <= {*DATASETS}


@pytest.mark.parametrize("code", ["1.1", "2.3", "10.12"])
def test_any_group_of_the_municipal_assessment_is_a_column(code: str) -> None:
    column = CATALOGUE[msoko_name(code)]

    assert msoko_code(column.name) == code
    assert column.unit is Unit.PERCENT
    assert code in column.title.en


@pytest.mark.parametrize("name", ["msoko.1", "msoko.0_1", "msoko.1_1_1", "msoko.a_b"])
def test_nothing_else_passes_for_such_a_group(name: str) -> None:
    assert name not in CATALOGUE
