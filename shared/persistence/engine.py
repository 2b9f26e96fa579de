"""Connections to PostgreSQL, each under the role of the service that opens it."""

from typing import Final, Literal, TypeAlias

from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

ServiceRole = Literal["api", "scoring", "notifier"]

# A region's figures arrive in temporary tables, which are to stay in memory.
OWN_SETTINGS: Final[dict[ServiceRole, dict[str, str]]] = {
    "scoring": {"temp_buffers": "64MB"}
}

# What use cases hand on to `begin` without knowing what it is.
Database: TypeAlias = AsyncEngine


def asyncpg_url(url: str) -> URL:
    """Return the URL for SQLAlchemy's asyncpg driver, in whatever dialect it came.

    libpq's `sslmode` is what asyncpg calls `ssl`.
    """
    parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    query = dict(parsed.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return parsed.set(drivername="postgresql+asyncpg", query=query)


def create_engine(url: str, role: ServiceRole, *, pool_size: int = 10) -> AsyncEngine:
    """Return an engine whose sessions act as `role`, never as the URL's own user."""
    return create_async_engine(
        asyncpg_url(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        hide_parameters=True,  # they may be personal data, and errors are logged
        connect_args={"server_settings": session_settings(role)},
    )


def create_owner_engine(url: str) -> AsyncEngine:
    """Return an engine of the URL's own user, who owns the tables and sees all rows."""
    return create_async_engine(
        asyncpg_url(url), poolclass=NullPool, hide_parameters=True
    )


def session_settings(role: ServiceRole) -> dict[str, str]:
    """Return what every connection of the service sets."""
    settings = {"role": role, "application_name": f"podyom-{role}", "jit": "off"}
    return settings | OWN_SETTINGS.get(role, {})
