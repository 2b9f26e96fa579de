"""Each exported dataset is followed by the feed, and by its own columns."""

from sqlalchemy import UniqueConstraint, text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.datasets.places import (
    FED,
    id_of,
    is_replaced,
    places_of,
    table_of,
)
from shared.persistence.work import begin_as_system

# Held unique by an index over an expression, which is no constraint.
BY_INDEX = {"deadlines"}
NUMBERED = {code: each for code, each in FED.items() if not is_replaced(each)}


async def test_every_dataset_is_followed_where_its_rows_belong(
    engine: AsyncEngine,
) -> None:
    async with begin_as_system(engine) as work:
        followed = {
            row.dataset: row
            for row in await work.session.execute(
                text("SELECT * FROM api.feed_tables ORDER BY dataset")
            )
        }
    missing = sorted(NUMBERED.keys() - followed.keys())
    assert not missing, f"call api.follow_changes in a migration: {missing}"
    assert followed.keys() == NUMBERED.keys()
    for code, dataset in NUMBERED.items():
        row, table = followed[code], table_of(dataset)
        assert row.relation == table.fullname
        places = [
            (municipality.key, "" if school is None else school.key)
            for municipality, school in places_of(dataset)
        ]
        noted = list(zip(row.municipality_columns, row.school_columns, strict=True))
        assert noted == places, code
        assert {*row.key_columns} <= {*table.c.keys()}, code
        if code in BY_INDEX:
            continue
        if dataset.recording is not None:
            assert tuple(row.key_columns) == dataset.recording.key, code
            continue
        keys = [
            {column.name for column in constraint.columns}
            for constraint in table.constraints
            if isinstance(constraint, UniqueConstraint)
        ]
        assert not row.key_columns or {*row.key_columns} in keys, code


async def test_every_followed_table_has_its_triggers(engine: AsyncEngine) -> None:
    async with begin_as_system(engine) as work:
        found = await work.session.execute(
            text(
                "SELECT f.relation, array_agg(t.tgname::text ORDER BY t.tgname)"
                " FILTER (WHERE t.tgname IN"
                " ('feed_deletes', 'feed_inserts', 'feed_updates'))"
                " FROM api.feed_tables f"
                " LEFT JOIN pg_trigger t ON t.tgrelid = f.relation::regclass"
                " GROUP BY f.relation"
            )
        )
        for relation, triggers in found:
            assert triggers == ["feed_deletes", "feed_inserts", "feed_updates"], (
                relation
            )


def test_what_is_fed_has_numbers_or_comes_with_runs() -> None:
    for code, dataset in FED.items():
        assert (id_of(dataset) is None) is is_replaced(dataset), code
