"""What Prometheus is told of the running system."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from shared.persistence.engine import create_engine
from shared.persistence.work import begin_as_system
from shared.runtime.settings import Mode
from tests.api.computing import compute_all
from tests.support.api import ClientAs, connect, running, settings_for

TOKEN = "only-for-tests"  # noqa: S105 (of a throw-away system)
LAST_SWEEP = ("podyom_leftover_sweep_last_run_timestamp_seconds",)
FAILED_SWEEPS = ("podyom_leftover_sweep_failures_total",)
Samples = dict[tuple[str, ...], float]


async def scraped(client: httpx.AsyncClient) -> Samples:
    """Return all samples by their name and the values of their labels."""
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


async def scraped_once(client: httpx.AsyncClient, name: tuple[str, ...]) -> Samples:
    """Return all samples as soon as that of this name is not 0."""
    async with asyncio.timeout(60):
        while True:
            samples = await scraped(client)
            if samples[name]:
                return samples
            await asyncio.sleep(0.05)


async def execute(database_url: str, *statements: str) -> None:
    """Change the database as the system itself."""
    engine = create_engine(database_url, "api")
    async with begin_as_system(engine) as work:
        for statement in statements:
            await work.session.execute(text(statement))
    await engine.dispose()


async def test_requests_are_counted_by_operation_and_not_by_address(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    path = "/v1/schools/{school_id}"
    count = "podyom_http_requests_total", "GET", path
    for number in (1, 2, 999_999):
        await client.get(f"/v1/schools/{number}")
    await client.get("/v1/no-such-thing/31337")
    told = await scraped(client)

    assert told[*count, "404"] >= 1
    assert sum(n for key, n in told.items() if key[:3] == count) == 3
    assert told["podyom_http_request_seconds_count", "GET", path] == 3
    assert told["podyom_http_requests_total", "GET", "unknown", "404"] == 1
    assert not any("31337" in part for key in told for part in key)
    assert told["podyom_http_requests_running",] == 1  # this one


async def test_what_waits_and_what_is_out_of_date_is_told(
    database_url: str, client: httpx.AsyncClient
) -> None:
    await compute_all(database_url)
    up_to_date = await scraped(client)
    await execute(
        database_url,
        "INSERT INTO api.outbox (kind, municipality_id, academic_year, payload,"
        " created_at) SELECT 'results.changed', id, 2019, '{}',"
        " tenancy.clock_now() - interval '1 hour' FROM api.municipalities"
        " WHERE code = 'uzhur'",
    )
    told = await scraped(client)

    stale = "podyom_stale_municipalities", "programme"
    assert (up_to_date[stale], told[stale]) == (0, 1)
    assert told["podyom_oldest_waiting_seconds", "outbox"] >= 3600
    assert told["podyom_messages", "dead"] == 0


async def test_what_no_constraint_holds_is_checked(
    database_url: str, client: httpx.AsyncClient
) -> None:
    sound = await scraped(client)
    await execute(
        database_url,
        "UPDATE api.users SET is_active = false WHERE role = 'municipal_coordinator'",
        "UPDATE api.schools SET closed_on = '2000-01-01' WHERE id IN"
        " (SELECT school_id FROM api.assessment_results)",
    )
    told = await scraped(client)

    def more(check: str) -> float:
        key = "podyom_integrity_findings", check
        return told[key] - sound[key]

    assert more("results_after_closing") == await count(
        database_url, "SELECT count(*) FROM api.assessment_results"
    )
    assert more("deadlines_of_closed_schools") > 0
    assert more("owed_by_nobody") > 0
    assert more("branches_without_school") == 0


async def count(database_url: str, statement: str) -> int:
    """Return what a query counts."""
    engine = create_engine(database_url, "api")
    async with begin_as_system(engine) as work:
        found = await work.session.scalar(text(statement))
    await engine.dispose()
    return int(found or 0)


@pytest.mark.parametrize(
    ("mode", "token", "sent", "status"),
    [
        (Mode.PRODUCTION, None, None, 404),
        (Mode.PRODUCTION, TOKEN, None, 401),
        (Mode.PRODUCTION, TOKEN, "Bearer another", 401),
        (Mode.PRODUCTION, TOKEN, f"Bearer {TOKEN}", 200),
        (Mode.SANDBOX, TOKEN, None, 401),
    ],
)
async def test_only_who_has_the_token_reads_the_metrics(
    *,
    database_url: str,
    redis_url: str,
    mode: Mode,
    token: str | None,
    sent: str | None,
    status: int,
) -> None:
    settings = settings_for(database_url, redis_url, mode=mode)
    headers = {} if sent is None else {"Authorization": sent}
    async with (
        running(replace(settings, metrics_token=token)) as app,
        connect(app) as client,
    ):
        assert (await client.get("/metrics", headers=headers)).status_code == status


async def test_files_that_no_report_names_are_counted_as_they_go(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    left = tmp_path / "files" / "submissions" / "1" / ("0" * 64)
    left.parent.mkdir(parents=True)
    left.write_bytes(b"left by a refused report")
    os.utime(left, (0, 0))
    settings = replace(settings_for(database_url, redis_url), data_dir=tmp_path)
    async with running(settings) as app, connect(app) as client:
        samples = await scraped_once(client, LAST_SWEEP)
    assert not left.exists()
    assert samples["podyom_leftover_files_removed_total",] == 1
    assert samples["podyom_leftover_bytes_removed_total",] == 24
    assert samples["podyom_leftover_sweep_failures_total",] == 0


async def test_a_sweep_that_cannot_reach_the_files_is_counted_as_failed(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    (tmp_path / "files").write_bytes(b"no folder")
    settings = replace(settings_for(database_url, redis_url), data_dir=tmp_path)
    async with running(settings) as app, connect(app) as client:
        samples = await scraped_once(client, FAILED_SWEEPS)
    assert samples[LAST_SWEEP] == 0
