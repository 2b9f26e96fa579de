"""Rows as a table, on a terminal or in a pipe."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table

WIDEST = 200  # characters, where there is no terminal to measure


def print_table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their titles; nothing stands for null."""
    console = Console(soft_wrap=False)
    if not console.is_terminal:
        console = Console(width=WIDEST)
    table = Table(*titles, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(_shown(each) for each in row))
    console.print(table, markup=False)


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat(timespec="minutes")
        case list() | tuple():
            return ", ".join(str(each) for each in value)
        case _:
            return str(value)
