"""Receiving a file from an api, and going on where a download broke off.

FILE.part is what has been received, FILE.part.etag the tag of the file that it is the
beginning of: the SHA-256 of all its bytes, so that only the rest of the very same file
is put behind it, and what comes of it is checked before it is called whole.
"""

import fcntl
import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import httpx

from services.api.cli.remote import Remote
from services.api.cli.running import REFUSED
from services.api.cli.showing_progress import bytes_bar
from services.api.cli.speaking import complain
from shared.domain.errors import Text

DOWNLOAD: Final = Text("Получение", "Download")
_RANGE: Final = re.compile(r"bytes (\d+)-\d+/(\d+)")
_TAG: Final = re.compile(r'"([0-9a-f]{64})"')
# Compressed on its way, it would not be the bytes that the tag is of.
_AS_IT_IS: Final = {"Accept-Encoding": "identity"}


class _SpoiltError(httpx.TransportError):
    """What was received is not the file that the api has."""


@dataclass(frozen=True, slots=True)
class Partial:
    """What has been received of a file so far; nobody else writes it meanwhile."""

    file: BinaryIO
    path: Path

    @property
    def size(self) -> int:
        """Return how many bytes there are."""
        return os.fstat(self.file.fileno()).st_size

    @property
    def tag(self) -> str | None:
        """Return the entity tag of the whole file, if it is known."""
        try:
            return self._tag_path.read_text("ascii")
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    def begin_anew(self, tag: str | None) -> None:
        """Forget what there is; what follows is of the file with this tag."""
        self._tag_path.unlink(missing_ok=True)
        self.file.truncate(0)
        if tag is not None and _TAG.fullmatch(tag):
            self._tag_path.write_text(tag, "ascii")

    def check(self) -> None:
        """Make sure that it is the whole file, and on the disk.

        Raises:
            httpx.TransportError: it is not; it has been forgotten.
        """
        self.file.flush()
        os.fsync(self.file.fileno())
        tag = self.tag
        if tag is None:
            return
        with self.path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if tag != f'"{found}"':
            self.begin_anew(None)
            raise _SpoiltError("SHA-256")

    def finish(self, target: Path) -> None:
        """Give the whole file its name."""
        self.path.replace(target)
        self._tag_path.unlink(missing_ok=True)

    def drop_if_empty(self) -> None:
        """Leave nothing where nothing has come."""
        if not self.size:
            self._tag_path.unlink(missing_ok=True)
            self.path.unlink(missing_ok=True)

    @property
    def _tag_path(self) -> Path:
        return self.path.with_name(f"{self.path.name}.etag")


@contextmanager
def partial_of(target: Path, language: str) -> Iterator[Partial]:
    """Yield what there is of a file.

    Raises:
        typer.Exit: another command is writing it.
    """
    path = target.with_name(f"{target.name}.part")
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            text = Text(
                f"{path} пишет другая команда.", f"Another command is writing {path}."
            )
            raise complain(text, language, code=REFUSED) from None
        partial = Partial(file, path)
        try:
            yield partial
        finally:
            partial.drop_if_empty()


def receive(
    remote: Remote, path: str, wanted: dict[str, Any], partial: Partial
) -> None:
    """Receive what is missing of the file at a path, as long as something comes.

    Raises:
        typer.Exit: the api refuses, or stays away too long.
    """
    given = {name: value for name, value in wanted.items() if value is not None}
    pauses = remote.pauses()
    while True:
        before = partial.size
        try:
            _receive_once(remote, path, given, partial)
            partial.check()
        except httpx.TransportError as error:
            why = f"{type(error).__name__}: {error}"
        else:
            return
        if partial.size > before:
            pauses = remote.pauses()
        pause = next(pauses)
        if pause is None:
            raise remote.unreachable(why)
        time.sleep(pause)


def _receive_once(
    remote: Remote, path: str, parameters: dict[str, Any], partial: Partial
) -> None:
    """Write the rest of the file, or all of it where it is another by now.

    Raises:
        httpx.TransportError: the answer broke off.
    """
    tag, size = partial.tag, partial.size
    there = {} if tag is None else {"Range": f"bytes={size}-", "If-Range": tag}
    with (
        remote.begin(
            lambda client: client.build_request(
                "GET", path, params=parameters, headers=_AS_IT_IS | there
            )
        ) as answer,
        bytes_bar() as progress,
    ):
        total = _total(answer, size)
        if total == 0 or (total and answer.headers.get("ETag") != tag):
            partial.begin_anew(None)
            raise _SpoiltError("Content-Range")
        if total is None:
            partial.begin_anew(answer.headers.get("ETag"))
            stated = answer.headers.get("Content-Length")
            size, total = 0, int(stated) if stated else None
        title = DOWNLOAD.in_language(remote.language)
        task = progress.add_task(title, total=total, completed=size)
        for piece in answer.iter_bytes():
            partial.file.write(piece)
            partial.file.flush()  # whatever happens next, it is there
            progress.advance(task, len(piece))


def _total(answer: httpx.Response, size: int) -> int | None:
    """Return the size of the whole file that the answer goes on after `size` bytes of.

    None says that the answer is the whole file, 0 that it is another part of it.
    """
    if answer.status_code != httpx.codes.PARTIAL_CONTENT:
        return None
    found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    return int(found[2]) if found is not None and int(found[1]) == size else 0
