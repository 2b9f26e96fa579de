"""Shipped methods: where their files put them into force."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.methods.loading import load_method
from services.scoring.repository.methods import methods_in_force
from shared.domain.errors import InvalidInputError
from shared.domain.methods.ranking import Ranking
from shared.persistence.work import Work, begin_as_system
from tests.api.methods.rows import content_of, municipality, write_method, write_period


async def in_force(work: Work, place: str, year: int) -> list[tuple[str, int]]:
    found = await methods_in_force(work, await municipality(work, place), year, Ranking)
    return [(each.code, each.version) for each in found]


async def test_a_file_says_where_and_from_when_its_method_is_in_force(
    engine: AsyncEngine,
) -> None:
    places = [
        {"municipality": "zhigalovo", "from": 2019},
        {"municipality": "not-here", "from": 2019},
        {"region": "krasnoyarsk", "from": 2020},
    ]
    content = content_of(code="msoko") | {"in_force": places}
    async with begin_as_system(engine) as work:
        assert await load_method(work, content)
        assert not await load_method(work, content)
        found = {
            (place, year): (await in_force(work, place, year))[0][0]
            for place in ("zhigalovo", "uzhur")
            for year in (2018, 2019, 2020)
        }
    usual = "quality-of-results"
    assert found == {
        ("zhigalovo", 2018): usual,
        ("zhigalovo", 2019): "msoko",
        ("zhigalovo", 2020): "msoko",
        ("uzhur", 2018): usual,
        ("uzhur", 2019): usual,
        ("uzhur", 2020): "msoko",
    }


async def test_a_newer_version_follows_from_its_year_and_never_an_order(
    engine: AsyncEngine,
) -> None:
    first = content_of(code="msoko") | {
        "in_force": [{"municipality": "zhigalovo", "from": 2018}]
    }
    second = first | {
        "version": 2,
        "in_force": [{"municipality": "zhigalovo", "from": 2020}],
    }
    async with begin_as_system(engine) as work:
        await load_method(work, first)
        await load_method(work, second)
        versions = [
            (await in_force(work, "zhigalovo", year))[0][1]
            for year in (2018, 2019, 2020)
        ]
        assert versions == [1, 1, 2]
        uzhur = await municipality(work, "uzhur")
        own = await write_method(work, municipality_id=uzhur, code="own")
        await write_period(work, own, municipality_id=uzhur)
        third = second | {
            "version": 3,
            "in_force": [{"municipality": "uzhur", "from": 2019}],
        }
        await load_method(work, third)
        assert await in_force(work, "uzhur", 2019) == [("own", 1)]


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"minimum_n": 9}, "version"),
        ({"code": "rival"}, "in_force"),
        ({"code": "rival", "in_force": "everywhere"}, "in_force"),
        ({"code": "rival", "in_force": [{"from": 2019, "to": 2020}]}, "in_force"),
        ({"code": "rival", "in_force": [{"from": 19}]}, "in_force"),
    ],
)
async def test_a_file_that_cannot_be_followed_is_refused(
    engine: AsyncEngine, changes: dict[str, Any], column: str
) -> None:
    content = content_of(code="quality-of-results") | changes
    with pytest.raises(InvalidInputError) as caught:
        async with begin_as_system(engine) as work:
            await load_method(work, content)
    assert [fault.column for fault in caught.value.faults] == [column]
