"""Mentoring agreements as documents."""

import asyncio

from fastapi import APIRouter, Request, Response

from services.api.http.attachments import answers_with_file, attachment_headers
from services.api.http.ids import RowId
from services.api.http.problems import problems
from services.api.http.state import state_of
from services.api.http.work import RequestWork
from services.api.mentoring import forms, printing
from services.api.mentoring.forms import AgreementFormUnusableError
from services.api.mentoring.rights import ALWAYS, PREFIX, Reader

router = APIRouter(prefix=PREFIX, tags=["mentoring"])

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get(
    "/{agreement_id}/document",
    operation_id="print_mentoring_agreement",
    summary="The agreement as a Word document, ready to be signed",
    description=(
        "Until it is proposed it has no number and is marked as a draft. A "
        "municipality may have its own form: `templates/mentoring-agreement.<code>."
        "docx` in the data folder, with the placeholders of the shipped one."
    ),
    response_class=Response,
    responses={
        **problems(*ALWAYS, AgreementFormUnusableError),
        **answers_with_file(DOCX),
    },
)
async def print_agreement(
    *, work: RequestWork, _actor: Reader, agreement_id: RowId, request: Request
) -> Response:
    """Answer with the agreement on its municipality's form."""
    printed = await printing.read_printed(work, agreement_id)
    data_dir = state_of(request).settings.data_dir
    content = await asyncio.to_thread(forms.print_agreement, printed, data_dir)
    name = f"mentoring-agreement-{agreement_id}"
    title = printed.title.replace("/", "-")
    return Response(
        content, media_type=DOCX, headers=attachment_headers(name, title, "docx")
    )
