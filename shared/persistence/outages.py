"""Telling a database that is away for now from a statement that is wrong."""

import errno
import socket
from typing import Final

from asyncpg.exceptions import InternalClientError
from sqlalchemy.exc import DBAPIError, InterfaceError

# PostgreSQL's classes of errors after which the same transaction may succeed: no
# connection, no resources, an operator's intervention such as a restart.
_PASSING: Final = ("08", "53", "57P")
# None is what asyncio gives where a name has several addresses and none of them works.
_UNREACHABLE: Final = frozenset(
    {None, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENETDOWN, errno.ENETUNREACH}
)


def is_outage(error: Exception) -> bool:
    """Tell whether the database, not the transaction, is what failed.

    A server that is starting or recovering refuses with an error of its own; one that
    is gone, or whose name cannot be resolved, leaves an OSError. A connection that
    breaks in the middle may leave its client in a state that it did not expect.
    """
    match error:
        case DBAPIError():
            state = getattr(error.orig, "sqlstate", None)
            return (
                error.connection_invalidated
                or isinstance(error, InterfaceError)
                or isinstance(_cause(error), InternalClientError)
                or str(state or "").startswith(_PASSING)
            )
        case (
            ConnectionError()
            | TimeoutError()
            | socket.gaierror()
            | InternalClientError()
        ):
            return True
        case OSError():
            return error.errno in _UNREACHABLE
        case _:
            return False


def _cause(error: DBAPIError) -> BaseException | None:
    """Return what the driver itself raised."""
    return None if error.orig is None else error.orig.__cause__
