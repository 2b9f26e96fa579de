"""Filling a sandbox: its accounts, its synthetic results."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from services.api.access.passwords import hash_password
from services.api.demo.identifiers import load_identifiers
from services.api.demo.logins import PASSWORD
from services.api.demo.profile import load_demo_profile
from services.api.demo.results import DemoResult, DemoSchool, generate_results
from services.api.demo.workbook import mark_statistics_name, write_mark_statistics
from shared.contracts.events import EventKind
from shared.domain.permissions import Role
from shared.persistence.outbox import record
from shared.persistence.tables.conditions import ListMembershipRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.results import (
    RESULT_KEY_COLUMNS,
    AssessmentResultRow,
)
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.social_passports import SocialPassportRow
from shared.persistence.tables.users import UserRow
from shared.persistence.upsert import Written, upsert
from shared.persistence.work import Work

LOADED_YEARS = (2018,)  # «Год» of the spring sittings that the sandbox starts with
SAMPLE_YEAR = 2019
SAMPLE_MUNICIPALITY = "uzhur"
# Enrolment where no document lets us estimate it, by kind of school.
USUAL_PUPILS = {"secondary": 180, "basic": 70, "primary": 30}
LAST_GRADES = {"secondary": 11, "basic": 9, "primary": 4}


@dataclass(frozen=True, slots=True)
class Placed:
    """A school of the demonstration with its rows in the database."""

    school_id: int
    municipality_id: int
    municipality_code: str
    demo: DemoSchool


async def load_demo(work: Work, schools: Sequence[Placed]) -> Written:
    """Write accounts, codes and synthetic results; a second time changes nothing."""
    written = await _accounts(work, schools)
    written += await load_identifiers(
        work,
        (
            (school.municipality_id, school.school_id, school.demo.login)
            for school in schools
        ),
    )
    return written + await _results(work, schools)


def write_sample(schools: Sequence[Placed], folder: Path) -> Path:
    """Write the sample upload and return where it lies."""
    profile = load_demo_profile()
    of_district = [
        school.demo
        for school in schools
        if school.municipality_code == SAMPLE_MUNICIPALITY
        and school.demo.code not in profile.absent_from_sample
    ]
    results = generate_results(of_district, profile, years=[SAMPLE_YEAR])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / mark_statistics_name(SAMPLE_YEAR)
    with path.open("wb") as target:
        write_mark_statistics(results, target)
    return path


async def read_schools(work: Work) -> list[Placed]:
    """Return the schools that results are drawn for; branches report with theirs."""
    on_list = select(ListMembershipRow.id).where(
        ListMembershipRow.school_id == SchoolRow.id,
        ListMembershipRow.list_kind == "low_results",
    )
    low_income_count = SocialPassportRow.low_income_count
    low_income_percent = SocialPassportRow.low_income_percent
    pupils = (
        select(func.max(low_income_count * 100 / low_income_percent))
        .where(
            SocialPassportRow.school_id == SchoolRow.id,
            low_income_percent > 0,
        )
        .scalar_subquery()
    )
    rows = await work.session.execute(
        select(
            SchoolRow.id,
            SchoolRow.code,
            SchoolRow.name,
            SchoolRow.kind,
            SchoolRow.municipality_id,
            MunicipalityRow.code.label("municipality_code"),
            MunicipalityRow.name.label("municipality_name"),
            on_list.exists().label("weak"),
            pupils.label("pupils"),
        )
        .join(MunicipalityRow, MunicipalityRow.id == SchoolRow.municipality_id)
        .where(SchoolRow.kind != "branch", MunicipalityRow.synthetic)
        .order_by(MunicipalityRow.code, SchoolRow.code)
    )
    return [
        Placed(
            row.id,
            row.municipality_id,
            row.municipality_code,
            DemoSchool(
                code=f"{row.municipality_code}.{row.code}",
                name=row.name,
                municipality=row.municipality_name,
                login=f"edu0000{number:02}",
                pupils=round(row.pupils or USUAL_PUPILS[row.kind]),
                last_grade=LAST_GRADES[row.kind],
                weak=row.weak,
            ),
        )
        for number, row in enumerate(rows, start=1)
    ]


async def _accounts(work: Work, schools: Sequence[Placed]) -> Written:
    known = set(await work.session.scalars(select(UserRow.login)))
    rows = [_account("admin", Role.ADMINISTRATOR, "Администратор")]
    rows.extend(
        _account(
            municipality.code,
            Role.MUNICIPAL_COORDINATOR,
            f"Координатор: {municipality.name}",
            municipality_id=municipality.id,
        )
        for municipality in await work.session.scalars(
            select(MunicipalityRow).where(MunicipalityRow.synthetic)
        )
    )
    rows.extend(
        _account(
            school.demo.code,
            Role.SCHOOL_EDITOR,
            f"Редактор: {school.demo.name}",
            municipality_id=school.municipality_id,
            school_id=school.school_id,
        )
        for school in schools
    )
    new = [row for row in rows if row["login"] not in known]
    if not new:
        return Written()
    password_hash = hash_password(PASSWORD)
    for row in new:
        row |= {"password_hash": password_hash, "created_at": work.now}
    return await upsert(work, UserRow, new, key=["login"])


def _account(
    login: str,
    role: Role,
    display_name: str,
    *,
    municipality_id: int | None = None,
    school_id: int | None = None,
) -> dict[str, Any]:
    return {
        "login": login,
        "role": role,
        "display_name": display_name,
        "municipality_id": municipality_id,
        "school_id": school_id,
        "email": f"{login}@podyom.example",
        "language": "ru",
        "is_active": True,
    }


async def _results(work: Work, schools: Sequence[Placed]) -> Written:
    written = Written()
    placed = {school.demo.code: school for school in schools}
    drawn = generate_results(
        [school.demo for school in schools], load_demo_profile(), years=LOADED_YEARS
    )
    rows = [_result(result, placed[result.school.code], work) for result in drawn]
    written = await upsert(
        work,
        AssessmentResultRow,
        rows,
        key=RESULT_KEY_COLUMNS,
        keep=[name for name in rows[0] if name not in RESULT_KEY_COLUMNS],
    )
    if written:
        touched = {(row["municipality_id"], row["academic_year"]) for row in rows}
        for municipality_id, academic_year in sorted(touched):
            await record(
                work,
                EventKind.RESULTS_CHANGED,
                municipality_id=municipality_id,
                academic_year=academic_year,
            )
    return written


def _result(result: DemoResult, school: Placed, work: Work) -> dict[str, Any]:
    counts = result.counts
    return {
        "municipality_id": school.municipality_id,
        "academic_year": result.sitting.academic_year.start,
        "school_id": school.school_id,
        "procedure": result.procedure,
        "subject": result.subject,
        "programme_grade": result.sitting.programme_grade,
        "pupil_grade": result.sitting.pupil_grade,
        "wave": 1,
        "written_on": None,
        "n": counts.n,
        "n2": counts.n2,
        "n3": counts.n3,
        "n4": counts.n4,
        "n5": counts.n5,
        "n_absent": 0,
        "n_ungraded": 0,
        "counts_rebuilt": False,
        "synthetic": True,
        "version": 1,
        "created_at": work.now,
        "updated_at": work.now,
    }
