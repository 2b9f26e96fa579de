"""A whole round with a client that a generator made: ``whole_round.py ADDRESS FILE``.

Its package ``podyom_client`` is on the path. What was seen goes out as JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from podyom_client import AuthenticatedClient, Client
from podyom_client.api.access import create_token
from podyom_client.api.imports import commit_import, create_import, read_import
from podyom_client.api.mentoring import (
    create_mentoring_agreement,
    perform_mentoring_agreement_transition,
)
from podyom_client.api.organisations import list_schools
from podyom_client.api.programmes import list_programmes
from podyom_client.api.rankings import read_current_ranking
from podyom_client.api.roadmaps import (
    accept_submission,
    create_submission,
    list_deadlines,
    read_deadline,
)
from podyom_client.models import (
    AcceptIn,
    AgreementIn,
    AgreementTermsAction,
    BodyCreateToken,
    CommitIn,
    CommitMode,
    CreateImportBody,
    CreateImportBodyFileFormat,
    CreateSubmissionBody,
    PlanMeasureIn,
    ProblemOut,
    Side,
    TransitionIn,
)
from podyom_client.types import File

PASSWORD = "podyom-demo"  # noqa: S105 (of the demonstration)
YEAR = 2018
PATIENCE = 60.0  # seconds; reached only where something is broken
STEPS = (
    TransitionIn(AgreementTermsAction.PROPOSE),
    TransitionIn(AgreementTermsAction.SIGN, side=Side.MENTOR),
    TransitionIn(AgreementTermsAction.SIGN, side=Side.MENTEE),
    TransitionIn(AgreementTermsAction.ACTIVATE),
)


def done(answer: Any) -> Any:
    """Return what was answered, unless it is a problem."""
    if answer is None or isinstance(answer, ProblemOut):
        raise SystemExit(f"refused: {answer}")
    return answer


def until(read: Callable[[], Any], is_enough: Callable[[Any], bool]) -> Any:
    """Ask again until something was computed, and the answer is enough."""
    end = time.monotonic() + PATIENCE
    while _is_early(answer := read()) or not is_enough(done(answer)):
        if time.monotonic() > end:
            raise SystemExit(f"still: {answer}")
        time.sleep(0.1)
    return answer


def _is_early(answer: Any) -> bool:
    return isinstance(answer, ProblemOut) and answer.code == "not_computed_yet"


def sign_in(address: str, login: str) -> AuthenticatedClient:
    """Return a client that acts for a demo account."""
    with Client(base_url=address, httpx_args={"trust_env": False}) as client:
        form = BodyCreateToken(username=login, password=PASSWORD)
        token = done(create_token.sync(client=client, body=form)).access_token
    return AuthenticatedClient(
        base_url=address, token=token, timeout=30.0, httpx_args={"trust_env": False}
    )


def import_file(client: AuthenticatedClient, path: Path) -> dict[str, Any]:
    """Upload, look, commit."""
    with path.open("rb") as file:
        body = CreateImportBody(
            file=File(file, path.name),
            file_format=CreateImportBodyFileFormat.MARK_STATISTICS,
        )
        begun = done(create_import.sync(client=client, body=body))
    seen = until(
        lambda: read_import.sync(begun.id, client=client),
        lambda answer: answer.status == "previewed",
    )
    mode = CommitIn(CommitMode.ALL_OR_NOTHING)
    committed = done(commit_import.sync(begun.id, client=client, body=mode))
    return {"previewed": seen.counts.new, "committed": committed.new}


def read_ranking(client: AuthenticatedClient) -> dict[str, Any]:
    """Wait until the year is ranked."""
    ranking = until(
        lambda: read_current_ranking.sync(client=client, academic_year=YEAR),
        lambda answer: not answer.is_stale,
    )
    places = [[place.place_from, place.school_name] for place in ranking.places]
    return {"places": places, "outside": len(ranking.outside)}


def agree(client: AuthenticatedClient) -> list[str]:
    """Draft an agreement and lead it until it is in force; return its states."""
    programme = done(list_programmes.sync(client=client)).items[0]
    mentor, mentee, *_ = done(list_schools.sync(client=client)).items
    body = AgreementIn(
        programme_id=programme.id,
        mentor_school_id=mentor.id,
        mentee_school_id=mentee.id,
        problem="Математика, 5 класс",
        starts_on=date(2020, 9, 16),
        ends_on=date(2021, 5, 31),
        goals=["Двоек не более 15 %"],
        plan=[PlanMeasureIn(title="Взаимные уроки", due_on=date(2020, 11, 20))],
    )
    agreement = done(create_mentoring_agreement.sync(client=client, body=body))
    states = [agreement.status]
    for step in STEPS:
        agreement = done(
            perform_mentoring_agreement_transition.sync(
                agreement.id,
                client=client,
                body=step,
                if_match=f'"{agreement.version}"',
            )
        )
        states.append(agreement.status)
    return [str(state) for state in states]


def hand_in(school: AuthenticatedClient, district: AuthenticatedClient) -> list[str]:
    """Report on a school's next deadline, which its district accepts."""
    page = done(list_deadlines.sync(client=school, due_from=date(2020, 9, 16), limit=1))
    number = page.items[0].id
    states = [done(read_deadline.sync(number, client=school)).state]
    body = CreateSubmissionBody(
        text="Сделано", file=[File(BytesIO("Отчёт".encode()), "otchet.txt")]
    )
    done(create_submission.sync(number, client=school, body=body))
    states.append(done(read_deadline.sync(number, client=school)).state)
    done(accept_submission.sync(number, client=district, body=AcceptIn()))
    states.append(done(read_deadline.sync(number, client=school)).state)
    return [str(state) for state in states]


def main(address: str, file: str) -> None:
    """Go the whole round."""
    school = sign_in(address, "uzhur.ilinskaya")
    with sign_in(address, "uzhur") as district, school:
        seen = {
            "import": import_file(district, Path(file)),
            "ranking": read_ranking(district),
            "agreement": agree(district),
            "deadline": hand_in(school, district),
        }
    json.dump(seen, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
