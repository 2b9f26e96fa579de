"""The plans of both programmes as tables of documents, torn as the real ones are."""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx
import xlsxwriter
import yaml
from docx import Document

from services.api.cli import DEPLOY

Row = Sequence[str]
ZHIGALOVO = ("№", "Наименование", "Период")
ROADMAP = (
    "№ п/п",
    "Основные мероприятия",
    "Ответственный исполнитель, соисполнитель, участник",
    "Срок реализации",
    "Непосредственный результат реализации основного мероприятия",
)
CYCLOGRAM = (
    "№",
    "Мероприятие",
    "Сроки",
    "Ответственные",
    "Ожидаемый результат/продукт",
)
DEEPEST_IN_COLUMN = 3  # deeper numbers stand at the head of the title


def programme(name: str, **fields: Any) -> dict[str, Any]:
    """Return the document of a shipped programme, with some fields replaced."""
    path = DEPLOY / "programmes" / f"{name}-2020.yaml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded | fields


def plan(name: str, kind: str) -> list[dict[str, Any]]:
    """Return the measures of one plan of a shipped programme."""
    plans = programme(name)["plans"]
    measures: list[dict[str, Any]] = next(
        each["measures"] for each in plans if each["kind"] == kind
    )
    return measures


def zhigalovo_pages() -> Iterator[list[Row]]:
    """Yield the pages of Zhigalovo's plan: 2.6 and 4.2 are torn between two."""
    page: list[Row] = [ZHIGALOVO]
    for measure in plan("zhigalovo", "plan"):
        number, title, term = measure["number"], measure["title"], measure["term"]
        if measure["key"].count(".") >= DEEPEST_IN_COLUMN:
            number, title = "", f"{number} {title}"
        if measure["key"] == "2.6":
            head, tail = title.split(" ими ")
            page.append((number, head, term))
            yield page
            page = [ZHIGALOVO, ("", f"ими {tail}", "")]
        elif measure["key"] == "4.2":
            head, tail = title.split(" основе ")
            first, second = term.rsplit(" ", 1)
            page.append(("", head, first))
            yield page
            page = [ZHIGALOVO, (number, f"основе {tail}", second)]
        else:
            page.append((number, title, term))
    yield page


def uzhur_rows(kind: str) -> list[Row]:
    """Return the rows of one of Uzhur's plans, with its blocks and a torn row."""
    header = ROADMAP if kind == "roadmap" else CYCLOGRAM
    torn = {"roadmap-1.7": " условиях", "cyclogram-4.4": " образования"}
    rows: list[Row] = [header]
    block = None
    for measure in plan("uzhur", kind):
        if measure["block"] != block:
            block = measure["block"]
            rows.append((block, "", "", "", ""))
        cells = (measure["responsible"], measure["term"])
        middle = cells if kind == "roadmap" else cells[::-1]
        head, tear, tail = measure["title"].partition(torn.get(measure["key"], "\n"))
        rows.append((measure["number"], head, *middle, measure["expected_result"]))
        if tear:
            rows.append(("", f"{tear}{tail}".strip(), "", "", ""))
    if kind == "cyclogram":  # the document's stray last line
        rows.append((rows[1][0], "", "", "", ""))
    return rows


def in_word(*tables: Sequence[Row]) -> bytes:
    """Return a document with these tables; a row of one text is merged into one."""
    document = Document()
    document.add_paragraph("План мероприятий")
    for rows in tables:
        table: Any = document.add_table(0, len(rows[0]))
        for row in rows:
            add_row(table, row)
        document.add_paragraph()
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def add_row(table: Any, row: Row) -> None:
    cells = table.add_row().cells
    if row[0] and not any(row[1:]):
        cells[0].merge(cells[-1])
        cells[0].text = row[0]
        return
    for cell, text in zip(cells, row, strict=True):
        cell.text = text


def in_excel(rows: Sequence[Row], *, above: Sequence[Row] = ()) -> bytes:
    """Return a workbook with the rows, and a title block above them."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Дорожная карта")
        for number, row in enumerate([*above, *rows]):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def in_text(rows: Sequence[Row], separator: str = "\t") -> str:
    """Return the rows as they are copied."""
    return "\n".join(separator.join(row) for row in rows)


async def upload(
    client: httpx.AsyncClient,
    programme_id: int,
    content: bytes | str,
    **fields: Any,
) -> httpx.Response:
    """Upload a table, as a file or as text."""
    address = f"/v1/programmes/{programme_id}/plan-imports"
    said = {name: str(value) for name, value in fields.items()}
    if isinstance(content, str):
        # As a form with parts, which a text alone would not be sent as.
        parts = {name: (None, value) for name, value in said.items()}
        return await client.post(address, files=parts | {"text": (None, content)})
    return await client.post(address, data=said, files={"file": ("план", content)})


async def previewed(
    client: httpx.AsyncClient, programme_id: int, content: bytes | str, **fields: Any
) -> dict[str, Any]:
    """Upload a table that can be read, and return its preview."""
    answer = await upload(client, programme_id, content, **fields)
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    again = await client.get(answer.headers["Location"])
    assert again.json() == shown
    return shown


async def commit(
    client: httpx.AsyncClient, shown: Mapping[str, Any], **fields: Any
) -> httpx.Response:
    """Commit what was previewed."""
    return await client.post(
        f"/v1/plan-imports/{shown['id']}/commit",
        json={"fingerprint": shown["fingerprint"], **fields},
    )
