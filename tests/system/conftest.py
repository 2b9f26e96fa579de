"""One whole system for all of these tests, since its first start takes long."""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.ledger import listed
from tests.support.servers import throwaway_folder
from tests.support.system import LocalSystem


@pytest.fixture(scope="session")
def system() -> Iterator[LocalSystem]:
    """Yield a system that may run or not; nothing of it is left in the end."""
    with throwaway_folder() as folder:
        system = LocalSystem(folder / "данные с пробелами", folder / "output")
        try:
            yield system
            if system.is_running:
                system.stop()
        finally:
            system.clean_up()


@pytest.fixture
def running(system: LocalSystem) -> LocalSystem:
    """Return the system, started if need be."""
    if not system.is_running:
        system.start()
    return system


@pytest.fixture
def uzhur(running: LocalSystem) -> Iterator[httpx.Client]:
    """Yield a coordinator's client."""
    with running.client("uzhur") as client:
        yield client


@pytest.fixture
def school_ids(uzhur: httpx.Client) -> list[int]:
    """Return the schools of the district; branches report with theirs."""
    schools = listed(uzhur, "/v1/schools")
    return [school["id"] for school in schools if school["kind"] != "branch"]
