"""Telling what was measured, on the screen and in docs/benchmarks.md."""

import os
import platform
import subprocess
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from benches.support.bench import ROOT, Measure

DOCUMENT = ROOT / "docs" / "benchmarks.md"


def line_of(measure: Measure) -> str:
    """Return the measure as a line of a table."""
    digits = 0 if measure.value >= 100 else 2  # noqa: PLR2004 (a figure's first three)
    value = f"{measure.value:,.{digits}f} {measure.unit}".strip()
    bounds = (("≥", measure.floor), ("≤", measure.ceiling))
    wanted = ", ".join(f"{sign} {x:g}" for sign, x in bounds if x is not None)
    missed = "" if measure.is_reached else " **missed**"
    return f"| {measure.name} | {value} | {wanted}{missed} |"


def table_of(measures: Iterable[Measure]) -> str:
    """Return the measures as a table in Markdown."""
    head = ["| measure | value | to reach |", "|---|---|---|"]
    return "\n".join([*head, *map(line_of, measures)])


def machine() -> str:
    """Describe the machine in a few words."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
    return f"{model}, {cores()} cores, Python {platform.python_version()}"


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def commit() -> str:
    """Return the short name of the commit, marked where the checkout differs."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--exclude=*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return described.stdout.strip() or "no commit"


def append(text: str, now: datetime) -> None:
    """Add a run to the document, newest last."""
    head = f"\n## {now:%Y-%m-%d}, commit {commit()}\n\n{machine()}\n\n"
    with DOCUMENT.open("a", encoding="utf-8") as document:
        document.write(f"{head}{text}\n")
