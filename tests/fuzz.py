"""Many hostile requests: `python -m tests.fuzz [--requests 10000] [--login uzhur]`.

Schemathesis runs with all checks, round after round with another seed, until the api
has answered as many requests as were wanted. Its stateful phase is left out: of the
tens of thousands of links that it infers here it makes not one scenario, and calls that
sound.
"""

import argparse
import asyncio
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path

import httpx

from benches.support.bench import Bench, Server
from tests.api.http.test_contract import RUN, SEED
from tests.support.databases import (
    LOADED,
    copied_database,
    make_loaded_template,
    make_migrated_template,
)
from tests.support.processes import ROOT
from tests.support.servers import throwaway_postgres, throwaway_valkey

LOGINS = ("admin", "uzhur", "uzhur.ilinskaya")
PHASES = "examples,coverage,fuzzing"
ANSWERED = re.compile(r"^podyom_http_requests_total\{.*\} ([0-9.e+]+)$", re.MULTILINE)


def answered(api: Server) -> int:
    """Return how many requests the api has answered, by its own count."""
    text = httpx.get(f"{api.address}/metrics", trust_env=False).text
    return int(sum(float(each) for each in ANSWERED.findall(text)))


def describe(api: Server) -> None:
    """Have the api make its description, for which schemathesis waits ten seconds."""
    address = f"{api.address}/openapi.json"
    httpx.get(address, trust_env=False, timeout=120).raise_for_status()


def command(api: Server, login: str, *, seed: int, examples: int) -> list[str]:
    """Return the command of one round."""
    return [
        *(sys.executable, "-c", RUN, "--no-color", "run"),
        *(f"{api.address}/openapi.json", "--checks", "all"),
        *("--phases", PHASES, "--max-examples", str(examples)),
        *("--seed", str(seed), "--no-shrink", "--continue-on-failure"),
        *("--generation-database", "none"),
        *("-H", f"Authorization: Bearer {api.token(login)}"),
    ]


def rounds(
    api: Server, logins: list[str], wanted: int, examples: int
) -> Iterator[tuple[str, subprocess.CompletedProcess[str]]]:
    """Yield login and outcome of each round, until enough was answered."""
    for number, login in zip(count(), cycle(logins), strict=False):
        if answered(api) >= wanted:
            return
        arguments = command(api, login, seed=SEED + number, examples=examples)
        yield (
            login,
            subprocess.run(
                arguments, cwd=ROOT, capture_output=True, text=True, check=False
            ),
        )


async def fuzz(logins: list[str], wanted: int, examples: int) -> bool:
    """Run the rounds on throw-away servers; say whether no check has failed."""
    is_sound = True
    with throwaway_postgres() as postgres_url, throwaway_valkey() as redis_url:
        await make_migrated_template(postgres_url)
        await make_loaded_template(postgres_url)
        with tempfile.TemporaryDirectory(prefix="podyom-fuzz-") as folder:
            async with copied_database(postgres_url, LOADED) as url:
                with Bench(url, redis_url, Path(folder)).serving_api() as api:
                    describe(api)
                    for login, ended in rounds(api, logins, wanted, examples):
                        say(f"{login}: {answered(api)} requests answered")
                        if ended.returncode:
                            is_sound = False
                            say(ended.stdout[-20_000:] + ended.stderr[-2_000:])
                    say(f"In all {answered(api)} requests, sound: {is_sound}")
    return is_sound


def say(line: str) -> None:
    """Print a line now, even into a file."""
    print(line, flush=True)  # noqa: T201 (for the person who starts it)


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--examples", type=int, default=5, help="of each operation")
    parser.add_argument("--login", action="append", choices=LOGINS, default=None)
    said = parser.parse_args()
    if not asyncio.run(fuzz(said.login or [*LOGINS], said.requests, said.examples)):
        sys.exit(1)


if __name__ == "__main__":
    main()
