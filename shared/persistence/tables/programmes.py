"""Programmes with tasks, indicators and yearly target ranges; measures."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow


class ProgrammeRow(Base):
    """A municipal programme; `document_hash` tells whether a reload changes it."""

    __tablename__ = "programmes"
    __table_args__ = (
        CheckConstraint("years in ('calendar', 'academic')", name="years"),
        CheckConstraint("starts_on <= ends_on", name="order"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    head_title: Mapped[str | None]
    head_period: Mapped[str | None]
    goal: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    years: Mapped[str]
    period_text: Mapped[str]
    approved: Mapped[dict[str, Any]]
    expected_results: Mapped[list[str]]
    provenance: Mapped[str]
    executors_text: Mapped[str]
    document_hash: Mapped[str]


class TaskRow(Base):
    """A numbered task of a programme."""

    __tablename__ = "tasks"
    __table_args__ = (UniqueConstraint("programme_id", "number"), {"schema": API})

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    number: Mapped[int]
    title: Mapped[str]


class TargetIndicatorRow(Base):
    """An indicator of a programme; `target_text` keeps a target without figures.

    `definition` says how an order has it counted. What was added or ended by one has
    its day; the document's own have none.
    """

    __tablename__ = "target_indicators"
    __table_args__ = (UniqueConstraint("programme_id", "code"), {"schema": API})

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    position: Mapped[int]
    code: Mapped[str]
    task_number: Mapped[int | None]
    title: Mapped[str]
    unit: Mapped[str]
    direction: Mapped[str]
    heading: Mapped[str | None]
    target_text: Mapped[str]
    definition: Mapped[dict[str, Any] | None]
    added_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]


class TargetRangeRow(Base):
    """The range that an indicator is to reach in a calendar year, in per cent."""

    __tablename__ = "target_ranges"
    __table_args__ = (
        UniqueConstraint("indicator_id", "year"),
        CheckConstraint("0 <= low and low <= high and high <= 100", name="order"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    indicator_id: Mapped[int] = mapped_column(ForeignKey(TargetIndicatorRow.id))
    year: Mapped[int]
    low: Mapped[float]
    high: Mapped[float]
    text: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")


class MeasureRow(Base):
    """A line of a plan. `number` is as printed and is no key; `key` is.

    `position` orders all lines of a programme as its document has them. What an
    amendment withdraws stays, with the day of the order.
    """

    __tablename__ = "measures"
    __table_args__ = (
        UniqueConstraint("programme_id", "key"),
        CheckConstraint("plan in ('plan', 'roadmap', 'cyclogram')", name="plan"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("api.measures.id"))
    plan: Mapped[str]
    position: Mapped[int]
    key: Mapped[str]
    number: Mapped[str]
    block: Mapped[str | None]
    title: Mapped[str]
    term_text: Mapped[str]
    schedule_kind: Mapped[str]
    is_datable: Mapped[bool]
    responsible_text: Mapped[str | None]
    parties: Mapped[list[str]]
    expected_result: Mapped[str | None]
    withdrawn_on: Mapped[date | None]
