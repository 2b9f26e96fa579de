"""The same input gives the same bytes on any number of threads."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

COUNTRY = """
import hashlib
import polars as pl
from services.scoring.engine.measures import RESULT_SCHEMA, summarise
from services.scoring.engine.ranking import rank
from shared.domain.measures import Direction
size = 40_000
index = pl.Series(range(size))
columns = {
    name: index * (7 + place) % 53 for place, name in enumerate(RESULT_SCHEMA)
}
columns["school_id"] = index * 31 % 997
columns["procedure"] = columns["subject"] = (index % 3).cast(pl.String)
frame = pl.DataFrame(columns).cast(dict(RESULT_SCHEMA))
summary = summarise(frame, by=["school_id", "subject"])
schools = summarise(frame, by=["school_id"])
values = schools.select("school_id", value="sou", n="n_marked")
places = rank(values, direction=Direction.MORE_IS_BETTER)
tables = summary.write_csv() + places.write_csv()
print(pl.thread_pool_size(), hashlib.sha256(tables.encode()).hexdigest())
"""


def test_the_number_of_threads_changes_no_byte() -> None:
    printed = [
        subprocess.run(
            [sys.executable, "-c", COUNTRY],
            env={"POLARS_MAX_THREADS": threads, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for threads in ("1", "4")
    ]

    assert [threads for threads, _ in printed] == ["1", "4"]
    assert printed[0][1] == printed[1][1]
