"""Row-level security and grants, tried as each service's own role."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.engine import ServiceRole, create_engine
from shared.persistence.schema import metadata
from shared.persistence.work import begin, begin_as_system

ROLES: tuple[ServiceRole, ...] = ("api", "scoring", "notifier")
# The same for every tenant, or read before there is one.
SHARED_TABLES = {
    "api.loaded_documents",
    "api.procedures",
    "api.regions",
    "api.sandbox_clock",
    "api.subjects",
}
# What the other services may not read, not even within a tenant.
THE_APIS_OWN = {
    "api.api_tokens": "what programs act with",
    "api.client_assertions": "what clients proved themselves by",
    "api.client_credentials": "what clients prove themselves by",
    "api.clients": "what programs act with",
    "api.feeds": "what calendar programs read with",
    "api.identities": "who signs in with what",
    "api.invitations": "whom an account waits for",
    "api.operation_uses": "who uses the api how",
    "api.sessions": "who is signed in where",
    "api.sign_in_attempts": "who tries to",
    "api.teachers": "names of persons",
    "api.users": "whole rows have hashes of passwords",
}
# What a service that signs nothing may not read either.
SECRETS = {"scoring": {"api.webhook_secrets"}}
# What the api may not take back, in its own tables either.
KEPT: dict[str, set[str]] = {
    "api.audit_entries": {"INSERT", "UPDATE", "DELETE"},
    "api.audit_chains": {"DELETE"},
    "api.changes": {"UPDATE"},
    "api.feed_entries": {"UPDATE"},
    "api.feed_state": {"INSERT", "DELETE"},
    "api.feed_tables": {"INSERT", "UPDATE", "DELETE"},
    "api.programme_reports": {"UPDATE", "DELETE"},
}
TENANT_TABLES = sorted(set(metadata.tables) - SHARED_TABLES)


@pytest_asyncio.fixture
async def engines(database_url: str) -> AsyncIterator[dict[str, AsyncEngine]]:
    """Yield connections in the role of each service."""
    made: dict[str, AsyncEngine] = {
        role: create_engine(database_url, role) for role in ROLES
    }
    yield made
    for engine in made.values():
        await engine.dispose()


def test_most_tables_belong_to_tenants() -> None:
    assert metadata.tables.keys() >= SHARED_TABLES
    assert len(TENANT_TABLES) > 25


@pytest.mark.parametrize("role", ROLES)
async def test_a_query_without_a_tenant_returns_nothing(
    engines: dict[str, AsyncEngine], role: str
) -> None:
    for table in TENANT_TABLES:
        if role != "api" and table in THE_APIS_OWN.keys() | SECRETS.get(role, set()):
            continue
        async with begin(engines[role]) as work:
            rows = await work.session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 (names of our own tables)
            assert rows.all() == [], table


async def test_a_query_that_forgets_its_filter_sees_its_own_tenant_only(
    engines: dict[str, AsyncEngine],
) -> None:
    async with begin_as_system(engines["api"]) as work:
        ids = list(
            await work.session.scalars(text("SELECT id FROM api.municipalities"))
        )
        everything = await work.session.scalar(
            text("SELECT count(*) FROM api.assessment_results")
        )
    seen = 0
    for municipality_id in ids:
        async with begin_as_system(engines["scoring"], municipality_id) as work:
            owners = list(
                await work.session.scalars(
                    text("SELECT municipality_id FROM api.assessment_results")
                )
            )
            assert set(owners) == {municipality_id}
            seen += len(owners)
    assert len(ids) == 2
    assert seen == everything


async def test_the_tenant_does_not_outlive_its_transaction(
    engines: dict[str, AsyncEngine],
) -> None:
    async with begin_as_system(engines["api"]) as work:
        assert await work.session.scalar(text("SELECT count(*) FROM api.schools"))
    async with begin(engines["api"]) as work:
        count = await work.session.scalar(text("SELECT count(*) FROM api.schools"))
    assert count == 0


@pytest.mark.parametrize("role", ROLES)
async def test_each_service_writes_its_own_tables_and_no_others(
    engines: dict[str, AsyncEngine], role: str
) -> None:
    async with begin(engines[role]) as work:
        for table in metadata.sorted_tables:
            name = f"{table.schema}.{table.name}"
            for privilege in ("INSERT", "UPDATE", "DELETE"):
                may = await work.session.scalar(
                    text("SELECT has_table_privilege(:table, :privilege)"),
                    {"table": name, "privilege": privilege},
                )
                expected = table.schema == role and privilege not in KEPT.get(name, ())
                assert may is expected, (role, privilege, name)


async def test_scoring_cannot_update_a_result(engines: dict[str, AsyncEngine]) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with begin_as_system(engines["scoring"]) as work:
            await work.session.execute(
                text("UPDATE api.assessment_results SET n5 = n5 + 1, n = n + 1")
            )


@pytest.mark.parametrize("role", ["scoring", "notifier"])
@pytest.mark.parametrize("table", THE_APIS_OWN)
async def test_how_people_sign_in_is_the_apis_alone(
    engines: dict[str, AsyncEngine], role: str, table: str
) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with begin_as_system(engines[role]) as work:
            await work.session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 (names of our own tables)


async def test_only_who_signs_webhooks_reads_their_secrets(
    engines: dict[str, AsyncEngine],
) -> None:
    async with begin_as_system(engines["notifier"]) as work:
        await work.session.execute(text("SELECT * FROM api.webhook_secrets"))
    with pytest.raises(DBAPIError, match="permission denied"):
        async with begin_as_system(engines["scoring"]) as work:
            await work.session.execute(text("SELECT * FROM api.webhook_secrets"))


async def test_a_row_cannot_be_written_into_another_tenant(
    engines: dict[str, AsyncEngine],
) -> None:
    async with begin_as_system(engines["api"]) as work:
        first, second = await work.session.scalars(
            text("SELECT id FROM api.municipalities ORDER BY id")
        )
    with pytest.raises(DBAPIError, match="row-level security"):
        async with begin_as_system(engines["api"], first) as work:
            await work.session.execute(
                text(
                    "INSERT INTO api.municipality_figures"
                    " (municipality_id, code, title, value, unit, provenance)"
                    " VALUES (:other, 'x', 'x', 1, 'people', 'local')"
                ),
                {"other": second},
            )


async def test_real_and_synthetic_results_cannot_be_mixed(
    engines: dict[str, AsyncEngine],
) -> None:
    with pytest.raises(DBAPIError, match="never_mixed"):
        async with begin_as_system(engines["api"]) as work:
            await work.session.execute(
                text(
                    "UPDATE api.assessment_results SET synthetic = false"
                    " WHERE id = (SELECT min(id) FROM api.assessment_results)"
                )
            )
