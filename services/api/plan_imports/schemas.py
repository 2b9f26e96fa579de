"""Bodies of imports of plans."""

from collections import Counter
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from services.api.http.dates import Day
from services.api.http.localized import LocalizedOut
from services.api.http.numbers import Whole
from services.api.http.problems import FaultOut
from services.api.http.texts import text_up_to
from services.api.imports.schemas import faults_out
from services.api.plan_imports.usecases import Commission
from services.api.programmes.amendment_schemas import Line, Number
from services.api.programmes.documents import Parties, Party
from services.api.programmes.schemas import Plan
from shared.domain.plan_tables.compared import LineState, Statement
from shared.persistence.paging import AnyRow

FINGERPRINT = "0" * 64


class PlanOccurrenceOut(BaseModel):
    """A dated occurrence of a line by the municipality's calendar."""

    number: int
    starts_on: date
    nominal_due_on: date = Field(description="The day that the document means")
    due_on: date = Field(description="That day, or the last working day before it")
    before_programme: bool


class PlanLineOut(BaseModel):
    """A line of a table: as it was read, and what committing it does.

    `changes` has old and new of the fields that differ from the measure with `key`. A
    line that cannot be read lists what is wrong, and is not guessed.
    """

    line: int = Field(description="Its place among the lines, from 1")
    rows: list[int] = Field(description="Rows of the table that were joined into it")
    state: LineState
    key: str
    parent: str | None
    number: str
    block: str | None
    title: str
    term_text: str
    schedule_kind: str | None
    schedule: LocalizedOut | None = Field(description="How the term was understood")
    occurrences: list[PlanOccurrenceOut]
    responsible_text: str | None
    parties: list[Party]
    expected_result: str | None
    changes: dict[str, tuple[Any, Any]]
    faults: list[FaultOut]


class MissingMeasureOut(BaseModel):
    """A measure in force that the table has not."""

    key: str
    number: str
    title: str


class EmptyBlockOut(BaseModel):
    """A title in the table below which no line stands; it is passed over."""

    row: int
    title: str


class PlanImportCountsOut(BaseModel):
    """How many lines committing writes, changes, leaves, or cannot take."""

    new: int
    changed: int
    unchanged: int
    unreadable: int
    missing: int


class PlanOutcomeOut(BaseModel):
    """What committing did: lines by what became of them, measures withdrawn, deadlines.

    Where a programme is only entered, deadlines of days before it count as opened.
    """

    new: int
    changed: int
    unchanged: int
    left_out: int
    withdrawn: int
    deadlines_opened: int = 0
    deadlines_moved: int = 0
    deadlines_withdrawn: int = 0


class PlanImportOut(BaseModel):
    """An uploaded table of a plan; `fingerprint` is what a commit has to name."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    programme_id: int
    plan: Plan
    file_name: str | None
    sha256: str
    fingerprint: str
    created_by: int
    created_at: datetime
    committed_at: datetime | None
    amendment_id: int | None
    outcome: PlanOutcomeOut | None


class PlanImportDetailOut(PlanImportOut):
    """An uploaded table with all its lines.

    `changes_anything` is false where the programme has all of it already.
    """

    table: str = Field(description="The sheet, or the table of the document")
    columns: dict[str, int] = Field(description="Where each column was found, from 1")
    withdraw_missing: bool
    changes_anything: bool
    counts: PlanImportCountsOut
    lines: list[PlanLineOut]
    missing: list[MissingMeasureOut]
    empty_blocks: list[EmptyBlockOut]

    @classmethod
    def of(cls, row: AnyRow, language: str) -> Self:
        """Show an import as it is kept."""
        kept, source = row.preview, row.source
        states = Counter(line["state"] for line in kept["lines"])
        counts = {state.value: states[state] for state in LineState}
        withdrawn = bool(row.options["withdraw_missing"] and kept["missing"])
        shown = {
            **PlanImportOut.model_validate(row).model_dump(),
            "table": source["name"],
            "columns": {role: place + 1 for role, place in source["places"].items()},
            "withdraw_missing": row.options["withdraw_missing"],
            "changes_anything": withdrawn
            or states[LineState.UNCHANGED] < len(kept["lines"]),
            "counts": counts | {"missing": len(kept["missing"])},
            "lines": [
                line | {"faults": faults_out(line["faults"], language)}
                for line in kept["lines"]
            ],
            "missing": kept["missing"],
            "empty_blocks": source["empty_blocks"],
        }
        return cls.model_validate(shown)


class OrderIn(BaseModel):
    """The order that changes a programme in force."""

    model_config = ConfigDict(extra="forbid")

    order_number: Number
    order_on: Day
    body: Line
    reason: Line


class PlanStatementIn(BaseModel):
    """What is said of one line: its term, who owes it, or that it is left out."""

    model_config = ConfigDict(extra="forbid")

    line: Annotated[Whole, Field(ge=1, le=10_000)]
    term: Annotated[str, text_up_to(300)] | None = None
    parties: Parties | None = None
    leave_out: StrictBool = False

    def statement(self) -> Statement:
        """Return it as lines are compared with it."""
        return Statement(self.term, self.parties, self.leave_out)


class PlanCommitIn(BaseModel):
    """Which preview is committed, by which order, and what is said of its lines."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "fingerprint": FINGERPRINT,
                "order": {
                    "order_number": "91-о",
                    "order_on": "2020-09-10",
                    "body": "Управление образования",
                    "reason": "Новая редакция дорожной карты",
                },
                "lines": [{"line": 3, "term": "Октябрь 2020 года"}],
            }
        },
    )

    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    order: OrderIn | None = None
    lines: Annotated[list[PlanStatementIn], Field(max_length=2_000)] = []

    def commission(self) -> Commission:
        """Return it as committing takes it."""
        return Commission(
            self.fingerprint,
            None if self.order is None else self.order.model_dump(),
            {each.line: each.statement() for each in self.lines},
        )
