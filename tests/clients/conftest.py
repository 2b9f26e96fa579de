"""The api's description, and clients that public generators make of it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import yaml

from services.api.app import create_app
from shared.runtime.settings import api_settings
from tests.api.http.test_openapi import ENVIRONMENT
from tests.support.npm import NODE, install
from tests.support.processes import ROOT
from tests.support.served import Served, served
from tests.support.servers import throwaway_valkey

SECONDS = 240  # of one command; generous, since the machine may be busy
TYPESCRIPT = ROOT / "tests" / "clients" / "typescript"
AS_BYTES = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/x-ndjson",
    "application/yaml",
)
# What the generator does not know it takes for bytes, and formats nothing.
CONFIG = {
    "post_hooks": [],
    "content_type_overrides": dict.fromkeys(AS_BYTES, "application/octet-stream"),
}


def run(
    command: Sequence[str | Path], folder: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; it has to succeed."""
    ran = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
    return ran


@pytest.fixture(scope="session")
def description(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the description of the api that this code is."""
    path = tmp_path_factory.mktemp("description") / "openapi.json"
    schema = create_app(api_settings(ENVIRONMENT)).openapi()
    path.write_text(json.dumps(schema), "utf-8")
    return path


@pytest.fixture(scope="session")
def python_client(
    description: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """Generate the package `podyom_client`; return where, and what was said."""
    folder = tmp_path_factory.mktemp("python")
    (folder / "config.yaml").write_text(yaml.safe_dump(CONFIG), "utf-8")
    ran = run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate"),
            *("--path", description, "--config", "config.yaml"),
            *("--meta", "none", "--output-path", "podyom_client"),
        ],
        folder,
    )
    return folder, ran.stdout + ran.stderr


@pytest.fixture(scope="session")
def typescript_client(
    description: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Generate the types of the api beside the program that uses them."""
    folder = tmp_path_factory.mktemp("typescript")
    for path in TYPESCRIPT.iterdir():
        shutil.copy(path, folder)
    (folder / "node_modules").symlink_to(install() / "node_modules")
    run([NODE, "generate.mjs", description, "api.d.ts"], folder)
    return folder


@pytest.fixture
def system(database_url: str, tmp_path: Path) -> Iterator[Served]:
    """Yield an api and a scoring worker over the demonstration."""
    with (
        throwaway_valkey() as redis_url,
        served(database_url, redis_url, tmp_path) as system,
    ):
        yield system
