"""Walking over every address that can be read."""

from typing import Any

from fastapi import FastAPI

from tests.support.api import ClientAs

NOT_FOUND = 404
# Where what a path names is listed under another address.
ABOVE = {
    "/v1/conditions": "/v1/condition-runs",
    "/v1/exports": "/v1/export-datasets",
    "/v1/rankings": "/v1/ranking-runs",
}

# What would not end by itself.
ENDLESS = {"/v1/inbox/stream": "/v1/inbox/stream?seconds=0"}


def operations_of(app: FastAPI, *methods: str) -> dict[str, dict[str, Any]]:
    """Return the described operations under /v1 with these methods, by address."""
    return {
        f"{method} {path}": described[method]
        for path, described in app.openapi()["paths"].items()
        for method in methods
        if path.startswith("/v1/") and method in described
    }


async def readable_addresses(app: FastAPI, client_as: ClientAs) -> dict[str, str]:
    """Return an address per operation that reads, filled with what exists.

    An id in a path is that of the first row of the list above it, where it has one.
    """
    office = await client_as("uzhur")
    filled = {}
    for name in operations_of(app, "get"):
        path = name.removeprefix("get ")
        while "{" in path:
            above, _, rest = path.partition("/{")
            after = rest.partition("}")[2]
            # The schools of anything are schools.
            usual = "/v1/schools" if above.endswith("/schools") else above
            found = await office.get(ABOVE.get(above, usual))
            if found.status_code == NOT_FOUND:
                break  # nothing computed yet
            listed = found.json()
            rows = listed if isinstance(listed, list) else listed["items"]
            if not rows:
                break
            path = f"{above}/{_key_of(rows[0])}{after}"
        else:
            filled[name] = ENDLESS.get(path, path)
    return filled


def _key_of(row: dict[str, Any]) -> object:
    names = ("id", "run_id", "code", "school_id")
    return next(row[name] for name in names if name in row)
