"""What changed between two reports of a year, line by line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from shared.domain.errors import Text

Line = Mapping[str, Any]
Section = Literal[
    "passport", "tasks", "indicators", "measures", "schools", "budget", "amendments"
]

COUNTS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "owed": Text("сроков", "deadlines"),
        "done_on_time": Text("выполнено в срок", "done in time"),
        "done_late": Text("выполнено с опозданием", "done late"),
        "submitted": Text("на проверке", "submitted"),
        "overdue": Text("просрочено", "overdue"),
        "ahead": Text("предстоит", "ahead"),
        "with_evidence": Text("с подтверждением", "with evidence"),
    }
)
PASSPORT: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "title": Text("наименование", "title"),
        "goal": Text("цель", "goal"),
        "starts_on": Text("начало", "start"),
        "ends_on": Text("окончание", "end"),
        "period_text": Text("сроки", "period"),
        "executors_text": Text("исполнители", "executors"),
        "expected_results": Text("ожидаемые результаты", "expected results"),
    }
)
INDICATOR: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "title": Text("название", "title"),
        "unit": Text("единица", "unit"),
        "target_text": Text("цель словами", "target in words"),
        "low": Text("план, от", "target from"),
        "high": Text("план, до", "target to"),
        "percent": Text("факт, %", "actual, %"),
        "numerator": Text("числитель", "numerator"),
        "denominator": Text("знаменатель", "denominator"),
        "status": Text("статус", "status"),
        "deviation": Text("отклонение", "deviation"),
        "explanation": Text("причина отклонения", "reason of the deviation"),
    }
)
BUDGET: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "planned": Text("план", "planned"),
        "spent": Text("израсходовано", "spent"),
        "comment": Text("примечание", "comment"),
    }
)
THERE: Final = Text("есть в отчёте", "in the report")


@dataclass(frozen=True, slots=True)
class ReportChange:
    """One thing that is another now; `field` is null where a line came or went."""

    section: Section
    subject: str
    field: str | None
    words: Text
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class _Rows:
    """Lines of a section: where they are, what tells them apart, what is compared."""

    section: Section
    path: tuple[str, ...]
    key: tuple[str, ...]
    subject: tuple[str, ...]
    fields: Mapping[str, Text]


SECTIONS: Final = (
    _Rows(
        "tasks",
        ("passport", "tasks"),
        ("number",),
        ("number",),
        {"title": PASSPORT["title"]},
    ),
    _Rows("indicators", ("indicators",), ("code",), ("title",), INDICATOR),
    _Rows(
        "measures",
        ("roadmap", "measures"),
        ("measure_id",),
        ("number", "title"),
        COUNTS,
    ),
    _Rows("schools", ("roadmap", "schools"), ("school_id",), ("school_name",), COUNTS),
    _Rows(
        "budget",
        ("budget", "items"),
        ("purpose", "source"),
        ("purpose", "source"),
        BUDGET,
    ),
    _Rows(
        "amendments",
        ("amendments",),
        ("order_number", "order_on"),
        ("order_number", "order_on"),
        {},
    ),
)


def changes_between(before: Line, after: Line) -> list[ReportChange]:
    """Return what is another in the later of two reports, in the order of its lines.

    Reports are as they are written down: records, lists and plain values.
    """
    old, new = before["passport"], after["passport"]
    changes = [
        ReportChange("passport", new["title"], name, words, old[name], new[name])
        for name, words in PASSPORT.items()
        if old[name] != new[name]
    ]
    for rows in SECTIONS:
        changes += _of_section(rows, _at(before, rows), _at(after, rows))
    return changes


def _at(report: Line, rows: _Rows) -> dict[tuple[Any, ...], Line]:
    found: Any = report
    for name in rows.path:
        found = found[name]
    lines: Sequence[Line] = found
    return {tuple(line[name] for name in rows.key): line for line in lines}


def _of_section(
    rows: _Rows, before: Mapping[Any, Line], after: Mapping[Any, Line]
) -> Iterator[ReportChange]:
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        shown = new or old or {}
        subject = " ".join(str(shown[name]) for name in rows.subject if shown[name])
        if old is None or new is None:
            is_there = (old is not None, new is not None)
            yield ReportChange(rows.section, subject, None, THERE, *is_there)
            continue
        for name, words in rows.fields.items():
            if old[name] != new[name]:
                yield ReportChange(
                    rows.section, subject, name, words, old[name], new[name]
                )
