"""Passports and outcomes for the tests of conditions, by hand and at random."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml

from services.scoring.engine.conditions.assessment import (
    LISTED_SCHEMA,
    OUTCOME_SCHEMA,
    PUBLISHED_SCHEMA,
    ConditionInputs,
)
from services.scoring.engine.conditions.index import PASSPORT_SCHEMA, PERCENTS
from shared.domain.methods.conditions import Conditions
from shared.domain.methods.kinds import read_method

SHIPPED = Path(__file__).parents[4] / "deploy/methods/conditions-of-schools.yaml"
YEAR = 2020


def mapping(**changes: Any) -> dict[str, Any]:
    """Return the shipped method's data; ``expected={...}`` changes keys within."""
    content: dict[str, Any] = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    for key, value in changes.items():
        nested = isinstance(value, dict) and key in {"expected", "clusters"}
        content[key] = {**content[key], **value} if nested else value
    return content


def method(**changes: Any) -> Conditions:
    return read_method(_with_sources(mapping(**changes))).of(Conditions).spec


def _with_sources(content: dict[str, Any]) -> dict[str, Any]:
    """Give a source to the sign of each share, and to entered coefficients."""
    source = {"kind": "local", "source": "A test."}
    stated = {"signs"} & set(content["provenance"])
    signs = {
        f"signs.{name}"
        for name in content["shares"]
        if name
        not in {
            "both_parents_higher_education",
            "bussed",
            "school_register",
            "low_income",
            "other_native_language",
            "dangerous_situation",
        }
    }
    if len(signs) == len(content["shares"]):
        content["provenance"] = {
            key: value
            for key, value in content["provenance"].items()
            if key not in stated
        }
    entered = {"expected.coefficients"} if "coefficients" in content["expected"] else ()
    content["provenance"] |= dict.fromkeys([*signs, *entered], source)
    return content


def passports(
    rows: Mapping[int, Mapping[str, float | None]],
    *,
    municipality_id: int = 1,
    year: int = YEAR,
) -> pl.DataFrame:
    """Return passports by school: shares by name, in %."""
    keys = {"municipality_id": municipality_id, "year": year}
    return pl.DataFrame(
        [
            {**keys, "school_id": school}
            | {f"{name}_percent": value for name, value in shares.items()}
            for school, shares in rows.items()
        ],
        schema=PASSPORT_SCHEMA,
    )


def outcomes(
    values: Mapping[int, float | None],
    *,
    n: int = 30,
    municipality_id: int = 1,
    year: int = YEAR,
) -> pl.DataFrame:
    return pl.DataFrame(
        [(municipality_id, year, school, value, n) for school, value in values.items()],
        schema=OUTCOME_SCHEMA,
        orient="row",
    )


def inputs(shares: pl.DataFrame, results: pl.DataFrame) -> ConditionInputs:
    """Return inputs that list the schools that have a passport."""
    return ConditionInputs(
        schools=shares.select(LISTED_SCHEMA.names()),
        passports=shares,
        published=PUBLISHED_SCHEMA.to_frame(),
        outcomes=results,
    )


def random_district(
    municipality_id: int, schools: int, *, seed: int, years: tuple[int, ...] = (YEAR,)
) -> ConditionInputs:
    """Return a district with some shares and results missing."""
    generator = np.random.default_rng(seed)
    keys = pl.DataFrame(
        [
            (municipality_id, year, 100 * municipality_id + school)
            for year in years
            for school in range(schools)
        ],
        schema=LISTED_SCHEMA,
        orient="row",
    )
    size = keys.height
    shares = {
        name: pl.Series(
            np.where(generator.random(size) < 0.1, np.nan, generator.random(size) * 100)
        )
        .round(2)
        .fill_nan(None)
        for name in PERCENTS
    }
    results = keys.with_columns(
        outcome=pl.Series(generator.random(size) * 100),
        n=pl.Series(generator.integers(0, 90, size)),
    ).cast(OUTCOME_SCHEMA)
    return inputs(keys.with_columns(**shares).cast(PASSPORT_SCHEMA), results)


def together(*districts: ConditionInputs) -> ConditionInputs:
    return ConditionInputs(
        schools=pl.concat([each.schools for each in districts]),
        passports=pl.concat([each.passports for each in districts]),
        published=pl.concat([each.published for each in districts]),
        outcomes=pl.concat([each.outcomes for each in districts]),
    )
