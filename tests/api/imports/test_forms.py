"""Our own forms: exported, filled in, uploaded; for every dataset that people write."""

from io import BytesIO
from typing import Any

import httpx
import xlsxwriter

from services.api.imports.formats import FORMATS
from tests.api.exports.reading import read_workbook
from tests.support.api import ClientAs


def form_codes() -> list[str]:
    titles = {code: form.title.en for code, form in FORMATS.items()}
    return [code for code, title in titles.items() if title.startswith("Form")]


async def schools_of(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    items = (await client.get("/v1/schools?limit=200")).json()["items"]
    return {item["code"]: item for item in items}


async def upload(
    client: httpx.AsyncClient, dataset: str, content: bytes, name: str = "форма.xlsx"
) -> dict[str, Any]:
    answer = await client.post(
        "/v1/imports",
        data={"file_format": dataset},
        files={"file": (name, content)},
    )
    assert answer.status_code == 201, answer.text
    preview: dict[str, Any] = answer.json()
    return preview


async def commit(
    client: httpx.AsyncClient, preview: dict[str, Any], mode: str = "all_or_nothing"
) -> httpx.Response:
    address = f"/v1/imports/{preview['id']}/commit"
    return await client.post(address, json={"mode": mode})


def workbook(*rows: tuple[Any, ...]) -> bytes:
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("Лист1")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()


async def test_an_empty_form_is_filled_in_and_uploaded(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    own = (await schools_of(client))["ilinskaya"]["id"]
    form = await client.get("/v1/export-datasets/enrolments/template")
    read = read_workbook(form.content)
    values = {"school_id": own, "academic_year": 2020, "pupils": 184.0, "classes": ""}
    row = tuple(values.get(code, "") for code in read.codes)
    preview = await upload(
        client,
        "enrolments",
        workbook(("Форма",), tuple(read.codes), tuple(read.titles), row),
    )
    assert preview["counts"]["new"] == 1
    assert (await client.get("/v1/enrolments")).json()["items"] == []
    assert (await commit(client, preview)).status_code == 200
    [entered] = (await client.get("/v1/enrolments")).json()["items"]
    assert (entered["pupils"], entered["classes"]) == (184, None)
    assert (entered["school_id"], entered["provenance"]) == (own, "local")
    history = await client.get(f"/v1/enrolments/{entered['id']}/history")
    assert history.json()["items"][0]["import_id"] == preview["id"]


async def test_an_export_uploaded_again_changes_nothing(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    unchanged = set()
    for dataset in form_codes():
        export = await client.get(f"/v1/exports/{dataset}?format=csv")
        preview = await upload(client, dataset, export.content, "form.csv")
        counts = preview["counts"]
        others = {counts[each] for each in ("new", "changed", "bad")}
        assert others == {0}, (dataset, preview["bad_rows"][:3])
        if counts["unchanged"]:
            unchanged.add(dataset)
    assert unchanged >= {"school-aliases", "staff-profiles", "list-memberships"}
    export = await client.get("/v1/exports/vacancies?format=xlsx")
    counts = (await upload(client, "vacancies", export.content))["counts"]
    assert counts["unchanged"] > 0
    assert {counts[each] for each in ("new", "changed", "bad")} == {0}


async def test_two_rows_that_call_two_schools_alike_are_told_of_each_other(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    schools = await schools_of(client)
    own, other = schools["ilinskaya"]["id"], schools["solgonskaya"]["id"]
    form = workbook(
        ("school_id", "alias"),
        (own, "Школа у реки"),
        (other, "школа «У реки»"),
        (other, "Школа у леса"),
        (own, "школа у  реки"),
    )
    preview = await upload(client, "school-aliases", form)
    assert (preview["counts"]["new"], preview["counts"]["bad"]) == (3, 1)
    (bad,) = preview["bad_rows"]
    (fault,) = bad["faults"]
    assert (bad["row"], fault["column"], fault["value"]) == (
        3,
        "alias",
        "школа «У реки»",
    )
    assert "row 2 of the sheet" in fault["reason_en"]
    refused = await commit(client, preview)
    assert refused.json()["code"] == "import_has_bad_rows"
    query = {"school_id": other, "limit": 500}
    kept = (await client.get("/v1/school-aliases", params=query)).json()["items"]
    assert "школа «У реки»" not in {each["alias"] for each in kept}
    assert (await commit(client, preview, mode="partial")).status_code == 200


async def test_a_corrected_export_changes_what_was_corrected(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    export = await client.get("/v1/exports/staff-profiles?format=csv")
    lines = export.content.decode("utf-8-sig").splitlines()
    column = lines[0].split(";").index("teachers_without_training")
    cells = lines[1].split(";")
    cells[column] = "7"
    lines[1] = ";".join(cells)
    preview = await upload(
        client, "staff-profiles", "\n".join(lines).encode(), "кадры.csv"
    )
    assert (preview["counts"]["changed"], preview["counts"]["bad"]) == (1, 0)
    assert (await commit(client, preview)).status_code == 200
    row = (await client.get(f"/v1/staff-profiles/{cells[0]}")).json()
    assert (row["teachers_without_training"], row["version"]) == (7, 2)


async def test_a_school_may_be_named_and_bad_cells_are_told(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    schools = await schools_of(client)
    own, other = schools["ilinskaya"], schools["solgonskaya"]
    preview = await upload(
        client,
        "vacancies",
        workbook(
            ("Школа", "Номер школы", "Учебный год", "Предмет"),
            (own["name"], "", "2020", "Физика"),
            (own["name"], other["id"], 2020, "Химия"),
            ("Школа-призрак", "", 2020, "Химия"),
            ("", "", 2020, "Химия"),
            (own["name"], "", "двадцатый", "Химия"),
            (own["name"], "", 2020, ""),
            (own["name"], "", 1020, "Химия"),
        ),
    )
    assert (preview["counts"]["new"], preview["counts"]["bad"]) == (1, 6)
    faults = [line["faults"][0] for line in preview["bad_rows"]]
    assert [(fault["row"], fault["column"]) for fault in faults] == [
        (3, "school_name"),
        (4, "school_name"),
        (5, "school_id"),
        (6, "year"),
        (7, "subject"),
        (8, "year"),
    ]
    assert faults[3]["value"] == "двадцатый"
    refused = await commit(client, preview)
    assert refused.status_code in {409, 422}
    assert (await commit(client, preview, "partial")).json()["new"] == 1


async def test_a_form_obeys_the_rules_of_its_dataset(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    own = (await schools_of(client))["ilinskaya"]["id"]
    preview = await upload(
        client,
        "staff-profiles",
        workbook(
            ("school_id", "as_of", "load_min_hours", "load_max_hours"),
            (own, "2019-09-02", 30, "20,5"),
            (own, "01.09.2035", 10, 20),
        ),
    )
    assert preview["counts"]["bad"] == 2
    columns = [line["faults"][0]["column"] for line in preview["bad_rows"]]
    assert columns == ["load_max_hours", "as_of"]


async def test_a_form_does_not_reach_into_a_submitted_year(client_as: ClientAs) -> None:
    client, school = await client_as("uzhur"), await client_as("uzhur.ilinskaya")
    own = (await schools_of(client))["ilinskaya"]["id"]
    await school.post(f"/v1/schools/{own}/data-years/2020/submit", json={})
    file = workbook(
        ("school_id", "academic_year", "pupils"), (own, 2020, 184), (own, 2021, 180)
    )
    preview = await upload(client, "enrolments", file)
    assert (preview["counts"]["new"], preview["counts"]["bad"]) == (1, 1)
    assert preview["bad_rows"][0]["faults"][0]["column"] == "academic_year"
    dated = workbook(("school_id", "as_of"), (own, "2020-09-01"), (own, "2020-08-31"))
    preview = await upload(client, "staff-profiles", dated)
    assert (preview["counts"]["new"], preview["counts"]["bad"]) == (1, 1)
    assert preview["bad_rows"][0]["faults"][0]["column"] == "as_of"


async def test_a_form_that_was_uploaded_is_taken_back(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    schools = await schools_of(client)
    one, two = schools["ilinskaya"]["id"], schools["solgonskaya"]["id"]
    header = ("school_id", "academic_year", "pupils", "classes")
    first = await upload(client, "enrolments", workbook(header, (one, 2020, 184, 11)))
    await commit(client, first)
    second = await upload(
        client, "enrolments", workbook(header, (one, 2020, 180, ""), (two, 2020, 90, 9))
    )
    await commit(client, second)
    undone = await client.post(f"/v1/imports/{second['id']}/undo")
    assert undone.status_code == 200, undone.text
    rows = (await client.get("/v1/enrolments")).json()["items"]
    found = [(row["school_id"], row["pupils"], row["classes"]) for row in rows]
    assert found == [(one, 184, 11)]


async def test_a_form_all_of_whose_columns_are_its_key_is_written_and_taken_back(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    own = (await schools_of(client))["ilinskaya"]["id"]
    address = f"/v1/school-aliases?school_id={own}&limit=100"
    before = (await client.get(address)).json()["items"]
    known = {row["alias"] for row in before}
    file = workbook(("school_id", "alias"), (own, "Школа у реки"))
    preview = await upload(client, "school-aliases", file)
    assert (await commit(client, preview)).json()["new"] == 1
    after = {row["alias"] for row in (await client.get(address)).json()["items"]}
    assert after == {*known, "Школа у реки"}
    undone = await client.post(f"/v1/imports/{preview['id']}/undo")
    assert undone.status_code == 200, undone.text
    assert (await client.get(address)).json()["items"] == before


async def test_a_form_without_its_columns_is_refused_as_a_whole(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    answer = await client.post(
        "/v1/imports",
        data={"file_format": "vacancies"},
        files={"file": ("form.xlsx", workbook(("school_id", "subject"), (1, "Химия")))},
    )
    assert answer.status_code == 422
    assert "year" in answer.json()["detail"]
    assert "/v1/export-datasets/vacancies/template" in answer.json()["detail"]


async def test_every_form_that_is_uploaded_names_its_columns(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    assert len(form_codes()) > 6
    described = (await client.get("/v1/export-datasets")).json()["items"]
    uploaded = {each["code"] for each in described if each["can_be_uploaded"]}
    assert uploaded == {*form_codes()}
    for code in form_codes():
        form = await client.get(f"/v1/export-datasets/{code}/template")
        preview = await upload(client, code, form.content)
        assert sum(preview["counts"][each] for each in ("new", "changed", "bad")) == 0


async def test_results_are_exported_corrected_and_uploaded(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    export = await client.get("/v1/exports/results?format=csv")
    same = await upload(client, "results", export.content, "results.csv")
    counts = same["counts"]
    assert counts["unchanged"] > 50
    assert {counts[each] for each in ("new", "changed", "bad")} == {0}
    schools = await schools_of(client)
    own, name = schools["ilinskaya"]["id"], schools["solgonskaya"]["name"]
    columns = (
        "school_id",
        "school_name",
        "procedure",
        "subject",
        "programme_grade",
        "pupil_grade",
        "academic_year",
        "written_on",
        "wave",
        "n",
        "n2",
        "n3",
        "n4",
        "n5",
    )
    key = ("kdr", "mathematics", 7, 7, 2019, "", 1)
    preview = await upload(
        client,
        "results",
        workbook(
            columns,
            (own, "", *key, 10, 1, 2, 3, 4),
            ("", name, *key, 11, 2, 2, 3, 4),
            (10**6, "", *key, 10, 1, 2, 3, 4),
            (own, "", *key[:1], "алхимия", *key[2:], 10, 1, 2, 3, 4),
            (own, "", "kdr", "russian", *key[2:], 10, 1, 2, 3, 5),
        ),
    )
    assert (preview["counts"]["new"], preview["counts"]["bad"]) == (2, 3)
    faults = [line["faults"][0] for line in preview["bad_rows"]]
    assert [fault["column"] for fault in faults] == ["school_id", "subject", "n"]
    assert (await commit(client, preview, "partial")).json()["new"] == 2


async def test_amounts_are_read_as_exports_write_them_and_bad_ones_are_told(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    [programme] = (await client.get("/v1/programmes")).json()["items"]
    start = (programme["id"], 2021, "municipal")
    form = workbook(
        ("programme_id", "year", "source", "purpose", "planned", "spent"),
        (*start, "Курсы", 120000.0, "118 450,5"),
        (*start, "Командировки", "много", -1),
        (*start, "Конкурсы", "0,001", "NaN"),
    )
    preview = await upload(client, "budget-items", form)
    assert (preview["counts"]["new"], preview["counts"]["bad"]) == (1, 2)
    for row in preview["bad_rows"]:
        assert [fault["column"] for fault in row["faults"]] == ["planned", "spent"]
        assert "two decimal places" in row["faults"][0]["reason_en"]
    assert (await commit(client, preview, "partial")).status_code == 200
    [item] = (await client.get("/v1/budget-items")).json()["items"]
    assert (item["planned"], item["spent"]) == ("120000.00", "118450.50")
    for file_format in ("csv", "xlsx"):
        address = f"/v1/exports/budget-items?format={file_format}"
        export = (await client.get(address)).content
        again = await upload(client, "budget-items", export, f"budget.{file_format}")
        assert again["counts"]["unchanged"] == 1
        assert {again["counts"][each] for each in ("new", "changed", "bad")} == {0}
