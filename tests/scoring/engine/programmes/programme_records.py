"""Records of a small municipality, of which a test gives what it is about."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from services.scoring.engine.composite.figures import Inputs
from services.scoring.engine.programme import AGREEMENT_SCHEMA
from services.scoring.engine.programmes import records as frames
from services.scoring.engine.programmes.findings import Finding
from services.scoring.engine.programmes.period import Period
from services.scoring.engine.programmes.records import Records
from shared.domain.methods.programme_shares import ProgrammeShares

SCHEMAS: Final[Mapping[str, pl.Schema]] = {
    "lives": frames.LIVES,
    "agreements": AGREEMENT_SCHEMA,
    "programmes": frames.PROGRAMMES,
    "swots": frames.SWOTS,
    "surveys": frames.SURVEYS,
    "resources": frames.RESOURCES,
    "msoko": frames.MSOKO,
    "recommendations": frames.RECOMMENDATIONS,
    "controls": frames.CONTROLS,
}
SPEC: Final = ProgrammeShares(
    satisfied_at_least=50,
    minimum_respondents=1,
    stable_within=0,
    confidence=95,
    prior=0.5,
)
LONG_AFTER: Final = date(2030, 1, 1)


def records(
    *schools: int,
    as_of: date = LONG_AFTER,
    scores: Mapping[int, pl.DataFrame] | None = None,
    inputs: Inputs | None = None,
    **rows: list[tuple[Any, ...]],
) -> Records:
    """Return records of these schools, with the rows of each frame."""
    given = {"lives": [(school, "secondary", None, None) for school in schools]} | rows
    return Records(
        as_of=as_of,
        scores=scores or {},
        inputs=inputs,
        **{
            name: pl.DataFrame(given.get(name, []), schema=schema, orient="row")
            for name, schema in SCHEMAS.items()
        },
    )


def calendar(year: int, *, first: int = 2020, last: int = 2022) -> Period:
    """Return a year of a programme that lasts from `first` to `last`."""
    return Period(
        years="calendar", year=year, is_first=year == first, is_last=year == last
    )


def academic(year: int) -> Period:
    """Return an academic year of a programme."""
    return Period(years="academic", year=year)


def told(finding: Finding) -> dict[int, str]:
    """Return of each school yes, no or undecided, with the reason."""
    names = {True: "yes", False: "no", None: "undecided"}
    return {
        each.school_id: names[each.holds] + (f": {each.reason}" if each.reason else "")
        for each in finding.verdicts
    }
