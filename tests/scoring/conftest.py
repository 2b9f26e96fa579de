"""A district of three schools, empty as yet."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.scoring.district import District, new_district


@pytest_asyncio.fixture
async def district(empty_database_url: str) -> AsyncIterator[District]:
    """Yield a district with the schools a, b and c and no results."""
    async with new_district(empty_database_url) as district:
        for code in "abc":
            await district.add_school(code)
        yield district
