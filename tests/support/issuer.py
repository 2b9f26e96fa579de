"""A little OpenID Connect issuer on the loopback interface, with keys of its own."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from shared.runtime.clock import system_now

AUDIENCE = "podyom"


class Issuer:
    """Signs ID tokens, and publishes the keys that it signs with."""

    def __init__(self) -> None:
        self.url = ""
        self.fetches = 0
        self.is_down = False
        self.keys: dict[str, rsa.RSAPrivateKey] = {}
        self.rotate("first")

    def rotate(self, key_id: str) -> None:
        """Sign with a new key only."""
        self.keys = {key_id: rsa.generate_private_key(65537, 2048)}

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Return sound claims with some changed; None takes one away."""
        now = system_now()
        sound = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "person-1",
            "iat": now,
            "exp": now + timedelta(minutes=5),
            **changes,
        }
        return {name: value for name, value in sound.items() if value is not None}

    def token(self, **changes: Any) -> str:
        """Return an ID token signed with the newest key."""
        key_id, key = next(iter(self.keys.items()))
        return jwt.encode(
            self.claims(**changes), key, algorithm="RS256", headers={"kid": key_id}
        )

    def public_pem(self) -> bytes:
        """Return the newest public key, which everybody may know."""
        key = next(iter(self.keys.values())).public_key()
        return key.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def answer(self, path: str) -> dict[str, Any] | None:
        """Return what is published at a path."""
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        if path == "/keys":
            self.fetches += 1
            algorithm = jwt.algorithms.RSAAlgorithm
            return {
                "keys": [
                    json.loads(algorithm.to_jwk(key.public_key()))
                    | {"kid": key_id, "use": "sig", "alg": "RS256"}
                    for key_id, key in self.keys.items()
                ]
            }
        return None


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    """Start an issuer and stop it at the end."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = None if issuer.is_down else issuer.answer(self.path)
            self.send_response(503 if content is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
