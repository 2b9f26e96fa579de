"""The form that an agreement is printed on: shipped, or a municipality's own."""

from pathlib import Path
from typing import Final

from services.api.mentoring import docx_forms
from services.api.mentoring.docx_forms import NotAFormError
from services.api.mentoring.records import PrintedAgreement
from shared.domain.agreement_document import Paper, lists_of, words_of
from shared.domain.errors import ConflictError, Text

NAME: Final = "mentoring-agreement"
SHIPPED: Final = (
    Path(__file__).resolve().parents[3] / "deploy/templates" / f"{NAME}.docx"
)
OWN_FOLDER: Final = "templates"


class AgreementFormUnusableError(ConflictError):
    """The municipality's own form cannot be filled in."""

    code = "agreement_form_unusable"
    title = Text("Бланк договора не подходит", "The agreement's form cannot be used")


def print_agreement(printed: PrintedAgreement, data_dir: Path) -> bytes:
    """Return the agreement as a DOCX; the same agreement gives the same bytes.

    A municipality's own form is the file `templates/mentoring-agreement.<code>.docx`
    in the data folder, the code being the municipality's.

    Raises:
        AgreementFormUnusableError: That file is no form, or asks for unknown words.
    """
    path = data_dir / OWN_FOLDER / f"{NAME}.{printed.municipality_code}.docx"
    if not path.is_file():
        path = SHIPPED
    form = path.read_bytes()
    _check(path.name, form, printed.paper)
    return docx_forms.fill(
        form,
        words_of(printed.paper),
        lists_of(printed.paper),
        title=printed.title,
        changed_at=printed.changed_at,
    )


def placeholders_of(paper: Paper) -> frozenset[str]:
    """Return every name that a form may use."""
    return frozenset(words_of(paper)).union(*(each.fields for each in lists_of(paper)))


def _check(name: str, form: bytes, paper: Paper) -> None:
    try:
        used = docx_forms.names_in(form)
    except NotAFormError as error:
        raise AgreementFormUnusableError(
            Text(
                f"Файл {name} — не документ Word (.docx): замените его или удалите, "
                "тогда договор печатается на общем бланке.",
                f"The file {name} is not a Word document (.docx): replace or delete "
                "it; without it the shipped form is used.",
            )
        ) from error
    known = placeholders_of(paper)
    unknown = ", ".join(sorted(used - known))
    if unknown:
        allowed = ", ".join(sorted(known))
        raise AgreementFormUnusableError(
            Text(
                f"В бланке {name} неизвестные метки: {unknown}. Можно: {allowed}.",
                f"The form {name} has unknown placeholders: {unknown}. Known ones: "
                f"{allowed}.",
            )
        )
