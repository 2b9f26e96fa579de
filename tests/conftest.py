"""Fixtures for every test: throw-away servers, started once and when first needed."""

from collections.abc import Iterator

import pytest

from tests.support.servers import throwaway_postgres, throwaway_valkey


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Yield the address of a PostgreSQL for this run; its user may do anything."""
    with throwaway_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Yield the address of a Valkey for this run."""
    with throwaway_valkey() as url:
        yield url
