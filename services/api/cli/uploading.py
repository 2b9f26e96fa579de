"""Handing a file to an api once, however often the command is begun anew.

A try to upload has a key that follows from the file, from what is said of it, and from
the last import of it that came to an end: until that is another, the api answers a
repeated try with the import that it has already.
"""

import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from services.api.cli.remote import Remote
from services.api.cli.showing_progress import bytes_bar, rows_bar
from shared.domain.errors import Text

IMPORTS: Final = "/v1/imports"
POLL_SECONDS: Final = 0.3
UPLOADING: Final = Text("Отправка", "Upload")
OUTDATED: Final = "import_outdated"
ENDED: Final = frozenset({"committed", "undone", "failed"})
READING: Final = Text("Обработка", "Processing")

Import = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file, and what is said of it; `reason` is why closed years are changed."""

    path: Path
    sha256: str
    fields: dict[str, str]
    reason: str | None

    @classmethod
    def of(cls, path: Path, fields: dict[str, str], reason: str | None) -> "Upload":
        """Look through the file."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return cls(path=path, sha256=digest, fields=fields, reason=reason)

    def key(self, last: int) -> str:
        """Return the name of the try to upload it that follows the import `last`."""
        said = [self.sha256, self.path.name, self.fields, self.reason, last]
        text = json.dumps(said, sort_keys=True)
        return f"cli-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def bring(remote: Remote, upload: Upload, *, again: bool, after: int = 0) -> Import:
    """Return the import of the file: read to its end, or committed before.

    `again` makes a new one where it has been committed; `after` is the number of an
    import that has grown old, which no longer counts.
    """
    ended = after
    for each in remote.all_items(IMPORTS, sha256=upload.sha256):
        if each["status"] == "committed" and not (again or after):
            return each
        if each["status"] in ENDED or each["counts"]["bad"]:
            ended = max(ended, each["id"])
    return _read_through(remote, _send(remote, upload, upload.key(ended)))


def _send(remote: Remote, upload: Upload, key: str) -> int:
    """Return the number of the import that comes of the try, or has come of it."""
    with upload.path.open("rb") as file, bytes_bar() as progress:
        title = UPLOADING.in_language(remote.language)
        size = upload.path.stat().st_size
        watched = progress.wrap_file(file, total=size, description=title)

        def request(client: httpx.Client) -> httpx.Request:
            watched.seek(0)
            return client.build_request(
                "POST",
                IMPORTS,
                params={} if upload.reason is None else {"reason": upload.reason},
                data=upload.fields,
                files={"file": (upload.path.name, watched)},
                headers={"Idempotency-Key": key},
            )

        return int(remote.ask(request).json()["id"])


def _read_through(remote: Remote, import_id: int) -> Import:
    """Wait until the api has read the file to its end, or given up."""
    with rows_bar() as progress:
        task = progress.add_task(READING.in_language(remote.language), total=None)
        while True:
            found: Import = remote.get(f"{IMPORTS}/{import_id}")
            progress.update(
                task,
                completed=found["rows_read"],
                total=found["rows_total"] or None,
            )
            if found["status"] != "reading":
                return found
            time.sleep(POLL_SECONDS)


def commit(remote: Remote, import_id: int, mode: str) -> dict[str, Any] | None:
    """Commit what was previewed; nothing if that is out of date by now.

    A repeated commit is answered as the first.
    """
    answer = remote.ask(
        lambda client: client.build_request(
            "POST",
            f"{IMPORTS}/{import_id}/commit",
            json={"mode": mode},
            headers={"Idempotency-Key": f"cli-commit-{import_id}-{mode}"},
        ),
        foreseen=OUTDATED,
    )
    if answer.is_error:
        return None
    done: dict[str, Any] = answer.json()
    return done
