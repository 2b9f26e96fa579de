"""What cannot be read at all, and YAML that silently loses data."""

from pathlib import Path

import pytest

from services.api.data_files import DataFileError, FileModel, read_data_file


class Pair(FileModel):
    """A small file for these tests."""

    left: int
    right: int


@pytest.mark.parametrize(
    ("content", "row", "reason"),
    [
        (b"left: [1\nright: 2\n", 2, "this is not YAML"),
        (b"left: 1\nright: 2\nleft: 3\n", 3, "the key is repeated"),
        (b"\xff\xfe", None, "the file is not UTF-8"),
        (b"left: 2020-13-45\nright: 2\n", None, "no such value: month must be"),
        (b"", None, "Input should be a valid dictionary"),
        (b"left: 1\nright: two\n", 2, "Input should be a valid integer"),
    ],
    ids=["syntax", "repeated key", "encoding", "date", "empty", "type"],
)
def test_an_unreadable_file_is_refused(
    tmp_path: Path, content: bytes, row: int | None, reason: str
) -> None:
    path = tmp_path / "pair.yaml"
    path.write_bytes(content)
    with pytest.raises(DataFileError) as caught:
        read_data_file(path, Pair)
    (fault, *_) = caught.value.faults
    assert fault.sheet == "pair.yaml"
    assert fault.row == row
    assert fault.reason.en.startswith(reason)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "absent.yaml"
    with pytest.raises(DataFileError, match=r"absent\.yaml: the file cannot be read"):
        read_data_file(path, Pair)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "pair.yaml"
    path.write_text("left: one\nright: two\n", encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_data_file(path, Pair)
    assert [fault.column for fault in caught.value.faults] == ["left", "right"]
    assert [fault.value for fault in caught.value.faults] == ["one", "two"]


def test_a_good_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pair.yaml"
    path.write_text("left: 1\nright: 2\n", encoding="utf-8")
    assert read_data_file(path, Pair) == Pair(left=1, right=2)
