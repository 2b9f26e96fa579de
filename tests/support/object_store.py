"""A store on the loopback that speaks S3, with a bucket in it."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from moto.server import ThreadedMotoServer

from shared.runtime.settings import S3Settings, s3_of

BUCKET = "reports"
KEYS = {"AWS_ACCESS_KEY_ID": "for-tests", "AWS_SECRET_ACCESS_KEY": "for-tests"}


@contextmanager
def object_store() -> Iterator[str]:
    """Yield its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    try:
        httpx.put(f"{address}/{BUCKET}").raise_for_status()
        yield address
    finally:
        server.stop()


def s3(endpoint: str) -> S3Settings | None:
    """Return the settings of a folder in its bucket."""
    return s3_of(
        {"FILES_URL": f"s3://{BUCKET}/x", "AWS_ENDPOINT_URL": endpoint, **KEYS}
    )
