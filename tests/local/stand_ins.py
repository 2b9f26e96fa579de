"""A system of tiny programs, started by the real launcher on real servers.

Run as ``python -m tests.local.stand_ins``. The load counts the starts in a table; the
api answers ``/health/ready`` and ``POST /rows``, which commits a row.
"""

import asyncio
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

import asyncpg

from services.local.__main__ import main
from services.local.commands import PYTHON, Commands
from services.local.supervisor import Patience

SELF = (*PYTHON, "tests.local.stand_ins")
IDLE = "import time\nwhile True: time.sleep(1)"


def system(environ: dict[str, str]) -> Commands:
    """Return the commands; ``STAND_IN_BROKEN`` makes a service end at once."""
    broken = environ.get("STAND_IN_BROKEN")
    worker = f"print('it is {broken}')" if broken else IDLE
    return Commands(
        steps={"load": (*SELF, "load")},
        services={"api": (*SELF, "api"), "worker": (sys.executable, "-c", worker)},
        logins=(*SELF, "logins"),
    )


async def fetch(statement: str) -> object:
    """Run statements on the system's database; return what one of them tells."""
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    try:
        if ";" in statement:
            return await connection.execute(statement)
        return await connection.fetchval(statement)
    finally:
        await connection.close()


class Api(BaseHTTPRequestHandler):
    """Answers whether it is ready, and commits a row for a POST."""

    def do_GET(self) -> None:
        """Say how many rows there are, or only that it is ready."""
        count = "SELECT count(*) FROM rows"
        rows = asyncio.run(fetch(count)) if self.path == "/rows" else ""
        self._answer(200, str(rows).encode())

    def do_POST(self) -> None:
        """Commit a row, or say that the database is away."""
        try:
            asyncio.run(fetch("INSERT INTO rows DEFAULT VALUES"))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._answer(503)
        else:
            self._answer(201)

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def play(part: str) -> None:
    """Be one of the system's programs."""
    match part:
        case "load":
            asyncio.run(
                fetch(
                    "CREATE TABLE IF NOT EXISTS rows (id serial);"
                    "CREATE TABLE IF NOT EXISTS starts (id serial);"
                    "INSERT INTO starts DEFAULT VALUES"
                )
            )
        case "logins":
            sys.stdout.write("coordinator demo-password\n")
        case "api":
            address = (os.environ["HOST"], int(os.environ["PORT"]))
            with HTTPServer(address, Api) as server:
                server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        play(sys.argv[1])
    else:
        sys.exit(
            main(os.environ, system(dict(os.environ)), patience=Patience(deaths=3))
        )
