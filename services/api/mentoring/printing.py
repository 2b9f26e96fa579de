"""Reading an agreement as it is printed."""

from datetime import date, datetime

from services.api.mentoring.frames import Frame, read_frame
from services.api.mentoring.readings import read_agreement
from services.api.mentoring.records import AgreementRecord, PrintedAgreement
from shared.domain.agreement_document import Paper, PaperParty, PaperSignature
from shared.domain.agreements import Action, Side
from shared.domain.permissions import Role
from shared.persistence.work import Work


async def read_printed(work: Work, agreement_id: int) -> PrintedAgreement:
    """Return an agreement with all that its paper says.

    Raises:
        NotFoundError: The caller sees no such agreement.
    """
    record = await read_agreement(work, agreement_id)
    home = await read_frame(work, agreement_id)
    paper = Paper(
        status=record.status,
        number=record.registry_number,
        proposed_on=_proposed_on(record, home),
        ended_on=record.ended_on,
        municipality=home.municipality_name,
        programme=home.programme_title,
        parties={
            side: PaperParty(
                name=party.name,
                municipality=party.municipality_name,
                signature=_signature(record, side, home),
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
    return PrintedAgreement(paper, home.municipality_code, _changed_at(record))


def _proposed_on(record: AgreementRecord, home: Frame) -> date | None:
    steps = (step.at for step in record.events if step.action == Action.PROPOSE)
    return next((home.local_date(at) for at in steps), None)


def _signature(
    record: AgreementRecord, side: Side, home: Frame
) -> PaperSignature | None:
    return next(
        (
            PaperSignature(on=home.local_date(each.at), role=Role(each.by.role))
            for each in record.signatures
            if each.side is side
        ),
        None,
    )


def _changed_at(record: AgreementRecord) -> datetime:
    return max(step.at for step in record.events)
