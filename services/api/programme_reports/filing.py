"""Writing a report down in the files that are kept of it."""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from services.api.programme_reports.documents import write_document
from services.api.programme_reports.papers import Report, paper_of
from services.api.programme_reports.schemas import FrozenContentOut
from services.api.programme_reports.workbooks import write_workbook
from shared.persistence.paging import AnyRow

FILES = ("content", "document", "workbook")


@dataclass(frozen=True, slots=True)
class Files:
    """A report as it is filed: JSON, DOCX and XLSX."""

    content: bytes
    document: bytes
    workbook: bytes

    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of each, by the name of its column."""
        return {
            f"{name}_sha256": sha256(getattr(self, name)).hexdigest() for name in FILES
        }


def write_down(content: FrozenContentOut) -> bytes:
    """Return the canonical JSON of a report: sorted names, no blanks, UTF-8."""
    return json.dumps(
        content.model_dump(mode="json"),
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


async def print_document(report: Report, made_at: datetime) -> bytes:
    """Return the report as DOCX."""
    return await asyncio.to_thread(write_document, paper_of(report), made_at=made_at)


async def print_workbook(report: Report, made_at: datetime) -> bytes:
    """Return the report as XLSX."""
    return await asyncio.to_thread(write_workbook, paper_of(report), made_at=made_at)


def is_intact(row: AnyRow) -> bool:
    """Tell whether the bytes that were read are those that were written."""
    hashes = Files(row.content, row.document, row.workbook).hashes()
    return hashes == {name: getattr(row, name) for name in hashes}


async def file_of(content: FrozenContentOut) -> Files:
    """Return the files of a report that is being frozen."""
    return Files(
        write_down(content),
        await print_document(content, content.frozen_at),
        await print_workbook(content, content.frozen_at),
    )
