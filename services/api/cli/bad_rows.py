"""The bad rows of an import: on the terminal, and as a file to keep or to correct."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import typer

from services.api.cli.remote import Remote
from services.api.cli.speaking import say
from services.api.cli.tables import print_table
from services.api.cli.uploading import IMPORTS, Import
from shared.domain.errors import Text

SHOWN: Final = 20  # faults
TITLES: Final = {
    "ru": ("лист", "строка", "столбец", "значение", "что не так"),
    "en": ("sheet", "row", "column", "value", "what is wrong"),
}


def require_known_kind(report: Path | None) -> None:
    """Refuse a report that is neither a workbook nor JSON, before anything is done.

    Raises:
        typer.BadParameter: it is.
    """
    if report is not None and report.suffix not in {".xlsx", ".json"}:
        raise typer.BadParameter("Отчёт — .xlsx или .json / A report is .xlsx or .json")


def show(remote: Remote, found: Import) -> None:
    """Print the first faults of an import's bad rows."""
    faults = itertools.islice(_faults(remote, found["id"]), SHOWN)
    reason = f"reason_{remote.language}"
    print_table(
        TITLES[remote.language],
        (
            (each["sheet"], each["row"], each["column"], each["value"], each[reason])
            for each in faults
        ),
    )
    bad = found["counts"]["bad"]
    say(
        Text(f"Строк с ошибками: {bad}", f"Bad rows: {bad}"),
        remote.language,
    )


def write(remote: Remote, found: Import, report: Path) -> None:
    """Write all bad rows: a workbook to correct and upload again, or JSON."""
    import_id = found["id"]
    if report.suffix == ".json":
        rows = list(_bad_rows(remote, import_id))
        text = json.dumps(
            {"import_id": import_id, "bad_rows": rows}, ensure_ascii=False
        )
        report.write_text(f"{text}\n", "utf-8")
    else:
        answer = remote.ask(
            lambda client: client.build_request(
                "GET", f"{IMPORTS}/{import_id}/bad-rows"
            )
        )
        report.write_bytes(answer.content)
    say(Text(f"Отчёт: {report}", f"Report: {report}"), remote.language)


def _bad_rows(remote: Remote, import_id: int) -> Iterator[dict[str, Any]]:
    return remote.all_items(f"{IMPORTS}/{import_id}/lines", action="bad")


def _faults(remote: Remote, import_id: int) -> Iterator[dict[str, Any]]:
    """Yield each fault with the place of its row, if it names none itself."""
    for row in _bad_rows(remote, import_id):
        for fault in row["faults"]:
            stated = {name: value for name, value in fault.items() if value is not None}
            yield {"sheet": row["sheet"], "row": row["row"], "column": None} | (
                {"value": None} | stated
            )
