"""Runs the benchmarks: `python -m benches [name …] [--write]`."""

import argparse
import asyncio
import importlib
import pkgutil
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import uvloop

import benches
from benches.support.bench import Bench, Measure
from benches.support.report import append, line_of, table_of
from shared.runtime.clock import system_now
from tests.support.databases import (
    LOADED,
    copied_database,
    make_loaded_template,
    make_migrated_template,
)
from tests.support.servers import throwaway_postgres, throwaway_valkey

Run: TypeAlias = Callable[[Bench], Awaitable[list[Measure]]]


def modules(chosen: list[str]) -> Iterator[tuple[str, Run]]:
    """Yield the name and the function of each benchmark, or of those chosen."""
    for found in pkgutil.iter_modules(benches.__path__):
        if not found.ispkg and not found.name.startswith("_"):
            module = importlib.import_module(f"benches.{found.name}")
            if not chosen or found.name in chosen:
                yield found.name, module.run


async def measure(chosen: list[str]) -> list[Measure]:
    """Run the benchmarks on throw-away servers, telling each figure at once."""
    measures: list[Measure] = []
    with throwaway_postgres() as postgres_url, throwaway_valkey() as redis_url:
        await make_migrated_template(postgres_url)
        await make_loaded_template(postgres_url)
        for name, run in modules(chosen):
            say(f"\n{name}")
            with tempfile.TemporaryDirectory(prefix="podyom-bench-") as folder:
                async with copied_database(postgres_url, LOADED) as url:
                    found = await run(Bench(url, redis_url, Path(folder)))
            for each in found:
                say(line_of(each))
            measures += found
    return measures


def say(line: str) -> None:
    """Print a line now, even into a file."""
    print(line, flush=True)  # noqa: T201 (for the person who starts it)


def main(arguments: list[str]) -> int:
    """Measure, report, and fail where a floor is not reached."""
    parser = argparse.ArgumentParser(prog="python -m benches", description=__doc__)
    parser.add_argument("names", nargs="*", help="modules to run; all without")
    parser.add_argument(
        "--write", action="store_true", help="append the run to docs/benchmarks.md"
    )
    options = parser.parse_args(arguments)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        measures = runner.run(measure(options.names))
    if options.write:
        append(table_of(measures), system_now())
    return 0 if all(each.is_reached for each in measures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
