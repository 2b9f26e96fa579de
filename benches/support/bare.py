"""The plain way of answering the same: FastAPI and asyncpg, and nothing else.

No sign-in, no rights, no tags, no names of requests: the query, and its rows as JSON by
the fastest means that come with FastAPI. `/model/…` answers the same through models,
as the documentation of FastAPI teaches it.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import asyncpg
import uvicorn
from fastapi import FastAPI, HTTPException, Query, Response
from pydantic_core import to_json

from services.api.http.pagination import PageOut
from services.api.organisations.schemas import SchoolOut
from services.api.results.schemas import ResultOut

SCHOOL = f"""
SELECT {", ".join(name for name in SchoolOut.model_fields if name != "aliases")},
  (SELECT coalesce(array_agg(a.alias), '{{}}')
   FROM api.school_aliases a WHERE a.school_id = s.id) AS aliases
FROM api.schools s WHERE id = $1
"""  # noqa: S608 (names of our own fields)
RESULTS = f"""
SELECT {", ".join(ResultOut.model_fields)} FROM api.assessment_results
WHERE id > $1 AND municipality_id = $2 ORDER BY id LIMIT $3
"""  # noqa: S608 (as above)


async def _decode_json(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog"
    )


@asynccontextmanager
async def _pooled(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(
        os.environ["DATABASE_URL"], min_size=10, max_size=20, init=_decode_json
    ) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=_pooled)


async def _school(school_id: int) -> dict[str, Any]:
    row = await app.state.pool.fetchrow(SCHOOL, school_id)
    if row is None:
        raise HTTPException(404)
    return dict(row)


async def _results(municipality_id: int, after: int, limit: int) -> dict[str, Any]:
    rows = await app.state.pool.fetch(RESULTS, after, municipality_id, limit + 1)
    items = [dict(row) for row in rows[:limit]]
    return {
        "items": items,
        "next_after": items[-1]["id"] if len(rows) > limit else None,
    }


Limit = Annotated[int, Query(ge=1, le=500)]


@app.get("/v1/schools/{school_id}")
async def read_school(school_id: int) -> Response:
    """Answer one school."""
    return Response(to_json(await _school(school_id)), media_type="application/json")


@app.get("/v1/results")
async def list_results(
    municipality_id: int, after: int = 0, limit: Limit = 50
) -> Response:
    """Answer a page of results."""
    page = await _results(municipality_id, after, limit)
    return Response(to_json(page), media_type="application/json")


@app.get("/model/v1/schools/{school_id}", response_model=SchoolOut)
async def read_school_model(school_id: int) -> dict[str, Any]:
    """Answer one school, validated."""
    return await _school(school_id)


@app.get("/model/v1/results", response_model=PageOut[ResultOut])
async def list_results_model(
    municipality_id: int, after: int = 0, limit: Limit = 50
) -> dict[str, Any]:
    """Answer a page of results, validated."""
    return await _results(municipality_id, after, limit)


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PORT"]), log_config=None, access_log=False)
