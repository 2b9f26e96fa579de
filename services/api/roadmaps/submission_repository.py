"""Reading and writing reports on deadlines."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update

from services.api.roadmaps.receiving import Report
from services.api.roadmaps.submission_schemas import SubmissionFileOut
from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.submissions import SubmissionFileRow, SubmissionRow
from shared.persistence.work import Work


async def lock_deadline(work: Work, number: int) -> AnyRow | None:
    """Return a deadline that nobody else can change meanwhile."""
    deadline = DeadlineRow.__table__
    statement = (
        select(*deadline.c, MunicipalityRow.time_zone)
        .join(MunicipalityRow, MunicipalityRow.id == deadline.c.municipality_id)
        .where(deadline.c.id == number)
        .with_for_update(of=deadline)
    )
    return (await work.session.execute(statement)).one_or_none()


async def write_state(
    work: Work, number: int, state: str, done_on: date | None
) -> None:
    """Write how far the deadline is."""
    await work.session.execute(
        update(DeadlineRow)
        .where(DeadlineRow.id == number)
        .values(state=state, done_on=done_on)
    )


async def insert_submission(
    work: Work, deadline: AnyRow, report: Report, *, today: date
) -> int:
    """Write a report with its files; return its number."""
    submission = SubmissionRow
    earlier = (
        select(func.count())
        .where(submission.deadline_id == deadline.id)
        .scalar_subquery()
    )
    statement = (
        insert(submission)
        .values(
            municipality_id=deadline.municipality_id,
            school_id=deadline.school_id,
            deadline_id=deadline.id,
            number=earlier + 1,
            text=report.text,
            links=report.links,
            submitted_by=work.user_id,
            submitted_at=work.now,
            submitted_on=today,
        )
        .returning(submission.id)
    )
    number = (await work.session.execute(statement)).scalar_one()
    files = [
        {
            "municipality_id": deadline.municipality_id,
            "school_id": deadline.school_id,
            "submission_id": number,
            "position": position,
            "name": file.name,
            "content_type": file.content_type,
            "size": file.size,
            "sha256": file.sha256,
        }
        for position, file in enumerate(report.files, start=1)
    ]
    if files:
        await work.session.execute(insert(SubmissionFileRow), files)
    return number


async def decide(
    work: Work, deadline_id: int, decision: str, comment: str | None
) -> AnyRow:
    """Write what was decided of the report that waits for it; return the report."""
    submission = SubmissionRow
    statement = (
        update(submission)
        .where(submission.deadline_id == deadline_id, submission.decision.is_(None))
        .values(
            decision=decision,
            comment=comment,
            decided_by=work.user_id,
            decided_at=work.now,
        )
        .returning(submission.id, submission.submitted_on)
    )
    return (await work.session.execute(statement)).one()


async def list_submissions(
    work: Work, deadline_id: int, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` reports on a deadline, the first report first."""
    statement = select(*SubmissionRow.__table__.c).where(
        SubmissionRow.deadline_id == deadline_id
    )
    return await read_page(work, statement, SubmissionRow.id, after=after, limit=limit)


async def read_submission(work: Work, number: int) -> AnyRow:
    """Return a report that was just written."""
    statement = select(*SubmissionRow.__table__.c).where(SubmissionRow.id == number)
    return (await work.session.execute(statement)).one()


async def files_of(
    work: Work, submissions: Sequence[int]
) -> dict[int, list[SubmissionFileOut]]:
    """Return the files of reports, in the order that they were sent in."""
    file = SubmissionFileRow
    rows = await work.session.execute(
        select(
            file.submission_id,
            file.id,
            file.name,
            file.content_type,
            file.size,
            func.encode(file.sha256, "hex").label("sha256"),
        )
        .where(file.submission_id.in_(submissions))
        .order_by(file.submission_id, file.position)
    )
    files: defaultdict[int, list[SubmissionFileOut]] = defaultdict(list)
    for row in rows:
        files[row.submission_id].append(SubmissionFileOut.model_validate(row))
    return files


async def read_file(work: Work, number: int) -> Any | None:
    """Return what is known of a file that the caller may see."""
    statement = select(*SubmissionFileRow.__table__.c).where(
        SubmissionFileRow.id == number
    )
    return (await work.session.execute(statement)).one_or_none()
