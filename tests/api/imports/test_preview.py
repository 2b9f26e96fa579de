"""Uploading files and what the preview says of them; no result changes."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.http.uploads import MAX_UPLOAD_BYTES
from tests.api.imports.district import (
    counts,
    municipality_id,
    places,
    preview,
    row_of,
    schools,
    snapshot,
    upload,
)
from tests.api.imports.workbooks import HEADER, statistics, workbook
from tests.support.api import ClientAs

ILINKA, UZHUR_1 = "uzhur.ilinskaya", "uzhur.uzhurskaya-1"


async def test_a_sound_file_is_counted_and_nothing_is_written_to_the_results(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    known = await schools(engine)
    before = await snapshot(engine)
    client = await client_as("uzhur")
    file = statistics(row_of(known[ILINKA]), row_of(known[ILINKA], grade=5))
    answer = await upload(client, file, name="C:\\мои\\вестник.xlsx")
    assert answer.status_code == 201
    previewed = answer.json()
    assert answer.headers["Location"] == f"/v1/imports/{previewed['id']}"
    assert counts(previewed) == {"new": 2}
    assert previewed["file_name"] == "вестник.xlsx"
    assert previewed["status"] == "previewed"
    assert previewed["synthetic"] is True
    assert previewed["already_committed_as"] is None
    assert previewed["warnings"] == previewed["bad_rows"] == []
    assert len(previewed["sha256"]) == 64
    after = await snapshot(engine)
    assert (after.results, after.last_event) == (before.results, before.last_event)
    assert (after.imports, after.lines) == (before.imports + 1, before.lines + 2)
    assert (await client.get(answer.headers["Location"])).json() == previewed
    listed = (await client.get("/v1/imports")).json()["items"]
    assert [each["id"] for each in listed] == [previewed["id"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Год;Класс\n2019;4\n".encode(), ".xlsx"),
        (b"", "пуст"),
        (b"PK\x03\x04 broken", "повреждён"),
        (workbook({"Лист1": [["Год", "Класс"], [2019, 4]]}).getvalue(), "столбц"),
    ],
)
async def test_a_file_that_is_no_such_workbook_is_refused_and_nothing_is_kept(
    client_as: ClientAs, engine: AsyncEngine, content: bytes, words: str
) -> None:
    before = await snapshot(engine)
    client = await client_as("uzhur")
    answer = await upload(client, content)
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == "unreadable_file"
    assert words in problem["detail"]
    english = await client.post(
        "/v1/imports",
        data={"file_format": "mark_statistics"},
        files={"file": ("a.xlsx", content)},
        headers={"Accept-Language": "en"},
    )
    assert english.json()["title"] == "The file cannot be read"
    assert await snapshot(engine) == before


async def test_a_header_without_a_column_says_on_which_sheet_and_row(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    before = await snapshot(engine)
    client = await client_as("uzhur")
    file = workbook({"ВПР": [["Отчёт"], [title for title in HEADER if title != 5]]})
    answer = await upload(client, file)
    assert answer.status_code == 422
    (fault,) = answer.json()["faults"]
    assert (fault["sheet"], fault["row"]) == ("ВПР", 2)
    assert "5" in fault["reason_ru"]
    assert await snapshot(engine) == before


@pytest.mark.parametrize(
    ("changes", "place", "reason"),
    [
        ({"two": "двенадцать"}, ("2", "двенадцать"), "процент"),
        ({"two": 9}, ("2, 3, 4, 5", "9; 28; 40; 20"), "97 %"),
        ({"n": 24}, ("2", "12"), "24 участник"),
        ({"n": -1}, ("Кол-во участников", "-1"), "от 0"),
        ({"year": 1019}, ("Год", "1019"), "1990"),
        ({"year": 2099}, ("Год", "2099"), "ещё не начался"),
        ({"grade": "пятый"}, ("Класс", "пятый"), "целое число"),
        ({"grade": 2}, ("Класс", "2"), "участвуют классы"),
        ({"subject": "Алхимия"}, ("Предмет", "Алхимия"), "справочник"),
        (
            {"school": "МБОУ «Нездешняя СОШ»", "login": ""},
            ("ОО", "МБОУ «Нездешняя СОШ»"),
            "нет в справочнике",
        ),
        (
            {"school": "МБОУ «Нездешняя СОШ»", "login": "sch999999"},
            ("Логин", "sch999999"),
            "нет в справочнике",
        ),
    ],
)
async def test_a_wrong_cell_is_reported_with_sheet_row_column_value_and_reason(
    client_as: ClientAs,
    engine: AsyncEngine,
    changes: dict[str, object],
    place: tuple[str, str],
    reason: str,
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    before = await snapshot(engine)
    client = await client_as("uzhur")
    file = statistics(
        row_of(ilinka, grade=5), row_of(ilinka, **changes), row_of(ilinka, grade=6)
    )
    previewed = await preview(client, file)
    assert counts(previewed) == {"new": 2, "bad": 1}
    (bad,) = previewed["bad_rows"]
    (fault,) = bad["faults"]
    assert (fault["sheet"], fault["row"]) == ("ВПР", 3)
    assert (fault["column"], fault["value"]) == place
    assert reason in fault["reason_ru"]
    assert fault["reason_en"]
    refused = await client.post(
        f"/v1/imports/{previewed['id']}/commit", json={"mode": "all_or_nothing"}
    )
    assert refused.status_code == 409
    assert refused.json()["code"] == "import_has_bad_rows"
    assert places([refused.json()]) == [("ВПР", 3, *place)]
    after = await snapshot(engine)
    assert (after.results, after.last_event) == (before.results, before.last_event)


async def test_all_faults_of_a_row_are_listed_and_pages_give_every_bad_row(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    worst = row_of(
        ilinka, year="?", subject="Алхимия", school="Нездешняя", login="", two="x"
    )
    many = [row_of(ilinka, n=-number) for number in range(1, 25)]
    previewed = await preview(client, statistics(worst, row_of(ilinka), *many))
    assert counts(previewed) == {"new": 1, "bad": 25}
    assert len(previewed["bad_rows"]) == 10
    assert [place[2] for place in places(previewed["bad_rows"][:1])] == [
        "Год",
        "2",
        "ОО",
        "Предмет",
    ]
    rows: list[int] = []
    after: int | None = 0
    while after is not None:
        page = (
            await client.get(
                f"/v1/imports/{previewed['id']}/lines",
                params={"action": "bad", "after": after, "limit": 7},
            )
        ).json()
        rows.extend(line["row"] for line in page["items"])
        after = page["next_after"]
    assert rows == [2, *range(4, 28)]
    new = await client.get(f"/v1/imports/{previewed['id']}/lines?action=new")
    (line,) = new.json()["items"]
    assert (line["row"], line["record"]["n2"], line["faults"]) == (3, 3, [])


async def test_a_region_wide_file_gives_the_coordinator_the_own_district_only(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    known = await schools(engine)
    foreign = next(each for code, each in known.items() if code.startswith("zhigal"))
    same_name = row_of(
        known[ILINKA], municipality="Ачинский район", login="", n=50, grade=7
    )
    file = statistics(
        row_of(foreign),
        row_of(foreign, grade=5, two=9),
        same_name,
        row_of(known[ILINKA], login="", grade=7),
        row_of(known[UZHUR_1], municipality=""),
        row_of(known[UZHUR_1], municipality="Ужурский МР", grade=5),
    )
    client = await client_as("uzhur")
    previewed = await preview(client, file)
    assert counts(previewed) == {"new": 3, "skipped": 3}
    assert previewed["counts"]["skipped_by"] == {"other_municipality": 3}
    assert [(w["column"], w["value"]) for w in previewed["warnings"]] == [
        ("Муниципалитет", foreign.demo.municipality),
        ("Муниципалитет", "Ачинский район"),
    ]
    assert "2" in previewed["warnings"][0]["reason_ru"]


async def test_a_file_of_another_district_only_says_that_it_has_no_own_rows(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("zhigalovo")
    previewed = await preview(client, statistics(row_of(ilinka)))
    assert counts(previewed) == {"skipped": 1}
    assert "нет строк школ" in previewed["warnings"][0]["reason_ru"]


async def test_repeated_rows_totals_and_notes_are_skipped_and_counted(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    total = row_of(ilinka, school="Итого", login="")
    file = statistics(
        row_of(ilinka), row_of(ilinka, subject="Рус. язык"), total, ["Примечание"]
    )
    previewed = await preview(await client_as("uzhur"), file)
    assert counts(previewed) == {"new": 1, "skipped": 3}
    assert previewed["counts"]["skipped_by"] == {"repeated": 1, "total": 1, "note": 1}


async def test_a_new_code_of_a_school_known_by_name_is_a_warning(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    known = await schools(engine)
    branch = row_of(
        known[ILINKA], school="Арабкаевский филиал", login="sch240077", grade=4
    )
    file = statistics(branch, [*branch[:1], 5, *branch[2:]])
    previewed = await preview(await client_as("uzhur"), file)
    assert counts(previewed) == {"new": 2}
    (warning,) = previewed["warnings"]
    assert (warning["sheet"], warning["row"]) == ("ВПР", 2)
    assert (warning["column"], warning["value"]) == ("Логин", "sch240077")
    again = await preview(await client_as("uzhur"), file)
    assert again["warnings"] == previewed["warnings"]  # the code was not kept


async def test_the_season_says_which_year_and_pupils_a_row_is_of(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    file = statistics(row_of(ilinka, year=2020))
    for fields, expected in (
        ({}, (2020, 4, 5)),
        ({"season": "spring"}, (2019, 4, 4)),
        ({"procedure": "kdr"}, (2019, 4, 4)),
    ):
        previewed = await preview(client, file, **fields)
        lines = await client.get(f"/v1/imports/{previewed['id']}/lines")
        record = lines.json()["items"][0]["record"]
        found = (
            record["academic_year"],
            record["programme_grade"],
            record["pupil_grade"],
        )
        assert found == expected


async def test_the_administrator_names_the_municipality(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    uzhur = await municipality_id(engine, "uzhur")
    client = await client_as("admin")
    file = statistics(row_of(ilinka))
    missing = await upload(client, file)
    assert missing.status_code == 422
    assert missing.json()["faults"][0]["column"] == "municipality_id"
    unknown = await upload(client, file, municipality_id=10**9)
    assert unknown.status_code == 404
    previewed = await preview(client, file, municipality_id=uzhur)
    assert previewed["municipality_id"] == uzhur
    assert counts(previewed) == {"new": 1}


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"file_format": "photo"}, "body.file_format"),
        ({"season": "winter"}, "body.season"),
        ({"municipality_id": "x"}, "body.municipality_id"),
        ({"municipality_id": str(10**30)}, "body.municipality_id"),
        ({"colour": "red"}, "body.colour"),
        ({"procedure": "ege"}, "procedure"),
        ({"procedure": "\0"}, "procedure"),
    ],
)
async def test_a_field_of_the_form_that_makes_no_sense_is_named(
    client_as: ClientAs, engine: AsyncEngine, fields: dict[str, str], column: str
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    before = await snapshot(engine)
    answer = await upload(
        await client_as("uzhur"), statistics(row_of(ilinka)), **fields
    )
    assert answer.status_code == 422
    assert [fault["column"] for fault in answer.json()["faults"]] == [column]
    assert await snapshot(engine) == before


async def test_a_form_without_a_file_or_no_form_at_all_is_refused(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    without = await client.post(
        "/v1/imports",
        data={"file_format": "mark_statistics", "file": "text"},
    )
    assert without.status_code == 422
    assert without.json()["faults"][0]["column"] == "file"
    json = await client.post("/v1/imports", json={"file_format": "mark_statistics"})
    assert json.status_code == 422
    broken = await client.post(
        "/v1/imports",
        content=b"nothing",
        headers={"Content-Type": "multipart/form-data"},
    )
    assert (broken.status_code, broken.json()["code"]) == (422, "unreadable_form")


async def test_a_file_over_the_limit_is_refused_whether_or_not_it_says_so(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    before = await snapshot(engine)
    client = await client_as("uzhur")
    stated = await upload(client, b"0" * MAX_UPLOAD_BYTES)
    head = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
    )

    async def chunks() -> AsyncIterator[bytes]:
        yield head
        for _ in range(51):
            yield b"0" * 2**20

    unstated = await client.post(
        "/v1/imports",
        content=chunks(),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    for answer in (stated, unstated):
        assert answer.status_code == 413
        assert answer.json()["code"] == "upload_too_large"
        assert "50 МБ" in answer.json()["detail"]
    assert await snapshot(engine) == before
