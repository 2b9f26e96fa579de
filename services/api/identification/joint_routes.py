"""Low results, difficult conditions and resilience of schools in one answer."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.api.http.auth import Actor, require
from services.api.http.pagination import DEFAULT_PAGE, After, Limit
from services.api.http.problems import problems
from services.api.http.runs import (
    AcademicYearFilter,
    MunicipalityFilter,
    NotComputedYetError,
    chosen_municipality,
    required_run,
)
from services.api.http.work import RequestWork
from services.api.identification import (
    joint_repository,
    name_repository,
    repository,
)
from services.api.identification.joining import (
    Conditioned,
    Identified,
    cells_of,
    join,
    standing_of,
    undecided_of,
)
from services.api.identification.joint_repository import ReceivedLists
from services.api.identification.joint_schemas import JointViewOut, PartOfRunOut
from services.api.identification.records import Wanted
from shared.contracts.events import Topic
from shared.domain.errors import (
    Fault,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    Text,
    UnauthenticatedError,
)
from shared.domain.joint_standing import Answer, JointStanding
from shared.domain.methods.conditions import Conditions
from shared.domain.methods.identification import Identification
from shared.domain.methods.kinds import read_method
from shared.domain.permissions import Permission
from shared.persistence.runs import RunRecord, find_current_runs
from shared.persistence.tables.methods import MethodRow
from shared.persistence.work import Work

router = APIRouter(prefix="/v1", tags=["identification"])

Reader = Annotated[Actor, Depends(require(Permission.IDENTIFICATION_READ))]
AnswerFilter = Annotated[Answer | None, Query()]


@router.get(
    "/joint-identification",
    operation_id="read_joint_identification",
    summary="Schools with low results × in difficult conditions × resilient",
    description=(
        "Three answers about each school with their reasons and links, and the counts "
        "of the eight cells. What cannot be told is `unknown`, never a no. Low results "
        "are by one `rule`: the first in force by its code, if left out. Filters "
        "narrow the list, not the table. A school sees its own."
    ),
    responses=problems(
        NotComputedYetError,
        InvalidInputError,
        NotFoundError,
        ForbiddenError,
        UnauthenticatedError,
    ),
)
async def read_joint_identification(
    *,
    work: RequestWork,
    actor: Reader,
    municipality_id: MunicipalityFilter = None,
    academic_year: AcademicYearFilter = None,
    rule: Annotated[str | None, Query(max_length=100)] = None,
    low_results: AnswerFilter = None,
    difficult: AnswerFilter = None,
    resilient: AnswerFilter = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> JointViewOut:
    _require_conditions(actor)
    chosen = await chosen_municipality(work, actor, municipality_id)
    topics = (Topic.IDENTIFICATION, Topic.CONDITIONS)
    runs = await find_current_runs(work, topics, chosen, academic_year)
    run, other = (runs.get(topic) for topic in topics)
    year = required_run(run or other).year
    rules = await repository.list_rules(work, run.id) if run else []
    wanted = _rule(rules, rule)
    lists = await joint_repository.read_lists(work, chosen, year)
    identified = await _identified(work, run, wanted, lists)
    schools = join(identified, await _conditioned(work, other, lists))
    filters = (low_results, difficult, resilient)
    shown = [each for each in schools if _passes(standing_of(each), filters)]
    later = [each for each in shown if each.school_id > after]
    page = later[:limit]
    return JointViewOut(
        municipality_id=chosen,
        academic_year=year,
        is_stale=any(each.is_stale for each in (run, other) if each),
        rule_code=wanted.code if wanted else None,
        rule_version=wanted.version if wanted else None,
        rules=[each.code for each in rules],
        identification=_part(run, wanted),
        conditions=_part(other),
        schools=len(schools),
        table=cells_of(schools),
        undecided=undecided_of(schools),
        items=page,
        next_after=page[-1].school_id if len(later) > limit else None,
    )


def _require_conditions(actor: Actor) -> None:
    """Refuse a token that may not read conditions: they are half of the answer."""
    needed = Permission.CONDITIONS_READ
    if not actor.may(needed):
        raise ForbiddenError(
            Text(
                f"Нужно и право «{needed}»: в ответе есть условия школ.",
                f"The permission '{needed}' is needed, too: conditions of schools are "
                "part of the answer.",
            )
        )


def _rule(rules: Sequence[MethodRow], code: str | None) -> MethodRow | None:
    if code is None:
        return rules[0] if rules else None
    found = next((each for each in rules if each.code == code), None)
    if found is None:
        known = ", ".join(each.code for each in rules) or "—"
        reason = Text(
            f"Правила «{code}» в расчёте нет; есть: {known}.",
            f"The run has no rule '{code}'; there are: {known}.",
        )
        fault = Fault(column="query.rule", value=code, reason=reason)
        raise InvalidInputError(reason, faults=[fault])
    return found


async def _identified(
    work: Work, run: RunRecord | None, rule: MethodRow | None, lists: ReceivedLists
) -> Identified:
    names = await name_repository.read_names(work)
    if run is None or rule is None:
        return Identified(found=None, rule=None, names=names, has_list=False)
    wanted = Wanted(rule_code=rule.code)
    rows = await repository.list_found(work, run.id, wanted, after=0, limit=None)
    return Identified(
        found={each.school_id: each for each in rows},
        rule=read_method(rule.content).of(Identification).spec,
        names=names,
        has_list=lists.has_low_results,
    )


async def _conditioned(
    work: Work, run: RunRecord | None, lists: ReceivedLists
) -> Conditioned:
    received = lists.difficult
    if run is None or run.method_content is None:
        return Conditioned(run_id=None, rows=None, method=None, received=received)
    rows = await joint_repository.list_conditions(work, run.id)
    return Conditioned(
        run_id=run.id,
        rows={row.school_id: row for row in rows},
        method=read_method(run.method_content).of(Conditions).spec,
        received=received,
    )


def _part(run: RunRecord | None, rule: MethodRow | None = None) -> PartOfRunOut | None:
    if run is None:
        return None
    content = rule.content if rule else run.method_content
    return PartOfRunOut(
        run_id=run.id,
        computed_at=run.computed_at,
        is_stale=run.is_stale,
        method_code=rule.code if rule else run.method_code,
        method_version=rule.version if rule else run.method_version,
        provenance=content["provenance"] if content else {},
    )


def _passes(standing: JointStanding, filters: tuple[Answer | None, ...]) -> bool:
    answers = (standing.low_results, standing.difficult, standing.resilient)
    return all(
        wanted is None or wanted is answer
        for wanted, answer in zip(filters, answers, strict=True)
    )
