"""What a backup asks a database, as its owner, and what a restore prepares there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.api.backup.manifest import DefaultGrant
from shared.domain.stored_files import key_of_report_file

ROLES: Final = ("api", "scoring", "notifier")
_SCHEMAS: Final = [*ROLES]
_KINDS: Final = {"r": "TABLES", "S": "SEQUENCES", "f": "FUNCTIONS"}

_TABLES: Final = text(
    """
    SELECT format('%I.%I', n.nspname, c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname = ANY (:schemas) ORDER BY 1
    """
)
# Everything that people may have made in the database.
_STRANGERS: Final = text(
    """
    SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
      AND NOT EXISTS (
        SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    """
)
_DEFAULT_GRANTS: Final = text(
    """
    SELECT n.nspname, d.defaclobjtype::text AS kind, r.rolname, a.privilege_type
    FROM pg_default_acl d
    JOIN pg_namespace n ON n.oid = d.defaclnamespace
    CROSS JOIN aclexplode(d.defaclacl) a
    JOIN pg_roles r ON r.oid = a.grantee
    WHERE n.nspname = ANY (:schemas) AND a.grantee <> d.defaclrole
    ORDER BY 1, 2, 3, 4
    """
)
_FEED: Final = text(
    """
    SELECT api.feed_identity() AS feed, last_number,
      (SELECT count(*) FROM api.feed_entries) AS unnumbered
    FROM api.feed_state
    """
)
_MISSING_ROLE: Final = """
    DO $$ BEGIN
      IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN
        CREATE ROLE {role} NOLOGIN;
      END IF;
      -- Since 16 creating a role does not imply the right to act as it.
      IF NOT pg_has_role(current_user, '{role}',
          CASE WHEN current_setting('server_version_num')::int >= 160000
            THEN 'SET' ELSE 'MEMBER' END) THEN
        GRANT {role} TO CURRENT_USER;
      END IF;
    END $$
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A database at one moment; `snapshot` lets others look at the same one."""

    snapshot: str
    schema: str
    feed: str
    feed_number: int
    unnumbered: int
    rows: Mapping[str, int]
    chains: Mapping[str, str]
    default_grants: Sequence[DefaultGrant]
    files: Sequence[str]


async def read_server_version(connection: AsyncConnection) -> str:
    """Return the server's version, like ``18.1``."""
    found = await connection.scalar(text("SHOW server_version"))
    return str(found).partition(" ")[0]


async def read_state(connection: AsyncConnection) -> State:
    """Describe the moment that the transaction sees, and others while it lasts."""
    await connection.execute(
        text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    )
    snapshot = await connection.scalar(text("SELECT pg_export_snapshot()"))
    feed = (await connection.execute(_FEED)).one()
    return State(
        snapshot=str(snapshot),
        schema=await read_schema(connection),
        feed=feed.feed,
        feed_number=feed.last_number,
        unnumbered=feed.unnumbered,
        rows=await count_rows(connection),
        chains=await read_chains(connection),
        default_grants=await _read_default_grants(connection),
        files=await _read_files(connection),
    )


async def read_schema(connection: AsyncConnection) -> str:
    """Return the newest migration."""
    found = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    return str(found)


async def count_rows(connection: AsyncConnection) -> dict[str, int]:
    """Count the rows of every table."""
    tables = await connection.scalars(_TABLES, {"schemas": _SCHEMAS})
    counts = {}
    for table in tables.all():
        statement = text(f"SELECT count(*) FROM {table}")  # noqa: S608 (quoted by format)
        counts[table] = int(await connection.scalar(statement) or 0)
    return counts


async def read_chains(connection: AsyncConnection) -> dict[str, str]:
    """Return the last hash of each municipality's audit."""
    found = await connection.execute(
        text("SELECT municipality_id, last_hash FROM api.audit_chains ORDER BY 1")
    )
    return {str(row.municipality_id): row.last_hash.hex() for row in found}


async def _read_default_grants(connection: AsyncConnection) -> list[DefaultGrant]:
    found = await connection.execute(_DEFAULT_GRANTS, {"schemas": _SCHEMAS})
    return [(row[0], row[1], row[2], row[3]) for row in found]


async def _read_files(connection: AsyncConnection) -> list[str]:
    found = await connection.execute(
        text("SELECT DISTINCT municipality_id, sha256 FROM api.submission_files")
    )
    return sorted(key_of_report_file(row.municipality_id, row.sha256) for row in found)


async def is_empty(connection: AsyncConnection) -> bool:
    """Tell whether there is nothing in the database but what extensions brought."""
    return not await connection.scalar(_STRANGERS)


async def create_roles(connection: AsyncConnection) -> None:
    """Create the services' roles where the server has none; we may act as them."""
    for role in ROLES:
        await connection.execute(text(_MISSING_ROLE.format(role=role)))


async def grant_defaults(
    connection: AsyncConnection, grants: Sequence[DefaultGrant]
) -> None:
    """Let tables that are made later be read and written as those were."""
    for schema, kind, role, privilege in grants:
        if {schema, role} <= {*ROLES} and kind in _KINDS and privilege.isalpha():
            await connection.execute(
                text(
                    f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema}"
                    f" GRANT {privilege} ON {_KINDS[kind]} TO {role}"
                )
            )
