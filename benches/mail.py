"""How fast reminders leave by mail, with one notifier and with two.

10,000 reminders are planned before the clock starts. It runs from the first mail that
the server accepts to the last, on the server's side, which is a process of its own and
takes a moment for each mail, as a server does that writes it to a disk.
"""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from benches.support.bench import Bench, Measure, Server

MAILS = 10_000
DELAY_SECONDS = 0.04
PATIENCE_SECONDS = 600.0
NOWHERE = "smtp://127.0.0.1:9"  # the port of `discard`, where nobody answers
FASTEST_SECOND, GAIN = 100.0, 1.7

ADD_SCHOOLS = """
INSERT INTO api.schools (municipality_id, code, name, kind, mentor_capacity, synthetic,
  provenance)
SELECT m.id, 'mail-' || number, 'Школа ' || number, 'secondary', 2, true, 'synthetic'
FROM api.municipalities m, generate_series(1, $1::int) AS number
WHERE m.code = 'uzhur'
"""
ADD_EDITORS = """
INSERT INTO api.users (login, password_hash, role, municipality_id, school_id,
  display_name, email, language, is_active, created_at)
SELECT s.code, 'none', 'school_editor', s.municipality_id, s.id,
  'Ответственный за программу', s.code || '@example.ru', 'ru', true, now()
FROM api.schools s WHERE s.code LIKE 'mail-%'
"""
ADD_DEADLINES = """
INSERT INTO api.deadlines (municipality_id, kind, measure_id, school_id, occurrence,
  starts_on, nominal_due_on, due_on, state, created_at, changed_at)
SELECT s.municipality_id, 'measure', e.id, s.id, 1, d.day, d.day, d.day, 'open', now(),
  now()
FROM api.schools s
JOIN (SELECT municipality_id, min(id) AS id FROM api.measures GROUP BY 1) e
  USING (municipality_id), (SELECT tenancy.clock_now()::date + 3 AS day) d
WHERE s.code LIKE 'mail-%'
"""
COUNT = "SELECT count(*) FROM notifier.messages WHERE channel = $1 AND status = $2"
ONCE_MORE = """
WITH again AS (
  UPDATE notifier.reminders SET status = 'planned', sent_at = NULL
  WHERE channel = 'mail' AND status = 'sent'
)
UPDATE notifier.messages SET status = 'planned', attempts = 0, sent_at = NULL,
  next_try_at = now() WHERE channel = 'mail'
"""


@dataclass(frozen=True, slots=True)
class Sink:
    """A mail server, and the lines that it prints."""

    server: Server
    log: Path

    def arrivals(self) -> list[tuple[float, str]]:
        """Return moment and Message-ID of each mail that it has accepted."""
        lines = self.log.read_text("utf-8").splitlines()
        pairs = (line.split() for line in lines)
        return [(float(moment), name) for moment, name in pairs]


async def run(bench: Bench) -> list[Measure]:
    """Measure mails a second with one notifier, and what a second one adds."""
    waiting = await _prepare(bench)
    alone = await _rate(bench, waiting, notifiers=1)
    await _execute(bench, ONCE_MORE)
    together = await _rate(bench, waiting, notifiers=2)
    return [
        Measure(f"{waiting:,} mails, one notifier", alone, "mails/s", FASTEST_SECOND),
        Measure(f"{waiting:,} mails, two notifiers", together, "mails/s"),
        Measure("two notifiers against one", together / alone, "times", GAIN),
    ]


async def _prepare(bench: Bench) -> int:
    """Let a notifier plan whose mail server is away; return how many mails wait."""
    await _execute(bench, ADD_SCHOOLS, MAILS)
    for statement in (ADD_EDITORS, ADD_DEADLINES, "VACUUM ANALYZE"):
        await _execute(bench, statement)
    with bench.running_notifier(NOWHERE):
        await _until_count(bench, "inbox", "sent", MAILS)
    return await _count(bench, "mail", "planned")


async def _rate(bench: Bench, mails: int, *, notifiers: int) -> float:
    """Let so many notifiers send all mails; return mails per second.

    Raises:
        RuntimeError: a mail came twice, or is not recorded.
    """
    with _sink(bench, f"{notifiers}") as sink:
        with ExitStack() as running:
            for number in range(notifiers):
                url = f"smtp://127.0.0.1:{sink.server.port}"
                running.enter_context(bench.running_notifier(url, f"{number}"))
            await _until_count(bench, "mail", "sent", mails)
        arrivals = sink.arrivals()
    if not len(arrivals) == len({name for _, name in arrivals}) == mails:
        raise RuntimeError(f"{len(arrivals)} transmissions of {mails} mails")
    return (mails - 1) / (arrivals[-1][0] - arrivals[0][0])


@contextmanager
def _sink(bench: Bench, name: str) -> Iterator[Sink]:
    """Run the mail server."""
    environment = {"DELAY_SECONDS": str(DELAY_SECONDS)}
    arguments = ["-m", "benches.support.sink"]
    with bench.serving(arguments, environment, name) as server:
        yield Sink(server, bench.log_of(arguments, name))


async def _until_count(bench: Bench, channel: str, status: str, wanted: int) -> None:
    """Wait until so many reminders stand there."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await _count(bench, channel, status) < wanted:  # noqa: ASYNC110 (others write it)
            await asyncio.sleep(1.0)


async def _count(bench: Bench, channel: str, status: str) -> int:
    connection = await asyncpg.connect(bench.database_url)
    try:
        return int(await connection.fetchval(COUNT, channel, status))
    finally:
        await connection.close()


async def _execute(bench: Bench, statement: str, *values: object) -> None:
    connection = await asyncpg.connect(bench.database_url)
    try:
        await connection.execute(statement, *values)
    finally:
        await connection.close()
