"""Scores of all schools of a run: the grid, and what hangs on the weights."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from services.api.rankings.score_records import SchoolScore
from services.api.rankings.score_schemas import CellOut, SchoolOut, ShiftOut

Scores = Sequence[SchoolScore]


def cells_of(scores: Scores) -> list[CellOut]:
    """Return the cells that schools stand in, by status and then by change."""
    placed = sorted(
        (each for each in scores if each.status_level is not None),
        key=lambda each: (*_cell(each), each.school_name, each.school_id),
    )
    return [
        CellOut(
            status_level=status,
            change_level=change or None,
            schools=[school_of(each) for each in schools],
        )
        for (status, change), schools in groupby(placed, key=_cell)
    ]


def shifts_of(scores: Scores) -> list[ShiftOut]:
    """Return the weights whose shift moves a school, those that move most first."""
    with_band = [each for each in scores if each.band is not None]
    moved: dict[str, list[SchoolScore]] = {}
    for each in with_band:
        for weight in (each.moved_by or "").split():
            moved.setdefault(weight, []).append(each)
    return [
        ShiftOut(
            weight=weight,
            moved=len(schools),
            share=len(schools) / len(with_band),
            schools=[school_of(each) for each in schools],
        )
        for weight, schools in sorted(
            moved.items(), key=lambda item: (-len(item[1]), item[0])
        )
    ]


def sensitivity_totals(scores: Scores) -> dict[str, Any]:
    """Return how many schools have a band, and how many of them move how often."""
    with_band = [each for each in scores if each.band is not None]
    shares = [each.moved_share or 0.0 for each in with_band]
    return {
        "schools": len(with_band),
        "moved_by_any": sum(bool(each.moved_by) for each in with_band),
        "moved_share": sum(shares) / len(shares) if shares else None,
    }


def school_of(score: SchoolScore) -> SchoolOut:
    """Name the school of a score."""
    return SchoolOut(school_id=score.school_id, school_name=score.school_name)


def _cell(score: SchoolScore) -> tuple[int, int]:
    """A school without a change comes before those with one."""
    return (score.status_level or 0, score.change_level or 0)
