"""An OpenID provider that others made: a certified one, from the npm registry.

People sign in on its own pages, by the authorization code flow with PKCE.
"""

import hashlib
import json
import secrets
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import httpx
from jwt.algorithms import get_default_algorithms

from tests.api.access.clients.programs import Key
from tests.support.npm import NODE, OPENID, install

AUDIENCE: Final = "podyom"
SECRET: Final = "a-secret-of-a-test-that-is-long-enough"  # noqa: S105 (of a test)
REDIRECT: Final = "https://frontend.example.org/callback"
SCRIPT: Final = OPENID / "provider.mjs"
SECONDS: Final = 60  # generous, since the machine may be busy


def private_jwk(key: Key, key_id: str) -> dict[str, Any]:
    """Return a key pair as a provider is given it."""
    signing: Any = get_default_algorithms()[key.algorithm]
    shown = signing.to_jwk(key.private, as_dict=True)
    kept = {name: shown[name] for name in shown if name != "key_ops"}
    return {**kept, "kid": key_id, "use": "sig"}


@contextmanager
def running_provider(
    port: int, keys: list[dict[str, Any]], algorithm: str
) -> Iterator[None]:
    """Run the provider on the loopback interface; it signs with the first key."""
    settings = {
        "port": port,
        "keys": keys,
        "client": AUDIENCE,
        "secret": SECRET,
        "redirect": REDIRECT,
        "algorithm": algorithm,
    }
    with subprocess.Popen(
        [NODE, "--input-type=module", "--eval", SCRIPT.read_text()],
        cwd=install(manifests=OPENID),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(settings) + "\n")
        process.stdin.flush()
        try:
            assert process.stdout.readline() == "ready\n"
            yield
        finally:
            process.stdin.close()
            process.wait(SECONDS)


def sign_in(port: int, person: str, *, nonce: str) -> str:
    """Sign a person in as a frontend would; return the ID token that it gets."""
    state, verifier = secrets.token_urlsafe(), secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "client_id": AUDIENCE,
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": "openid",
        "nonce": nonce,
        "state": state,
        "code_challenge": urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    root = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=root, trust_env=False, timeout=SECONDS) as browser:
        answer = browser.get("/auth", params=asked)
        for place in _places(browser, answer, person):
            answered = dict(parse_qsl(urlsplit(place).query))
        assert answered["state"] == state
        form = {
            "grant_type": "authorization_code",
            "code": answered["code"],
            "redirect_uri": REDIRECT,
            "code_verifier": verifier,
        }
        tokens = browser.post("/token", data=form, auth=(AUDIENCE, SECRET))
    token: str = tokens.raise_for_status().json()["id_token"]
    return token


def _places(
    browser: httpx.Client, answer: httpx.Response, person: str
) -> Iterator[str]:
    """Go from page to page, filling in what they ask, until the frontend's own."""
    prompts = iter(("login", "consent"))
    while True:
        place = answer.headers["location"]
        yield place
        if place.startswith(REDIRECT):
            return
        if "/interaction/" in place:
            form = {"prompt": next(prompts), "login": person, "password": "x"}
            answer = browser.post(place, data=form)
        else:
            answer = browser.get(place)
