"""Reading the address of the queue's server."""

import pytest
from redis.connection import parse_url

from shared.runtime.queue import redis_settings, server_of


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost",
        "redis://localhost:6380/",
        "redis://localhost:6380/3",
        "redis://:p%40ss%2Fword%25@localhost/2",
        "redis://us%3Aer:%D0%BF@[::1]:6380/0",
        "rediss://user:word@localhost:6380",
        "unix:///run/my%20valkey.sock?db=4",
    ],
)
def test_an_address_means_to_arq_what_it_means_to_its_client(url: str) -> None:
    known = parse_url(url)  # type: ignore[no-untyped-call]  # it has no annotations
    for settings in (server_of(url), redis_settings(url)):
        assert settings.username == known.get("username")
        assert settings.password == known.get("password")
        assert settings.database == known.get("db", 0)
        assert settings.unix_socket_path == known.get("path")
        if settings.unix_socket_path is None:
            assert settings.host == known["host"]
            assert settings.port == known.get("port", 6379)
