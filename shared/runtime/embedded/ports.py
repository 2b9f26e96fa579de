"""Free ports of the loopback interface."""

import random
import socket

from shared.domain.errors import Text
from shared.runtime.embedded.errors import EmbeddedServerError

LOOPBACK = "127.0.0.1"
# Below the ports that systems give to outgoing connections (from 32768 on Linux, 49152
# on macOS), so that nobody gets the port by chance while its server restarts.
FIRST, LAST = 15_000, 32_000
ATTEMPTS = 200


def free_port() -> int:
    """Return a port on which nobody listens at the moment.

    Raises:
        EmbeddedServerError: None of the ports that were tried is free.
    """
    for _ in range(ATTEMPTS):
        port = random.randint(FIRST, LAST)  # noqa: S311 - not a secret
        if is_free(LOOPBACK, port):
            return port
    raise EmbeddedServerError(
        Text(
            f"На {LOOPBACK} не нашлось свободного порта {FIRST}–{LAST}.",
            f"No port in {FIRST}-{LAST} is free on {LOOPBACK}.",
        )
    )


def is_free(host: str, port: int) -> bool:
    """Tell whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def answers(host: str, port: int) -> bool:
    """Tell whether somebody listens there now."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False
