"""Making a tandem of what is asked for: its schools, its teachers, its rules."""

from collections.abc import Iterator, Mapping

from services.api.http.auth import Actor
from services.api.tandems import repository
from services.api.tandems.records import Post, WantedMember, WantedTandem
from shared.domain.errors import Fault, ForbiddenError, NotFoundError, Text
from shared.domain.tandem_rules import check_tandem, refuse
from shared.domain.tandem_terms import Member, Tandem, TandemKind
from shared.persistence.work import Work


class TandemForbiddenError(ForbiddenError):
    """A school keeps the tandems within it; networks are the municipality's."""

    code = "tandem_forbidden"
    title = Text("Это не внутришкольный тандем", "The tandem is not within the school")


def require_keeper(actor: Actor, kind: TandemKind) -> None:
    """Refuse a school that would write a network tandem.

    Raises:
        TandemForbiddenError: the caller is of a school.
    """
    if actor.school_id is not None and kind is TandemKind.NETWORK:
        raise TandemForbiddenError(
            Text(
                "Школа ведёт свои внутришкольные тандемы; сетевые ведёт координатор "
                "муниципалитета: обратитесь к нему.",
                "A school keeps the tandems within it; network ones are kept by the "
                "municipality's coordinator: ask there.",
            )
        )


async def made_of(work: Work, actor: Actor, wanted: WantedTandem) -> tuple[Tandem, int]:
    """Return the tandem that is asked for, and the municipality that it is of.

    Raises:
        TandemForbiddenError: a school asks for a network.
        NotFoundError: the caller sees no such school, or may not write for it.
        InvalidTandemError: the tandem breaks a rule.
    """
    require_keeper(actor, wanted.kind)
    homes = await _homes(work, actor, wanted)
    posts = await repository.find_posts(
        work, {each.teacher_id for each in wanted.members if each.teacher_id}
    )
    refuse(list(_teachers(wanted, posts)))
    tandem = Tandem(
        kind=wanted.kind,
        goal=wanted.goal,
        plan=wanted.plan,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        members=[_member(each, posts) for each in wanted.members],
    )
    check_tandem(tandem)
    refuse([*await _subjects(work, tandem), *_places(homes)])
    return tandem, next(iter(homes.values()))


def _member(wanted: WantedMember, posts: Mapping[int, Post]) -> Member:
    position = wanted.position
    if position is None and wanted.teacher_id is not None:
        position = posts[wanted.teacher_id].position
    return Member(
        role=wanted.role,
        school_id=wanted.school_id,
        position=position or "",
        subject=wanted.subject,
        teacher_id=wanted.teacher_id,
    )


async def _homes(work: Work, actor: Actor, wanted: WantedTandem) -> dict[int, int]:
    """Return the municipality of each school; a partner's is not the caller's."""
    named = {each.school_id for each in wanted.members}
    found = await repository.find_homes(work, named)
    own = {actor.school_id} if actor.school_id is not None else found.keys()
    missing = sorted(named - (found.keys() & own))
    if missing:
        listed = ", ".join(map(str, missing))
        reason = Text(
            f"Школы {listed} нет или она вам недоступна.",
            f"There is no school {listed}, or it is not accessible to you.",
        )
        raise NotFoundError(
            reason, faults=[Fault(reason=reason, column="members", value=listed)]
        )
    return found


def _teachers(wanted: WantedTandem, posts: Mapping[int, Post]) -> Iterator[Fault]:
    for number, member in enumerate(wanted.members):
        if member.teacher_id is None:
            continue
        post = posts.get(member.teacher_id)
        if post is None or post.is_erased or post.school_id != member.school_id:
            yield Fault(
                column=f"members[{number}].teacher_id",
                value=str(member.teacher_id),
                reason=Text(
                    f"В школе {member.school_id} нет учителя {member.teacher_id}. "
                    "Учителя школы: GET /v1/teachers.",
                    f"There is no teacher {member.teacher_id} in the school "
                    f"{member.school_id}. Its teachers: GET /v1/teachers.",
                ),
            )


async def _subjects(work: Work, tandem: Tandem) -> list[Fault]:
    codes = {each.subject for each in tandem.members if each.subject is not None}
    unknown = await repository.find_unknown_subjects(work, codes)
    return [
        Fault(
            column=f"members[{number}].subject",
            value=member.subject,
            reason=Text(
                f"Предмета «{member.subject}» нет. Предметы: GET /v1/subjects.",
                f"There is no subject “{member.subject}”. Subjects: GET /v1/subjects.",
            ),
        )
        for number, member in enumerate(tandem.members)
        if member.subject in unknown
    ]


def _places(homes: Mapping[int, int]) -> Iterator[Fault]:
    if len(set(homes.values())) > 1:
        yield Fault(
            column="members",
            reason=Text(
                "Школы разных муниципалитетов: тандем объединяет школы одного. "
                "Между муниципалитетами заключают договор о наставничестве.",
                "The schools are of several municipalities: a tandem is of one. Across "
                "municipalities there are mentoring agreements.",
            ),
        )
