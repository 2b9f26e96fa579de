"""What the schools of an area are known by, as columns for formulas."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import reduce
from typing import Final

import polars as pl
from sqlalchemy import select

from services.scoring.repository.areas import Area
from services.scoring.repository.facts import records, staff, surveys
from services.scoring.repository.facts.selecting import Reader
from shared.domain.formulas.columns import msoko_code, msoko_name
from shared.domain.formulas.conditions import CONDITIONS
from shared.domain.surveys import COMPONENTS, QUESTIONS
from shared.persistence.tables.msoko import MsokoGroupRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work

_KEY: Final = {"school_id": pl.Int64, "academic_year": pl.Int64}
_SCHOOL_SCHEMA: Final = pl.Schema({"municipality_id": pl.Int64, "school_id": pl.Int64})
_MSOKO_SCHEMA: Final = pl.Schema(
    {**_KEY, "code": pl.String, "score": pl.Float64, "maximum": pl.Float64}
)
# A share is divided from counts here, and not in the database.
_SHARES: Final = {
    f"{name}_percent": (f"{name}_{answer}", f"{name}_respondents")
    for name, answer in (
        *((f"climate.{component}", "positive") for component in COMPONENTS),
        *((f"satisfaction.{question}", "satisfied") for question in QUESTIONS),
    )
}
_READERS: Final[Mapping[str, Reader]] = {
    "enrolments": records.enrolments,
    "social-passports": records.social_passports,
    "staff-profiles": staff.staff_profiles,
    "vacancies": staff.vacancies,
    "staff-trainings": staff.staff_trainings,
    "climate-surveys": surveys.climate_surveys,
    "satisfaction-surveys": surveys.satisfaction_surveys,
    "objectivity-signs": records.objectivity_signs,
    "resource-items": records.resource_items,
}
_DATASETS: Final = {fact.name: fact.dataset for fact in CONDITIONS}


async def read_facts(
    work: Work,
    area: Area,
    years: Collection[int],
    names: Collection[str] | None = None,
) -> pl.DataFrame:
    """Return what is known of each school in each of the academic years.

    How dates and calendar years become academic years is told by the package.
    Only the datasets that are named are read, a statement for each.

    Args:
        work: A transaction that sees the area.
        area: Whose schools, branches and closed ones among them.
        years: Starts of academic years.
        names: Columns of the catalogue, groups of МСОКО among them; None is all, with
            every group that a municipality of the area has. Those of results and of
            indicators are not facts, and are passed over.

    Returns:
        ``municipality_id``, ``school_id``, ``academic_year`` (Int64) and then the
        columns as Float64, null where nothing is known; a row for every school and
        year, by school and then year.
    """
    asked = sorted(set(years))
    facts = _facts(await _all_names(work, area) if names is None else names)
    found = await _schools(work, area, asked)
    if not asked:
        return _complete(found, facts)
    tables = [
        await _wide(work, dataset, area, asked)
        for dataset in dict.fromkeys(_DATASETS.get(name) for name in facts)
        if dataset is not None
    ]
    if any(msoko_code(name) for name in facts):
        tables.append(await _msoko(work, area, asked))
    together = reduce(
        lambda left, right: left.join(right, on=[*_KEY], how="left"), tables, found
    )
    return _complete(together, facts)


def _facts(names: Iterable[str]) -> list[str]:
    return [
        name for name in dict.fromkeys(names) if name in _DATASETS or msoko_code(name)
    ]


async def _all_names(work: Work, area: Area) -> list[str]:
    codes = await work.session.scalars(
        select(MsokoGroupRow.code)
        .where(area.holds(MsokoGroupRow.municipality_id))
        .order_by(MsokoGroupRow.id)
    )
    return [*_DATASETS, *map(msoko_name, codes)]


async def _schools(work: Work, area: Area, years: Sequence[int]) -> pl.DataFrame:
    """Return every school in every year, sorted."""
    statement = select(SchoolRow.municipality_id, SchoolRow.id).where(
        area.holds(SchoolRow.municipality_id)
    )
    schools = await area.read(work, statement, _SCHOOL_SCHEMA)
    asked = pl.DataFrame({"academic_year": years}, schema={"academic_year": pl.Int64})
    return schools.join(asked, how="cross").sort(*_KEY)


async def _wide(
    work: Work, dataset: str, area: Area, years: Sequence[int]
) -> pl.DataFrame:
    statement = _READERS[dataset](area, years)
    _, _, *names = statement.selected_columns.keys()
    schema = pl.Schema(_KEY | dict.fromkeys(names, pl.Float64))
    counts = await area.read(work, statement, schema)
    return counts.with_columns(
        (100 * pl.col(part) / pl.col(whole)).alias(share)
        for share, (part, whole) in _SHARES.items()
        if whole in names
    )


async def _msoko(work: Work, area: Area, years: Sequence[int]) -> pl.DataFrame:
    """Return a column for each group with a score, in per cent of its maximum."""
    statement = records.msoko_scores(area, years)
    scores = await area.read(work, statement, _MSOKO_SCHEMA)
    percent = 100 * pl.col("score") / pl.col("maximum")
    table = (
        scores.sort("code", *_KEY)
        .select(*_KEY, "code", percent=percent)
        .pivot("code", index=[*_KEY], values="percent")
    )
    codes = [name for name in table.columns if name not in _KEY]
    return table.rename({code: msoko_name(code) for code in codes})


def _complete(found: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Return the columns that were asked for, and those only."""
    missing = pl.lit(None, pl.Float64)
    return found.select(
        "municipality_id",
        *_KEY,
        *(
            pl.col(name) if name in found.columns else missing.alias(name)
            for name in names
        ),
    ).rechunk()
