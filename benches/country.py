"""A country's figures, computed together, against copying the same rows only.

The subject is what the scoring worker does when it finds a whole country out of date.
Beside it stands the same reading and the same writing by COPY, of the rows that it read
and wrote, into tables with the same keys, with nothing computed in between. The
computing holds the thousand resamples behind the intervals of places; the seconds of a
core that they take are told apart, too.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from io import BytesIO

import asyncpg

from benches.support.bench import ROOT, Bench, Measure
from benches.support.country import SCHOOLS_EACH, YEARS, Country, populate

MUNICIPALITIES = 734
PART = 67  # a tenth of the rest, to see how the time grows
MOST_TIMES_COPYING = 2.0
MOST_TIMES_A_TENTH = 11.0
MOST_GB = 4.0
PATIENCE_SECONDS = 1_800.0

RESULTS = (
    "SELECT school_id, procedure, subject, programme_grade, pupil_grade, academic_year,"
    " n, n2, n3, n4, n5, n_ungraded, n_below_minimum, n_lower, n_equal, n_higher"
    " FROM api.assessment_results WHERE municipality_id >= $1"
)
READ = (
    RESULTS,
    "SELECT * FROM api.social_passports WHERE municipality_id >= $1",
    "SELECT id, municipality_id, kind FROM api.schools WHERE municipality_id >= $1",
)


async def run(bench: Bench) -> list[Measure]:
    """Measure a country, a tenth of it, and the copying."""
    country = await populate(bench.database_url, MUNICIPALITIES)
    ids = country.municipality_ids
    tenth = await _recalculate(bench, ids[0], ids[PART - 1])
    rest = await _recalculate(bench, ids[PART], ids[-1])
    copying = await _copying(bench.database_url, ids[PART])
    name = _name(country)
    return [
        Measure(f"{name}: computed", rest["seconds"], "s"),
        Measure(f"{name}: of a core for rank intervals", rest["interval_seconds"], "s"),
        Measure(f"{name}: the same rows copied", copying, "s"),
        Measure(
            f"{name}: of copying",
            rest["seconds"] / copying,
            "times",
            None,
            MOST_TIMES_COPYING,
        ),
        Measure(
            f"{name}: of a tenth of it",
            rest["seconds"] / tenth["seconds"],
            "times",
            None,
            MOST_TIMES_A_TENTH,
        ),
        Measure(f"{name}: peak memory", rest["peak_gb"], "GB", None, MOST_GB),
    ]


def _name(country: Country) -> str:
    schools = (MUNICIPALITIES - PART) * SCHOOLS_EACH
    results = country.results * (MUNICIPALITIES - PART) // MUNICIPALITIES
    return f"{schools:,} schools, {len(YEARS)} years, {results:,} results"


async def _recalculate(bench: Bench, first: int, last: int) -> dict[str, float]:
    """Compute municipalities in a process of its own."""
    child = await asyncio.to_thread(
        subprocess.run,
        [
            *(sys.executable, "-m", "benches.support.recalculation"),
            *(str(first), str(last)),
        ],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": bench.database_url},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=PATIENCE_SECONDS,
    )
    took: dict[str, float] = json.loads(child.stdout.splitlines()[-1])
    if not took["runs"]:
        raise RuntimeError("Nothing was computed.")
    return took


async def _copying(database_url: str, first: int) -> float:
    """Return the seconds of reading the inputs and writing the outcomes by COPY."""
    connection = await asyncpg.connect(database_url, timeout=PATIENCE_SECONDS)
    try:
        tables = await connection.fetch(
            "SELECT c.table_name FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.table_schema = 'scoring' AND c.column_name = 'run_id'"
            " AND t.table_type = 'BASE TABLE' ORDER BY 1"
        )
        seconds = 0.0
        for statement in READ:
            began = time.perf_counter()
            await connection.copy_from_query(
                statement.replace("$1", str(first)), output=BytesIO(), format="csv"
            )
            seconds += time.perf_counter() - began
        for table in tables:
            seconds += await _writing(connection, table["table_name"], first)
    finally:
        await connection.close()
    return seconds


async def _writing(connection: asyncpg.Connection, table: str, first: int) -> float:
    """Return the seconds of copying a table's rows into one with the same keys."""
    rows = BytesIO()
    await connection.copy_from_query(
        f"SELECT * FROM scoring.{table} WHERE municipality_id >= {first}",  # noqa: S608 (the schema's own names)
        output=rows,
        format="csv",
    )
    await connection.execute(
        f"CREATE TABLE public.copied (LIKE scoring.{table} INCLUDING ALL)"
    )
    rows.seek(0)
    began = time.perf_counter()
    await connection.copy_to_table(
        "copied", schema_name="public", source=rows, format="csv"
    )
    seconds = time.perf_counter() - began
    await connection.execute("DROP TABLE public.copied")
    return seconds
