"""Files in a folder and in a store that speaks S3, by the same calls."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from shared.runtime.file_store import (
    FileStore,
    FileStoreUnavailableError,
    open_file_store,
)
from shared.runtime.settings import SettingsError, s3_of
from tests.support.object_store import KEYS, object_store, s3

LARGE = bytes(range(256)) * 40_000  # over the size that is sent in one piece


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    """Yield the address of an S3 on the loopback with a bucket in it."""
    with object_store() as address:
        yield address


@pytest.fixture(params=["folder", "s3"])
def store(
    request: pytest.FixtureRequest, tmp_path: Path, s3_endpoint: str
) -> FileStore:
    """Return a store of each sort."""
    settings = s3(s3_endpoint) if request.param == "s3" else None
    return open_file_store(tmp_path / "files", settings)


async def content(store: FileStore, key: str) -> bytes:
    return b"".join([piece async for piece in await store.read(key)])


@pytest.mark.parametrize("sent", [b"report", LARGE])
async def test_what_is_put_is_read_again(store: FileStore, sent: bytes) -> None:
    await store.put("a/b", BytesIO(sent))
    await store.put("a/b", BytesIO(sent))
    assert await content(store, "a/b") == sent


async def test_all_keys_are_told_until_a_file_is_removed(store: FileStore) -> None:
    for key in ("a/1", "b"):
        await store.put(key, BytesIO(b"report"))
    assert {"a/1", "b"} <= {*await store.keys()}
    await store.remove("a/1")
    assert {"a/1", "b"} & {*await store.keys()} == {"b"}


async def test_what_is_not_there_is_said_before_anything_is_sent(
    store: FileStore,
) -> None:
    with pytest.raises(FileStoreUnavailableError):
        await store.read("a/missing")


async def test_a_folder_is_made_when_the_first_file_comes(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "files"
    store = open_file_store(folder, None)
    assert not folder.exists()
    await store.put("a/b", BytesIO(b"report"))
    assert (folder / "a" / "b").read_bytes() == b"report"


async def test_a_store_that_is_away_is_no_internal_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    store = open_file_store(tmp_path / "file", None)
    with pytest.raises(FileStoreUnavailableError):
        await store.put("a/b", BytesIO(b"report"))


@pytest.mark.parametrize(
    "environ",
    [
        {"FILES_URL": "https://bucket.example.org", **KEYS},
        {"FILES_URL": "s3://", **KEYS},
        {"FILES_URL": "s3://reports"},
    ],
)
def test_half_of_a_bucket_is_refused(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        s3_of(environ)


def test_without_an_address_files_lie_in_a_folder() -> None:
    assert s3_of({}) is None
