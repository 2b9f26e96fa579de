"""One uploaded file while it is read, in a thread of its own."""

import asyncio
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO, TypeVar

from services.api.imports.batches import ReadBatch, batch_of
from services.api.imports.formats import FileFormat
from services.api.imports.readers.mark_runs import MarkRun
from services.api.imports.readers.options import FileOptions, Meter
from services.api.imports.readers.rows import ReadRow
from services.api.imports.targets import Resolver

T = TypeVar("T")

FIRST_ROWS = 5_000
BATCH_ROWS = 2_500


class Reading:
    """Rows of a file, taken when they are wanted.

    The thread is the reading's own, since a workbook may not pass from one to another.
    """

    def __init__(
        self, file: BinaryIO, file_format: FileFormat, options: FileOptions
    ) -> None:
        """Read `file`, which is closed with the reading."""
        self.format = file_format
        self.options = options
        self.is_whole = False
        self._is_open = True
        self._file = file
        self._rows = file_format.read(file, options)
        self._first: list[ReadRow | MarkRun] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="import")

    @property
    def meter(self) -> Meter:
        """How far the file has been read."""
        return self.options.meter

    async def begin(self) -> None:
        """Take the first rows; `is_whole` then says whether there are no others.

        Raises:
            UnreadableFileError: the file is not of its format.
        """
        self._first = await self._in_thread(self._taken, FIRST_ROWS)
        self.is_whole = _count(self._first) < FIRST_ROWS

    async def next_batch(self, resolver: Resolver) -> ReadBatch | None:
        """Return the next rows, resolved; None at the end."""
        return await self._in_thread(self._resolved, resolver)

    async def close(self) -> None:
        """Let go of the file, if that has not been done."""
        if self._is_open:
            self._is_open = False
            await self._in_thread(self._closed)
            self._thread.shutdown(wait=False)

    def _taken(self, count: int) -> list[ReadRow | MarkRun]:
        taken: list[ReadRow | MarkRun] = []
        for row in self._rows:
            taken.append(row)
            count -= len(row) if isinstance(row, MarkRun) else 1
            if count <= 0:
                break
        return taken

    def _resolved(self, resolver: Resolver) -> ReadBatch | None:
        rows, self._first = self._first or self._taken(BATCH_ROWS), []
        if not rows:
            return None
        return batch_of(rows, resolver, self.format.columns)

    def _closed(self) -> None:
        if isinstance(self._rows, Generator):
            self._rows.close()
        self._file.close()

    async def _in_thread(self, function: Callable[..., T], *arguments: object) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, function, *arguments)


def _count(rows: Iterable[ReadRow | MarkRun]) -> int:
    return sum(len(row) if isinstance(row, MarkRun) else 1 for row in rows)
