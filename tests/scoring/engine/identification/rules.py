"""Rules and frames of results for the tests of identification."""

from dataclasses import replace
from typing import Any

import polars as pl
import yaml

from services.api.cli import DEPLOY
from services.scoring.engine.identification.identify import Identified, identify
from services.scoring.engine.identification.units import YEARLY_RESULT_SCHEMA
from shared.domain.methods.identification import Identification
from shared.domain.methods.kinds import read_method
from tests.scoring.engine.result_frames import result

YEAR = 2018


def shipped(code: str) -> Identification:
    path = DEPLOY / "methods" / f"{code}.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read_method(content).of(Identification).spec


FEDERAL = shipped("federal-2020")
THREE_YEARS = shipped("three-years-both-subjects")


def rule(base: Identification = FEDERAL, **changes: Any) -> Identification:
    return replace(base, **changes)


def paper(
    low: int,
    n: int,
    *,
    year: int = YEAR,
    school: int = 1,
    municipality: int = 1,
    procedure: str = "vpr",
    **changes: Any,
) -> dict[str, Any]:
    """A result of `n` pupils of whom `low` are low, in the way of its procedure."""
    counts = (
        {"marks": None, "n": n, "below_minimum": low, "grade": 11}
        if procedure == "ege"
        else {"marks": (low, 0, n - low, 0)}
    )
    row = result(school, procedure, **{"subject": "mathematics", **counts, **changes})
    return {"municipality_id": municipality, "academic_year": year, **row}


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=YEARLY_RESULT_SCHEMA)


def schools(*ids: int, municipality: int = 1) -> pl.DataFrame:
    return pl.DataFrame(
        {"municipality_id": [municipality] * len(ids), "school_id": list(ids)},
        schema={"municipality_id": pl.Int64, "school_id": pl.Int64},
    )


def found(*rows: dict[str, Any], by: Identification = FEDERAL, year: int = YEAR) -> Any:
    """What the rule says of school 1."""
    answer = identify(frame(*rows), schools(1), rule=by, year=year)
    return answer.schools.row(0, named=True)


def evidence(
    *rows: dict[str, Any], by: Identification = FEDERAL, year: int = YEAR
) -> list[dict[str, Any]]:
    answer: Identified = identify(frame(*rows), schools(1), rule=by, year=year)
    return answer.evidence.rows(named=True)
