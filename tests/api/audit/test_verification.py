"""`verify-audit`, as an auditor runs it."""

import asyncio
import os
import sys
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.sealer import seal
from tests.support.databases import execute

ROOT = Path(__file__).resolve().parents[3]


async def verify(database_url: str) -> tuple[int, str]:
    """Run the command; return its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.api.cli",
        "verify-audit",
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def test_a_sealed_record_is_whole(database_url: str, engine: AsyncEngine) -> None:
    code, said = await verify(database_url)
    assert code == 0
    assert ", 0 sealed, " in said
    await seal(engine)
    code, said = await verify(database_url)
    assert code == 0
    lines = said.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "(system)",
        "uzhur",
        "zhigalovo",
    ]
    assert all(" 0 not yet, ok, last hash " in line for line in lines)


async def test_an_altered_entry_is_named_and_ends_with_1(
    database_url: str, engine: AsyncEngine
) -> None:
    await seal(engine)
    await execute(
        database_url,
        "SET session_replication_role = replica;"
        "UPDATE api.audit_entries SET changes = '{\"new\": [null, 1000]}'"
        " WHERE municipality_id IS NULL AND position = 2",
    )
    code, said = await verify(database_url)
    assert code == 1
    broken = [line for line in said.splitlines() if "BROKEN" in line]
    assert len(broken) == 1
    assert broken[0].startswith("(system):")
    assert "altered" in broken[0]
