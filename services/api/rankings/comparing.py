"""Two runs side by side: schools, their figures, and what each adds to a change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from pydantic import TypeAdapter

from services.api.http.localized import LocalizedOut
from services.api.rankings.comparison_schemas import (
    ContributionOut,
    FigureChangeOut,
    FigureOfRunOut,
    PlaceOfRunOut,
    SchoolChangeOut,
    TotalsOut,
)
from services.api.rankings.explaining import title_of
from services.api.rankings.repository import Place
from services.api.rankings.score_records import SchoolScore
from services.api.rankings.score_schemas import Level
from shared.domain.methods.method import Method
from shared.domain.methods.ranking import Ranking
from shared.domain.run_comparison import (
    NOTHING,
    Contribution,
    Figure,
    Term,
    contributions,
    reasons_between,
    rounded_change,
    terms_of,
)
from shared.persistence.runs import RunRecord

Key = tuple[str, str]

_LEVEL: Final = TypeAdapter[Level](Level)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs with all that the caller sees of it."""

    run: RunRecord
    method: Method[Ranking] | None
    places: Sequence[Place]
    scores: Sequence[SchoolScore]


@dataclass(frozen=True, slots=True)
class _School:
    """A school in one of the runs."""

    place: Place | None
    scores: Mapping[Key, SchoolScore]
    terms: Mapping[str, Term]
    method: Method[Ranking] | None


def compare_schools(before: Side, after: Side) -> list[SchoolChangeOut]:
    """Return the schools of either run: by their place after, then before, by name."""
    was, now = _schools(before), _schools(after)
    same_method = before.run.method_hash == after.run.method_hash
    names = {each.school_id: each.school_name for each in before.places}
    names |= {each.school_id: each.school_name for each in after.places}
    found = [
        _compared(number, name, was.get(number), now.get(number), same=same_method)
        for number, name in names.items()
    ]
    return sorted(found, key=_order)


def totals_of(schools: Sequence[SchoolChangeOut]) -> TotalsOut:
    """Count how schools changed."""
    moves = [
        each.after.place_from - each.before.place_from
        for each in schools
        if each.before and each.before.place_from and each.after
        if each.after.place_from
    ]
    return TotalsOut(
        schools=len(schools),
        changed=sum(each.is_changed for each in schools),
        entered=sum(each.presence == "entered" for each in schools),
        left=sum(each.presence == "left" for each in schools),
        up=sum(move < 0 for move in moves),
        down=sum(move > 0 for move in moves),
    )


def _schools(side: Side) -> dict[int, _School]:
    by_school = sorted(side.scores, key=lambda each: (each.school_id, each.position))
    scores = {
        number: {(each.level, each.code): each for each in own}
        for number, own in groupby(by_school, key=lambda each: each.school_id)
    }
    spec = None if side.method is None else side.method.spec
    found = {}
    for place in side.places:
        own = scores.get(place.school_id, {})
        figures = {key: _figure(score) for key, score in own.items()}
        terms = {} if spec is None else terms_of(spec, figures)
        found[place.school_id] = _School(place, own, terms, side.method)
    return found


def _compared(
    number: int, name: str, was: _School | None, now: _School | None, *, same: bool
) -> SchoolChangeOut:
    value_before, value_after = _value(was), _value(now)
    change = None
    added: Mapping[str, Contribution] = {}
    if was and now and value_before is not None and value_after is not None:
        change = rounded_change(value_before, value_after)
        added = contributions(was.terms, now.terms, values=(value_before, value_after))
    figures = list(_figures(was, now, added, same=same))
    before, after = _place(was), _place(now)
    return SchoolChangeOut(
        school_id=number,
        school_name=name,
        presence="both" if was and now else "entered" if now else "left",
        is_changed=_standing(before) != _standing(after)
        or any(_differs(each) for each in figures),
        before=before,
        after=after,
        change=change,
        figures=figures,
    )


def _figures(
    was: _School | None,
    now: _School | None,
    added: Mapping[str, Contribution],
    *,
    same: bool,
) -> Iterator[FigureChangeOut]:
    """Yield all figures of a school in the order of the later method."""
    old, new = (each.scores if each else {} for each in (was, now))
    for level, code in [*new, *(key for key in old if key not in new)]:
        before, after = (each.get((level, code)) for each in (old, new))
        is_part = level == "indicator"
        weights = (_weight(was, code), _weight(now, code)) if is_part else (0.0, 0.0)
        part = added.get(code) if is_part else None
        known = now if after else was
        yield FigureChangeOut(
            level=_LEVEL.validate_python(level),
            code=code,
            title=_title(known, level, code),
            before=_out(before, weights[0] if is_part else None),
            after=_out(after, weights[1] if is_part else None),
            contribution=None if part is None else ContributionOut.model_validate(part),
            because=reasons_between(
                None if before is None else _figure(before),
                None if after is None else _figure(after),
                weights=weights,
                same_method=same,
            )
            if is_part
            else [],
        )


def _title(school: _School | None, level: str, code: str) -> LocalizedOut:
    method = school.method if school else None
    title = None if method is None else title_of(method.spec, level, code)
    return (
        LocalizedOut(ru=title.ru, en=title.en)
        if title
        else LocalizedOut(ru=code, en=code)
    )


def _weight(school: _School | None, code: str) -> float:
    return school.terms.get(code, NOTHING).weight if school else 0.0


def _value(school: _School | None) -> float | None:
    return school.place.value if school and school.place else None


def _place(school: _School | None) -> PlaceOfRunOut | None:
    if school is None or school.place is None:
        return None
    return PlaceOfRunOut.model_validate(school.place)


def _standing(place: PlaceOfRunOut | None) -> object:
    """What a school has itself; of how many its place is hangs on the others."""
    return place and place.model_dump(exclude={"ranked"})


def _figure(score: SchoolScore) -> Figure:
    return Figure(
        value=score.value, n=score.n, numerator=score.numerator, score=score.score
    )


def _out(score: SchoolScore | None, used: float | None) -> FigureOfRunOut | None:
    if score is None:
        return None
    return FigureOfRunOut(
        value=score.value,
        n=score.n,
        numerator=score.numerator,
        score=score.score,
        reason=score.reason,
        used=used,
    )


def _differs(figure: FigureChangeOut) -> bool:
    return figure.before != figure.after


def _order(school: SchoolChangeOut) -> tuple[object, ...]:
    """Those with a place first; a school that left comes last."""
    after = school.after.place_from if school.after else None
    before = school.before.place_from if school.before else None
    return (
        school.after is None,
        after is None,
        after or 0,
        before is None,
        before or 0,
        school.school_name,
        school.school_id,
    )
