"""The api keeps to its description, whoever calls and whatever is sent.

All checks of schemathesis run over all operations, from outside, against the process
that serves in earnest. What it has to know stands in schemathesis.toml, with the
reasons. `make fuzz` is a longer run, with more examples and in one phase more.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from benches.support.bench import Bench
from tests.support.processes import ROOT

SEED = 20_200_901
EXAMPLES = 2  # of each operation and kind, besides those that the description gives
SECONDS = (
    90  # after which no more are made; each operation has had its turn long before
)
RUN = "from schemathesis.cli import schemathesis; schemathesis()"


@pytest.mark.timeout(900)  # most of it is waiting for a busy machine
@pytest.mark.parametrize("login", ["admin", "uzhur", None])
def test_no_check_of_schemathesis_fails(
    database_url: str, redis_url: str, tmp_path: Path, login: str | None
) -> None:
    with Bench(database_url, redis_url, tmp_path).serving_api() as api:
        command = [
            *(sys.executable, "-c", RUN, "--no-color", "run"),
            *(f"{api.address}/openapi.json", "--checks", "all"),
            *("--phases", "examples,fuzzing", "--max-examples", str(EXAMPLES)),
            *("--seed", str(SEED), "--no-shrink"),
            *("--generation-database", "none"),
        ]
        if login is not None:
            command += ["-H", f"Authorization: Bearer {api.token(login)}"]
        ended = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert ended.returncode == 0, ended.stdout[-20_000:] + ended.stderr[-2_000:]
