"""Reads through the whole api, against bare FastAPI and asyncpg with the same query.

The api signs in, asks row-level security and tags its answers; the bare application
does none of that. Both answer the same JSON, each from a process of its own.
"""

from dataclasses import replace

import asyncpg
import httpx

from benches.support.bench import Bench, Measure, Server
from benches.support.client import Call, rates
from services.api.http.pagination import text_of
from shared.persistence.paging import Place

FLOOR = 40.0  # per cent of the bare application
PAGE = 50
FAR_PAGE = 5_000
RESULTS = PAGE * (FAR_PAGE + 1)  # of one municipality
MULTIPLY = """
INSERT INTO api.assessment_results (municipality_id, school_id, procedure, subject,
  programme_grade, pupil_grade, academic_year, wave, written_on, n, n2, n3, n4, n5,
  n_absent, n_ungraded, n_below_minimum, percentages, counts_rebuilt, synthetic,
  version, created_at, updated_at)
SELECT municipality_id, school_id, procedure, subject, programme_grade, pupil_grade,
  academic_year, wave, DATE '2000-01-01' + number, n, n2, n3, n4, n5, n_absent,
  n_ungraded, n_below_minimum, percentages, counts_rebuilt, synthetic, version,
  created_at, updated_at
FROM api.assessment_results, generate_series(1, $2::int) AS number
WHERE municipality_id = $1 AND written_on IS NULL
"""


async def run(bench: Bench) -> list[Measure]:
    """Measure a school, a page of results, and how a late page compares."""
    municipality_id, school_id, after = await _prepare(bench.database_url)
    bare_setting = {"DATABASE_URL": bench.database_url}
    with (
        bench.serving_api() as api,
        bench.serving(["-m", "benches.support.bare"], bare_setting) as bare,
    ):
        token = api.token("uzhur")
        school = f"/v1/schools/{school_id}"
        page = f"/v1/results?municipality_id={municipality_id}&limit={PAGE}"
        measures = [
            *await _compare("a school", Call(api, school, token), bare),
            *await _compare(f"a page of {PAGE} results", Call(api, page, token), bare),
        ]
        first = Call(api, page, token)
        far = f"{page}&after={text_of('id', Place(None, after))}"
        early, late = await rates(first, Call(api, far, token))
    pages = f"page {FAR_PAGE:,} of results against page 1"
    return [*measures, Measure(pages, 100 * late / early, "%", 80)]


async def _prepare(database_url: str) -> tuple[int, int, int]:
    """Fill the table; return a municipality, its school, where the far page begins."""
    connection = await asyncpg.connect(database_url)
    try:
        municipality_id, count = await connection.fetchrow(
            "SELECT r.municipality_id, count(*) FROM api.assessment_results r"
            " JOIN api.users u USING (municipality_id) WHERE u.login = 'uzhur'"
            " GROUP BY 1"
        )
        await connection.execute(MULTIPLY, municipality_id, RESULTS // count + 1)
        await connection.execute("VACUUM ANALYZE")
        after = await connection.fetchval(
            "SELECT id FROM api.assessment_results WHERE municipality_id = $1"
            " ORDER BY id OFFSET $2 LIMIT 1",
            municipality_id,
            PAGE * (FAR_PAGE - 1) - 1,
        )
        school_id = await connection.fetchval(
            "SELECT min(id) FROM api.schools WHERE municipality_id = $1",
            municipality_id,
        )
    finally:
        await connection.close()
    return municipality_id, school_id, after


async def _compare(name: str, call: Call, bare: Server) -> list[Measure]:
    """Measure a call of the api and the same one of the bare application."""
    plain = Call(bare, call.target)
    modelled = replace(plain, target=f"/model{call.target}")
    _require_same(call, plain, modelled)
    ours, fast, usual = await rates(call, plain, modelled)
    return [
        Measure(f"{name}: Podyom", ours, "requests/s"),
        Measure(f"{name}: bare, rows to JSON", fast, "requests/s"),
        Measure(f"{name}: bare, response model", usual, "requests/s"),
        Measure(f"{name}: of bare, rows to JSON", 100 * ours / fast, "%", FLOOR),
        Measure(f"{name}: of bare, response model", 100 * ours / usual, "%", FLOOR),
    ]


def _require_same(*calls: Call) -> None:
    """Refuse to compare answers that differ."""
    bodies = []
    for call in calls:
        headers = (
            {} if call.token is None else {"Authorization": f"Bearer {call.token}"}
        )
        address = call.server.address + call.target
        answer = httpx.get(address, headers=headers, trust_env=False)
        body = answer.raise_for_status().json()
        bodies.append(body.get("items", body))  # each names the next page its own way
    if any(body != bodies[0] for body in bodies):
        raise RuntimeError(f"{calls[0].target}: the answers are not the same.")
