"""The evidence sheet of a municipality's self-assessment."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from services.api.http.auth import Actor, require
from services.api.http.ids import RowId
from services.api.http.localized import LocalizedOut
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.programmes import evidence_repository as repository
from services.api.programmes.routes import existing_programme
from shared.domain.errors import (
    ForbiddenError,
    NotFoundError,
    Text,
    UnauthenticatedError,
)
from shared.domain.evidence import ComponentEvidence, evidence_of
from shared.domain.evidence_components import TITLES, Component
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1/programmes", tags=["programmes"])


class PositionOut(BaseModel):
    """Something that shows a component."""

    title: LocalizedOut
    link: str = Field(description="Of the document, or of the record in this API")
    comment: LocalizedOut


class ComponentOut(BaseModel):
    """One of the nine components: what shows it, and what is missing."""

    component: Component
    title: LocalizedOut
    positions: list[PositionOut]
    gaps: list[LocalizedOut]

    @classmethod
    def of(cls, evidence: ComponentEvidence) -> "ComponentOut":
        """Describe a component."""
        return cls(
            component=evidence.component,
            title=_localized(TITLES[evidence.component]),
            positions=[
                PositionOut(
                    title=_localized(each.title),
                    link=each.link,
                    comment=_localized(each.comment),
                )
                for each in evidence.positions
            ],
            gaps=[_localized(gap) for gap in evidence.gaps],
        )


class EvidenceOut(BaseModel):
    """The sheet; in Russian it is what the authority files."""

    programme_id: int
    components: list[ComponentOut]


def _localized(text: Text) -> LocalizedOut:
    return LocalizedOut(ru=text.ru, en=text.en)


@router.get(
    "/{programme_id}/evidence",
    operation_id="read_evidence_sheet",
    summary="Nine components of self-assessment: what shows each, and the gaps",
    description=(
        "Filled from the system's own records of all schools of the district (ФИОКО, "
        "direction 1.2); a school, which sees its own only, does not read it."
    ),
    responses=problems(UnauthenticatedError, ForbiddenError, NotFoundError),
)
async def read_evidence_sheet(
    work: RequestWork,
    _actor: Annotated[Actor, Depends(require(Permission.EVIDENCE_READ))],
    programme_id: RowId,
) -> EvidenceOut:
    programme = await existing_programme(work, programme_id)
    facts = await repository.read_facts(work, programme)
    components = [ComponentOut.of(each) for each in evidence_of(facts)]
    return EvidenceOut(programme_id=programme_id, components=components)
