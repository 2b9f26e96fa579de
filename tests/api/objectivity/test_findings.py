"""What the tests of objectivity found, over HTTP, as each kind of account sees it."""

from typing import Any

import httpx

from tests.api.computing import compute_all
from tests.support.api import ClientAs

Json = dict[str, Any]
YEAR = 2018
LIST = f"/v1/objectivity-findings?academic_year={YEAR}"
TEXT = "В классе сменился учитель, половина работ написана после болезни."


async def get(client: httpx.AsyncClient, path: str, status: int = 200) -> Json:
    answer = await client.get(path)
    assert answer.status_code == status, answer.text
    body: Json = answer.json()
    return body


async def schools_of(client: httpx.AsyncClient) -> dict[str, int]:
    listed = await get(client, "/v1/schools?limit=100")
    return {school["code"]: school["id"] for school in listed["items"]}


async def post(client: httpx.AsyncClient, path: str, **body: Any) -> None:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text


async def post_result(client: httpx.AsyncClient, school_id: int, **body: Any) -> None:
    paper = {
        "procedure": "district_kim",
        "subject": "mathematics",
        "programme_grade": 7,
        "pupil_grade": 7,
        "academic_year": YEAR,
    }
    await post(client, "/v1/results", school_id=school_id, **paper, **body)


async def prepared(office: httpx.AsyncClient, database_url: str) -> dict[str, int]:
    """Enter a low share that grew in one school, and a limit that another passes."""
    schools = await schools_of(office)
    grew, passed = schools["ilinskaya"], schools["solgonskaya"]
    await post_result(office, grew, n2=1, n3=9, n4=8, n5=2, wave=91)
    before = {"academic_year": YEAR - 1, "wave": 91}
    body = {"procedure": "district_kim", "subject": "mathematics"}
    grades = {"programme_grade": 7, "pupil_grade": 7}
    marks = {"n2": 0, "n3": 10, "n4": 8, "n5": 2}
    await post(
        office, "/v1/results", school_id=grew, **body, **grades, **before, **marks
    )
    await post_result(office, grew, n2=3, n3=6, n4=9, n5=2, wave=92)
    await post_result(office, passed, n2=0, n3=2, n4=9, n5=9, wave=91)
    municipality_id = (await get(office, "/v1/municipalities"))["items"][0]["id"]
    await post(
        office,
        "/v1/objectivity-limits",
        municipality_id=municipality_id,
        year=YEAR,
        area="region",
        procedure="district_kim",
        subject="mathematics",
        programme_grade=7,
        measure="quality_rate",
        low=20,
        high=75,
        source="Письмо министерства",
        provenance="regional",
    )
    await compute_all(database_url)
    return schools


async def test_findings_come_with_n_words_thresholds_and_a_notice(
    client_as: ClientAs, database_url: str
) -> None:
    office = await client_as("uzhur")
    schools = await prepared(office, database_url)

    answer = await get(office, f"{LIST}&test=outside_limits&verdict=sign")

    (finding,) = answer["items"]
    assert (finding["school_id"], finding["n"]) == (schools["solgonskaya"], 20)
    assert (finding["figure"], finding["reference"]) == (90.0, 75.0)
    assert finding["detail"]["provenance"] == "regional"
    assert finding["explained"]["ru"] == (
        "Качественная успеваемость: 90,00 (n = 20) при границах 20,0 … 75,0 («Письмо "
        "министерства»). Вывод: есть признак."
    )
    assert finding["explained"]["en"].endswith("Conclusion: there is a sign.")
    assert "не доказательства" in answer["notice"]["ru"]
    assert "учителей нельзя" in answer["notice"]["ru"]
    assert "judge teachers" in answer["notice"]["en"]
    assert (answer["academic_year"], answer["is_stale"]) == (YEAR, False)
    tests = {test["test"]: test for test in answer["method"]["tests"]}
    peak = {each["name"]: each for each in tests["boundary_peak"]["thresholds"]}
    assert peak["peak.minimum_n"]["value"] == 50
    assert peak["peak.minimum_n"]["provenance"]["kind"] == "unconfirmed"
    assert "adjustment" in peak
    rise = {each["name"] for each in tests["low_share_rise"]["thresholds"]}
    assert rise == {"rise.minimum_n", "rise.points", "rise.incomparable"}


async def test_a_list_of_findings_comes_in_pages(
    client_as: ClientAs, database_url: str
) -> None:
    office = await client_as("uzhur")
    await prepared(office, database_url)
    whole = (await get(office, f"{LIST}&limit=500"))["items"]

    first = await get(office, f"{LIST}&limit=1")
    rest = await get(office, f"{LIST}&limit=500&after={first['next_after']}")

    assert first["items"] + rest["items"] == whole
    assert rest["next_after"] is None
    assert len(whole) >= 2


async def test_a_school_sees_its_own_page_and_no_other(
    client_as: ClientAs, database_url: str
) -> None:
    office = await client_as("uzhur")
    school = await client_as("uzhur.ilinskaya")
    schools = await prepared(office, database_url)
    own, other = schools["ilinskaya"], schools["solgonskaya"]

    listed = (await get(school, f"{LIST}&limit=500"))["items"]
    page = await get(school, f"/v1/schools/{own}/objectivity?academic_year={YEAR}")

    assert {each["school_id"] for each in listed} == {own}
    assert page["findings"] == listed
    counts = {each["test"]: each for each in page["counts"]}
    assert counts["low_share_rise"]["sign"] >= 1
    assert counts["boundary_peak"] == {
        "test": "boundary_peak",
        "sign": 0,
        "no_sign": 0,
        "limited": 0,
        "not_assessable": 0,
    }
    assert page["notice"] == (await get(office, LIST))["notice"]
    await get(school, f"/v1/schools/{other}/objectivity", status=404)
    await get(school, f"{LIST}&school_id={other}", status=404)
    abroad = await client_as("zhigalovo")
    await get(abroad, f"/v1/schools/{own}/objectivity", status=404)


async def test_the_federal_markers_stand_beside_our_own_tests(
    client_as: ClientAs, database_url: str
) -> None:
    office = await client_as("uzhur")
    schools = await prepared(office, database_url)
    school_id = schools["ilinskaya"]
    address = f"/v1/schools/{school_id}/objectivity?academic_year={YEAR}"
    before = (await get(office, address))["federal"]
    if before is None:
        await post(
            office,
            "/v1/objectivity-signs",
            school_id=school_id,
            year=YEAR,
            has_sign=True,
            russian_4=1,
        )
        before = (await get(office, address))["federal"]

    assert before["has_sign"] in {True, False}
    assert before["provenance"]
    assert before["explanation"] is None


async def sign_of(client: httpx.AsyncClient, school_id: int) -> Json:
    listed = await get(client, f"{LIST}&school_id={school_id}&test=low_share_rise")
    sign: Json = next(each for each in listed["items"] if each["verdict"] == "sign")
    return sign


async def explain(
    client: httpx.AsyncClient, finding_id: int, text: str = TEXT, **headers: str
) -> httpx.Response:
    return await client.put(
        f"/v1/objectivity-findings/{finding_id}/explanation",
        json={"explanation": text},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


async def test_an_explanation_outlives_the_run_that_it_answers(
    client_as: ClientAs, database_url: str
) -> None:
    office, school = await client_as("uzhur"), await client_as("uzhur.ilinskaya")
    schools = await prepared(office, database_url)
    own = schools["ilinskaya"]
    first = await sign_of(school, own)
    assert first["school_explanation"] is None

    answer = await explain(school, first["id"])
    again = await explain(school, first["id"])
    await post_result(office, own, n2=4, n3=6, n4=9, n5=2, wave=93)
    await compute_all(database_url)
    later = await sign_of(office, own)

    assert answer.status_code == 200, answer.text
    assert answer.json() == again.json()
    assert answer.json()["version"] == 1
    assert later["id"] != first["id"]
    assert later["school_explanation"] == answer.json()


async def test_nobody_explains_for_the_school_nor_what_is_no_sign(
    client_as: ClientAs, database_url: str
) -> None:
    office, school = await client_as("uzhur"), await client_as("uzhur.ilinskaya")
    schools = await prepared(office, database_url)
    sign = await sign_of(school, schools["ilinskaya"])
    listed = (await get(school, f"{LIST}&verdict=no_sign"))["items"]

    by_office = await explain(office, sign["id"])
    by_other = await explain(await client_as("uzhur.solgonskaya"), sign["id"])
    without_sign = await explain(school, listed[0]["id"])
    outdated = await explain(school, sign["id"], If_Match='"7"')

    assert (by_office.status_code, by_other.status_code) == (403, 404)
    assert without_sign.status_code == 409
    assert without_sign.json()["code"] == "nothing_to_explain"
    assert outdated.status_code == 412
    reread = await sign_of(office, schools["ilinskaya"])
    assert reread["school_explanation"] is None


async def test_an_explanation_leaves_its_trace(
    client_as: ClientAs, database_url: str
) -> None:
    office, school = await client_as("uzhur"), await client_as("uzhur.ilinskaya")
    schools = await prepared(office, database_url)
    sign = await sign_of(school, schools["ilinskaya"])
    await explain(school, sign["id"])
    await explain(school, sign["id"], "Проверили: работы переписаны.", If_Match='"1"')

    entries = await get(office, "/v1/audit?entity=finding_explanation")

    changes = [entry["changes"]["explanation"] for entry in entries["items"]]
    assert sorted(changes, key=str) == sorted(
        [[None, TEXT], [TEXT, "Проверили: работы переписаны."]], key=str
    )
