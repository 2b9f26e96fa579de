"""Where files lie that people hand in: a folder, or a store that speaks S3."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import IO, Any, Final, TypeAlias
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from shared.domain.errors import Text, UnavailableError
from shared.runtime.settings import S3Settings

PIECE: Final = 1 << 18  # bytes
_TRIES: Final[Any] = {"max_retries": 2}
# Missing files and folders that cannot be written to come as the usual errors.
_FAILURES: Final = (BaseError, OSError)

Store: TypeAlias = LocalStore | S3Store


class FileStoreUnavailableError(UnavailableError):
    """The store of files cannot be reached, or lacks the file; nothing was changed."""

    code = "file_store_unavailable"
    title = Text("Хранилище файлов недоступно", "The file store is not available")


class FileStore:
    """Files by their keys; what is written under a key never changes."""

    def __init__(self, connect: Callable[[], Store]) -> None:
        self._connected = cache(connect)

    async def put(self, key: str, file: IO[bytes]) -> None:
        """Write a whole file, or nothing.

        Raises:
            FileStoreUnavailableError: it could not be written.
        """
        try:
            await obstore.put_async(self._connected(), key, file)
        except _FAILURES as error:
            raise _unavailable() from error

    async def read(self, key: str) -> AsyncIterator[bytes]:
        """Return the pieces of a file, once it is known to be there.

        Raises:
            FileStoreUnavailableError: it is not, or cannot be read.
        """
        try:
            found = await obstore.get_async(self._connected(), key)
        except _FAILURES as error:
            raise _unavailable() from error
        return _pieces(found.stream(min_chunk_size=PIECE))

    async def is_reachable(self) -> bool:
        """Tell whether the store answers now."""
        try:
            await obstore.head_async(self._connected(), "is-anybody-there")
        except FileNotFoundError:
            return True  # it says that there is no such file
        except _FAILURES:
            return False
        return True

    async def keys(self) -> list[str]:
        """Return the keys of all files that are there.

        Raises:
            FileStoreUnavailableError: the store cannot be asked.
        """
        try:
            listed = await obstore.list(self._connected()).collect_async()
        except _FAILURES as error:
            raise _unavailable() from error
        return sorted(each["path"] for each in listed)

    async def older(
        self, folder: str, *, than: datetime
    ) -> AsyncIterator[Sequence[str]]:
        """Yield the keys in a folder of what was last put before then, bit by bit.

        Raises:
            FileStoreUnavailableError: the store cannot be asked.
        """
        try:
            async for listed in obstore.list(self._connected(), folder):
                keys = [each["path"] for each in listed if each["last_modified"] < than]
                if keys:
                    yield keys
        except _FAILURES as error:
            raise _unavailable() from error

    async def size_of_older(self, key: str, *, than: datetime) -> int | None:
        """Return how many bytes a file has; None unless it was last put before then.

        Raises:
            FileStoreUnavailableError: the store cannot be asked.
        """
        try:
            found = await obstore.head_async(self._connected(), key)
        except FileNotFoundError:
            return None
        except _FAILURES as error:
            raise _unavailable() from error
        return found["size"] if found["last_modified"] < than else None

    async def remove(self, key: str) -> None:
        """Take away a file that no row names.

        Raises:
            FileStoreUnavailableError: the store cannot be reached.
        """
        try:
            await obstore.delete_async(self._connected(), key)
        except _FAILURES as error:
            raise _unavailable() from error


def open_file_store(folder: Path, s3: S3Settings | None) -> FileStore:
    """Return the bucket, if there is one, else the folder, made when it is needed."""
    if s3 is None:
        return FileStore(partial(LocalStore, folder, mkdir=True))
    return FileStore(partial(_bucket, s3))


def _bucket(s3: S3Settings) -> S3Store:
    address = urlsplit(s3.url)
    is_plain = (s3.endpoint or "").startswith("http://")
    return S3Store(
        address.netloc,
        prefix=address.path.strip("/") or None,
        endpoint=s3.endpoint,
        region=s3.region,
        access_key_id=s3.access_key_id,
        secret_access_key=s3.secret_access_key,
        client_options={
            "timeout": "30s",
            "connect_timeout": "5s",
            "allow_http": is_plain,
        },
        retry_config=_TRIES,
    )


async def _pieces(stream: Any) -> AsyncIterator[bytes]:
    async for piece in stream:
        yield bytes(piece)


def _unavailable() -> FileStoreUnavailableError:
    return FileStoreUnavailableError(
        Text(
            "Файл не записан или не читается: хранилище недоступно. Ничего не "
            "изменено, повторите позже.",
            "The file cannot be written or read: the store is not available. Nothing "
            "was changed; try again later.",
        )
    )
