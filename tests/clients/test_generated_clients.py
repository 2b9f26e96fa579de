"""Clients that public generators make of the description serve for a whole round."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.demo.loading import read_schools, write_sample
from shared.persistence.work import begin_as_system
from shared.runtime.embedded.ports import LOOPBACK, free_port
from tests.clients.conftest import run
from tests.support.npm import NODE, InstallationFailedError, install
from tests.support.served import Served

pytestmark = pytest.mark.timeout(400)

ROUND = Path(__file__).parent / "python" / "whole_round.py"


@pytest.fixture
async def sample(engine: AsyncEngine, tmp_path: Path) -> Path:
    """Write the file that the tour of the README imports."""
    async with begin_as_system(engine) as work:
        return write_sample(await read_schools(work), tmp_path)


def require_whole_round(seen: dict[str, Any]) -> None:
    assert seen["import"]["previewed"] == seen["import"]["committed"] > 300
    places = [place for place, _ in seen["ranking"]["places"]]
    assert len(places) == 15
    assert places == sorted(places)
    assert places[0] == 1
    assert seen["ranking"]["outside"] == 1
    assert seen["agreement"] == ["draft", "proposed", "proposed", "signed", "active"]
    assert seen["deadline"] == ["open", "submitted", "done"]


def test_the_python_generator_understands_all_of_the_description(
    python_client: tuple[Path, str],
) -> None:
    folder, said = python_client
    assert "WARNING" not in said
    assert "Unable" not in said
    assert (folder / "podyom_client" / "api" / "imports" / "create_import.py").exists()


def test_the_python_client_goes_a_whole_round(
    python_client: tuple[Path, str], system: Served, sample: Path
) -> None:
    folder, _ = python_client
    python = (sys.executable, "-W", "error")
    command = [*python, str(ROUND), system.address, str(sample)]
    ran = run(command, folder, PYTHONPATH=str(folder))
    require_whole_round(json.loads(ran.stdout))


def test_the_typescript_client_passes_the_strict_compiler(
    typescript_client: Path,
) -> None:
    compiler = "node_modules/typescript/bin/tsc"
    assert run([NODE, compiler, "--project", "."], typescript_client).stdout == ""


def test_the_typescript_client_goes_a_whole_round(
    typescript_client: Path, system: Served, sample: Path
) -> None:
    command = [str(NODE), "whole_round.ts", system.address, str(sample)]
    ran = run(command, typescript_client)
    require_whole_round(json.loads(ran.stdout))


def test_without_the_registry_it_is_said_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", f"http://{LOOPBACK}:{free_port()}")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(InstallationFailedError, match="is the npm registry reachable"):
        install(tmp_path / "npm")


def test_no_name_of_a_schema_tells_where_its_code_is(description: Path) -> None:
    schemas = json.loads(description.read_text("utf-8"))["components"]["schemas"]
    assert [name for name in schemas if "__" in name] == []
    titles = [schema["title"] for schema in schemas.values()]
    assert len(titles) == len(set(titles))
