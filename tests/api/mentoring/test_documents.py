"""The printed agreement, read back as a Word document."""

from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest
import pytest_asyncio
from docx import Document
from docx.document import Document as DocxDocument

from services.api.mentoring.forms import SHIPPED
from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import MENTEE, MENTOR, THIRD, URL, draft, go, perform
from tests.support.api import ClientAs, clients, running, settings_for

GOALS = ["Снизить долю двоек до 15 %", "Провести <уроки> & «разборы»\x0b"]


@pytest_asyncio.fixture
async def client_as(
    database_url: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[ClientAs]:
    """Yield clients of an api whose data folder is the test's own."""
    settings = replace(settings_for(database_url, redis_url), data_dir=tmp_path)
    async with running(settings) as app, clients(app) as client_as:
        yield client_as


async def printed(client: httpx.AsyncClient, number: int) -> DocxDocument:
    answer = await client.get(f"{URL}/{number}/document")
    assert answer.status_code == 200, answer.text
    return Document(BytesIO(answer.content))


def lines(document: DocxDocument) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def tables(document: DocxDocument) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in document.tables
    ]


async def test_a_draft_is_printed_as_a_draft_without_a_number(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places, goals=[]))["id"]
    document = await printed(office, number)
    assert lines(document)[0] == "Проект"
    assert "ДОГОВОР № _____" in lines(document)
    assert not any("{{" in line for line in lines(document))
    assert any("не открывается" in line for line in lines(document))
    assert document.core_properties.title == "Договор о наставничестве (проект)"


async def test_a_signed_agreement_says_what_was_agreed(
    client_as: ClientAs, places: Places
) -> None:
    office, mentor = await client_as("uzhur"), await client_as(MENTOR)
    plan = [
        {"title": "Взаимные уроки", "due_on": "2020-11-20"},
        {"title": "Консультации", "due_on": "2021-02-01"},
    ]
    shared = ["staff", "results"]
    drafted = await draft(
        office, places, goals=GOALS, plan=plan, shared_datasets=shared
    )
    number = drafted["id"]
    await go(office, number, "propose")
    await perform(mentor, number, "sign")
    await perform(office, number, "sign", side="mentee")
    document = await printed(office, number)
    text = "\n".join(lines(document))
    assert lines(document)[0] == ""
    assert "ДОГОВОР № 1/2020" in text
    assert "Ужурский район\t16 сентября 2020 г." in text
    assert "МБОУ «Ужурская СОШ №1» (Ужурский район), далее — Школа-наставник" in text
    assert "1) Снизить долю двоек до 15 %;\n2) Провести <уроки> & «разборы»;" in text
    assert "с 16 сентября 2020 г. по 31 мая 2021 г. включительно (258 дней)" in text
    assert "результаты оценочных процедур, сведения о кадрах и вакансиях." in text
    measures, signatures = tables(document)
    assert measures[1:] == [
        ["1", "Взаимные уроки", "20 ноября 2020 г."],
        ["2", "Консультации", "1 февраля 2021 г."],
    ]
    assert signatures[0] == ["Школа-наставник", "Школа, получающая помощь"]
    assert signatures[3] == [
        "Подпись внесена 16 сентября 2020 г. представителем школы",
        (
            "Подпись внесена 16 сентября 2020 г. координатором муниципалитета"
            " с бумажного экземпляра"
        ),
    ]


async def test_the_same_agreement_is_printed_in_the_same_bytes(
    client_as: ClientAs, places: Places
) -> None:
    office, mentee = await client_as("uzhur"), await client_as(MENTEE)
    number = (await draft(office, places))["id"]
    await go(office, number, "propose")
    answers = [
        await client.get(f"{URL}/{number}/document") for client in (office, mentee)
    ]
    assert answers[0].content == answers[1].content
    disposition = unquote(answers[0].headers["content-disposition"])
    assert "Договор о наставничестве № 1-2020.docx" in disposition


async def test_a_stranger_prints_nothing(client_as: ClientAs, places: Places) -> None:
    office, other = await client_as("uzhur"), await client_as(THIRD)
    number = (await draft(office, places))["id"]
    assert (await other.get(f"{URL}/{number}/document")).status_code == 404


def form_of(tmp_path: Path) -> Path:
    path = tmp_path / "templates" / "mentoring-agreement.uzhur.docx"
    path.parent.mkdir()
    return path


async def test_a_municipality_prints_on_its_own_form(
    client_as: ClientAs, places: Places, tmp_path: Path
) -> None:
    form = Document()
    paragraph = form.add_paragraph("Район: {{ muni")
    paragraph.add_run("cipality }}, проблема: {{prob").bold = True
    paragraph.add_run("lem}}.")
    form.add_paragraph("Цель {{goal_number}}: {{goal}}")
    form.sections[0].footer.paragraphs[0].text = "№ {{number}}"
    form.save(str(form_of(tmp_path)))
    office = await client_as("uzhur")
    number = (await draft(office, places, goals=["{{problem}}", "б"]))["id"]
    await go(office, number, "propose")
    document = await printed(office, number)
    assert lines(document) == [
        "Район: Ужурский район, проблема: Математика в 5–6 классах.",
        "Цель 1: {{problem}}",
        "Цель 2: б",
    ]
    assert document.sections[0].footer.paragraphs[0].text == "№ 1/2020"


@pytest.mark.parametrize("broken", [b"PK\x05\x06" + b"\0" * 18, b"?", None])
async def test_an_unusable_form_is_named(
    client_as: ClientAs, places: Places, tmp_path: Path, broken: bytes | None
) -> None:
    path = form_of(tmp_path)
    if broken is None:
        form = Document(str(SHIPPED))
        form.add_paragraph("{{director}}")
        form.save(str(path))
    else:
        path.write_bytes(broken)
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    answer = await office.get(f"{URL}/{number}/document")
    assert (answer.status_code, answer.json()["code"]) == (
        409,
        "agreement_form_unusable",
    )
    assert path.name in answer.json()["detail"]
    assert broken is not None or "director" in answer.json()["detail"]
