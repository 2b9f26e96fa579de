"""Reading an agreement as it is printed."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from services.api.mentoring.readings import read_agreement
from services.api.mentoring.records import AgreementRecord, PrintedAgreement
from shared.domain.agreement_document import Paper, PaperParty, PaperSignature
from shared.domain.agreements import Action, Side
from shared.domain.permissions import Role
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import ProgrammeRow
from shared.persistence.work import Work


async def read_printed(work: Work, agreement_id: int) -> PrintedAgreement:
    """Return an agreement with all that its paper says.

    Raises:
        NotFoundError: The caller sees no such agreement.
    """
    record = await read_agreement(work, agreement_id)
    statement = (
        select(
            MunicipalityRow.code,
            MunicipalityRow.name,
            MunicipalityRow.time_zone,
            ProgrammeRow.title,
        )
        .join(MunicipalityRow, MunicipalityRow.id == ProgrammeRow.municipality_id)
        .where(ProgrammeRow.id == record.programme_id)
    )
    home = (await work.session.execute(statement)).one()
    paper = Paper(
        status=record.status,
        number=record.registry_number,
        proposed_on=_proposed_on(record, ZoneInfo(home.time_zone)),
        ended_on=record.ended_on,
        municipality=home.name,
        programme=home.title,
        parties={
            side: PaperParty(
                name=party.name,
                municipality=home.name,
                signature=_signature(record, side, ZoneInfo(home.time_zone)),
            )
            for side, party in (
                (Side.MENTOR, record.mentor),
                (Side.MENTEE, record.mentee),
            )
        },
        problem=record.problem,
        starts_on=record.starts_on,
        ends_on=record.ends_on,
        goals=record.goals,
        plan=[(measure.title, measure.due_on) for measure in record.plan],
        shared_datasets=record.shared_datasets,
    )
    return PrintedAgreement(paper, home.code, _changed_at(record))


def _proposed_on(record: AgreementRecord, zone: ZoneInfo) -> date | None:
    steps = (step.at for step in record.events if step.action == Action.PROPOSE)
    return next((at.astimezone(zone).date() for at in steps), None)


def _signature(
    record: AgreementRecord, side: Side, zone: ZoneInfo
) -> PaperSignature | None:
    return next(
        (
            PaperSignature(on=each.at.astimezone(zone).date(), role=Role(each.by.role))
            for each in record.signatures
            if each.side is side
        ),
        None,
    )


def _changed_at(record: AgreementRecord) -> datetime:
    return max(step.at for step in record.events)
