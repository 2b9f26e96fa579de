"""A large file through the whole api, against a bare COPY and upsert of its rows.

The api receives the workbook, reads it, looks schools and subjects up, keeps each line
with what it would do, and commits it all with an entry of the audit for each row. The
bare upsert is handed the finished rows.
"""

import asyncio
import itertools
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import xlsxwriter

from benches.support.bench import Bench, Measure, Server
from shared.domain.assessments import MarkCounts

ROWS = 100_000
SCHOOLS = 250
FLOOR_ROWS = 10_000.0  # a second
FLOOR_SHARE = 25.0  # per cent of the bare upsert
MOST_MEGABYTES = 300.0
YEARS = range(2012, 2020)
GRADES = range(4, 9)
SUBJECTS = (
    ("Русский язык", "russian"),
    ("Математика", "mathematics"),
    ("Биология", "biology"),
    ("История", "history"),
    ("География", "geography"),
    ("Обществознание", "social_studies"),
    ("Физика", "physics"),
    ("Химия", "chemistry"),
    ("Английский язык", "english"),
    ("Литература", "literature"),
)
HEADER = (
    "Год",
    "Класс",
    "Предмет",
    "Муниципалитет",
    "ОО",
    "Логин",
    "Кол-во участников",
    *("2", "3", "4", "5"),
)
WAIT_SECONDS = 300.0
POLL_SECONDS = 0.2  # each answer takes time from the reading

SCHOOL = """
INSERT INTO api.schools (municipality_id, code, name, kind, locality, mentor_capacity,
  synthetic, provenance)
SELECT id, 'bench-' || number, 'МБОУ «Школа № ' || number || '»', 'secondary',
  'village', 0, synthetic, 'local'
FROM api.municipalities, generate_series(1000, 999 + $2::int) AS number
WHERE id = $1 ORDER BY number RETURNING id
"""
LOGIN = """
INSERT INTO api.school_identifiers (municipality_id, school_id, kind, value)
SELECT municipality_id, id, 'fis_oko_login', 'sch' || substr(code, 7)
FROM api.schools WHERE code LIKE 'bench-%'
"""
FINISHED = (
    "school_id",
    "subject",
    "academic_year",
    "grade",
    "n",
    "n2",
    "n3",
    "n4",
    "n5",
)
TEMPORARY = """
CREATE TEMPORARY TABLE finished (school_id bigint, subject text, academic_year smallint,
  grade smallint, n bigint, n2 bigint, n3 bigint, n4 bigint, n5 bigint)
"""
UPSERT = """
INSERT INTO api.assessment_results (municipality_id, school_id, procedure, subject,
  programme_grade, pupil_grade, academic_year, wave, n, n2, n3, n4, n5, n_absent,
  n_ungraded, counts_rebuilt, synthetic, version, created_at, updated_at)
SELECT municipality.id, school_id, 'vpr', subject, grade, grade, academic_year, 2,
  n, n2, n3, n4, n5, 0, 0, true, municipality.synthetic, 1, now(), now()
FROM finished, api.municipalities municipality WHERE municipality.id = $1
ORDER BY academic_year, school_id, subject, grade
ON CONFLICT ON CONSTRAINT uq_assessment_results_natural_key DO UPDATE
SET n = excluded.n, n2 = excluded.n2, n3 = excluded.n3, n4 = excluded.n4,
  n5 = excluded.n5, updated_at = excluded.updated_at
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A result: of the school with this number, this calendar year, grade, subject."""

    school: int
    year: int
    grade: int
    subject: int
    counts: MarkCounts


def rows() -> Iterator[Row]:
    """Draw the rows of the file, the same ones each time."""
    draw = random.Random(1)  # noqa: S311 (for figures, not for secrets)
    keys = itertools.product(YEARS, GRADES, range(len(SUBJECTS)), range(SCHOOLS))
    for year, grade, subject, school in itertools.islice(keys, ROWS):
        n = draw.randint(10, 60)
        low = draw.randint(0, 5)
        three = draw.randint(0, (n - low) // 2)
        four = draw.randint(0, n - low - three)
        counts = MarkCounts(n, low, three, four, n - low - three - four)
        yield Row(school, year, grade, subject, counts)


async def run(bench: Bench) -> list[Measure]:
    """Measure a file of results that are all new, and the memory that it takes."""
    file = bench.folder / "statistics.xlsx"
    write(file)
    connection = await asyncpg.connect(bench.database_url)
    try:
        owner, schools = await _prepare(connection)
        bare = await _upsert(connection, owner, schools)
    finally:
        await connection.close()
    with bench.serving_api() as api:
        await _until_told(bench.database_url)
        through_api = _import(api, file)
        peak = _peak_megabytes(api.pid)
    return [
        Measure("rows of a bare COPY and upsert", ROWS / bare, "rows/s"),
        Measure("rows of a preview", ROWS / through_api.preview, "rows/s"),
        Measure("rows of its commit", ROWS / through_api.commit, "rows/s"),
        Measure("rows end to end", ROWS / through_api.whole, "rows/s", FLOOR_ROWS),
        Measure(
            "end to end, of the bare upsert",
            100 * bare / through_api.whole,
            "%",
            FLOOR_SHARE,
        ),
        Measure("memory left of 300 MB", MOST_MEGABYTES - peak, "MB", 0),
    ]


def write(file: Path) -> None:
    """Write the workbook that the api is sent."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet("ВПР")
    sheet.write_row(0, 0, HEADER)
    for number, row in enumerate(rows(), start=1):
        code = 1000 + row.school
        school = f"МБОУ «Школа № {code}»", f"sch{code}"
        subject, _ = SUBJECTS[row.subject]
        cells = (row.year, row.grade, subject, "Ужурский район", *school, row.counts.n)
        sheet.write_row(number, 0, (*cells, *row.counts.percentages))
    book.close()


async def _prepare(connection: asyncpg.Connection) -> tuple[int, list[int]]:
    owner: int = await connection.fetchval(
        "SELECT municipality_id FROM api.users WHERE login = 'uzhur'"
    )
    schools = await connection.fetch(SCHOOL, owner, SCHOOLS)
    await connection.execute(LOGIN)
    await connection.execute("VACUUM ANALYZE")
    return owner, [school["id"] for school in schools]


async def _upsert(
    connection: asyncpg.Connection, owner: int, schools: list[int]
) -> float:
    """Write the finished rows without looking at them; return the seconds it took."""
    finished = [
        (
            schools[row.school],
            SUBJECTS[row.subject][1],
            row.year - 1,
            row.grade,
            row.counts.n,
            *row.counts.marks,
        )
        for row in rows()
    ]
    started = time.perf_counter()
    async with connection.transaction():
        await connection.execute(TEMPORARY)
        await connection.copy_records_to_table(
            "finished", records=finished, columns=FINISHED
        )
        await connection.execute(UPSERT, owner)
    return time.perf_counter() - started


@dataclass(frozen=True, slots=True)
class Imported:
    """Seconds that the steps of an import took."""

    preview: float
    commit: float

    @property
    def whole(self) -> float:
        """All that somebody who imports has to wait for."""
        return self.preview + self.commit


async def _until_told(database_url: str) -> None:
    """Wait until the api has told the change feed of what the bare upsert wrote."""
    connection = await asyncpg.connect(database_url)
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            while await connection.fetchval("SELECT count(*) FROM api.feed_entries"):  # noqa: ASYNC110 (the api takes them)
                await asyncio.sleep(POLL_SECONDS)
    finally:
        await connection.close()


def _import(api: Server, file: Path) -> Imported:
    headers = {"Authorization": f"Bearer {api.token('uzhur')}"}
    with httpx.Client(
        base_url=api.address, headers=headers, timeout=WAIT_SECONDS, trust_env=False
    ) as client:
        started = time.perf_counter()
        form = {"file_format": "mark_statistics"}
        with file.open("rb") as content:
            sent = client.post("/v1/imports", data=form, files={"file": content})
        read = sent.raise_for_status().json()
        address = f"/v1/imports/{read['id']}"
        while read["status"] == "reading":
            time.sleep(POLL_SECONDS)
            read = client.get(address).json()
        previewed = time.perf_counter()
        if read["counts"]["new"] != ROWS:
            raise RuntimeError(f"{read['counts']}, {read['warnings']}")
        done = client.post(f"{address}/commit", json={"mode": "all_or_nothing"})
        done.raise_for_status()
        committed = time.perf_counter()
    return Imported(previewed - started, committed - previewed)


def _peak_megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
