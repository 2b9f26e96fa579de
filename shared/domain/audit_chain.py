"""The chain that shows whether a record of changes has been tampered with.

Each entry's seal is a hash over its place, its content and the seal before it, so that
whoever alters, removes or inserts an entry would have to forge every seal after it.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

FIRST = bytes(32)  # what stands before a chain's first entry


class Break(StrEnum):
    """How a chain differs from what was sealed."""

    ALTERED = "altered"
    MISSING_BEFORE = "missing_before"
    WRONG_END = "wrong_end"


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry as it is found; `position` counts from 1 within its chain."""

    number: int
    position: int
    previous: bytes
    seal: bytes
    content: str


def seal(previous: bytes, position: int, content: str) -> bytes:
    """Return the SHA-256 of the seal before, the place and the content.

    `seal(FIRST, 1, "[7]")` hashes 32 zero bytes followed by ``1:[7]``.
    """
    return hashlib.sha256(previous + f"{position}:{content}".encode()).digest()


@dataclass(slots=True)
class Walk:
    """A walk along one chain; it remembers the first break and how far it came."""

    entries: int = 0
    last_seal: bytes = FIRST
    last_number: int | None = None
    broken_at: int | None = None
    how: Break | None = None

    def step(self, entry: Sealed) -> None:
        """Look at the next entry by position."""
        if self.how is None:
            self._look_at(entry)
        self.entries += 1
        self.last_seal = entry.seal
        self.last_number = entry.number

    def arrive(self, *, entries: int, number: int | None, last_seal: bytes) -> None:
        """Compare the end of the walk with how far the chain had been sealed.

        `number` is of the last entry that was sealed.
        """
        if self.how is not None:
            return
        if (self.entries, self.last_number, self.last_seal) != (
            entries,
            number,
            last_seal,
        ):
            self.broken_at, self.how = number or self.last_number, Break.WRONG_END

    def _look_at(self, entry: Sealed) -> None:
        expected = seal(entry.previous, entry.position, entry.content)
        if entry.position != self.entries + 1 or entry.previous != self.last_seal:
            self.broken_at, self.how = entry.number, Break.MISSING_BEFORE
        elif entry.seal != expected:
            self.broken_at, self.how = entry.number, Break.ALTERED
