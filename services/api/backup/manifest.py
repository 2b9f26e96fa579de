"""What a backup says of itself, and whether that is true of its files."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from services.api.backup.errors import BackupError

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DUMP: Final = "database.dump"
FILES: Final = "files"
_PIECE: Final = 1 << 20  # bytes
_SEAL: Final = "sha256"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the backup."""

    size: int
    sha256: str


# Schema, what is made in it (`r` a table, `S` a sequence), whose role, which right.
DefaultGrant: TypeAlias = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What was backed up: the state of one moment.

    `schema` is the newest migration. Every change up to `feed_number` is in it, and
    `unnumbered` ones that had no number yet. `rows` counts by table, `chains` has the
    last hash of each municipality's audit, `parts` all files but this one, `lost` the
    keys of files that the store did not have.
    """

    taken_at: str
    program_version: str
    schema: str
    server_version: str
    dump_version: str
    feed: str
    feed_number: int
    unnumbered: int
    rows: dict[str, int]
    chains: dict[str, str]
    default_grants: list[DefaultGrant]
    parts: dict[str, Part]
    lost: list[str]
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        """Return when the backup was taken, on the machine's clock."""
        return datetime.fromisoformat(self.taken_at)


def major_of(version: str) -> int:
    """Return the major version of a PostgreSQL: 18 of ``18.1``."""
    digits = version.partition(".")[0]
    return int("".join(each for each in digits if each.isdigit()) or 0)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it beside the parts, sealed by its own hash."""
    content = asdict(manifest)
    sealed = {**content, _SEAL: _seal_of(content)}
    text = json.dumps(sealed, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Return what the folder says of itself.

    Raises:
        BackupError: it is no backup, is damaged, or was made by a newer program.
    """
    try:
        content: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        made_as = content["format"]
        if made_as == FORMAT and _seal_of(content) == content[_SEAL]:
            return _manifest(content)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BackupError(
            f"{folder} — не резервная копия: {MANIFEST} не читается.",
            f"{folder} is no backup: {MANIFEST} cannot be read.",
        ) from error
    if made_as != FORMAT:
        raise BackupError(
            f"Резервная копия вида {made_as} сделана более новой программой: эта читает"
            f" вид {FORMAT}. Обновите программу.",
            f"The backup has format {made_as}, of a newer program: this one reads "
            f"format {FORMAT}. Update the program.",
        )
    raise _damaged(MANIFEST)


def _manifest(content: dict[str, Any]) -> Manifest:
    given = {name: value for name, value in content.items() if name != _SEAL}
    given["parts"] = {name: Part(**part) for name, part in given["parts"].items()}
    given["default_grants"] = [tuple(each) for each in given["default_grants"]]
    return Manifest(**given)


def _seal_of(content: dict[str, Any]) -> str:
    rest = {name: value for name, value in content.items() if name != _SEAL}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def measure(path: Path) -> Part:
    """Return size and hash of a file."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return Part(size, digest.hexdigest())


def check_parts(folder: Path, manifest: Manifest) -> None:
    """Check that every file of the backup is there, and as it was written.

    Raises:
        BackupError: one is missing, was altered, or does not belong there.
    """
    found = set(_found(folder)) - {MANIFEST}
    for name in sorted(found ^ manifest.parts.keys()):
        raise _damaged(name)
    for name, part in manifest.parts.items():
        if measure(folder / name) != part:
            raise _damaged(name)


def _found(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if not path.is_dir():
            yield path.relative_to(folder).as_posix()


def _damaged(name: str) -> BackupError:
    return BackupError(
        f"Резервная копия повреждена: {name} не тот, что был записан. Возьмите другую; "
        "ничего не изменено.",
        f"The backup is damaged: {name} is not what was written. Take another one; "
        "nothing has been changed.",
    )
