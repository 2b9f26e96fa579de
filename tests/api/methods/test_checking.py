"""Faults of methods, with their places, without anything being saved."""

from typing import Any

import pytest

from services.api.methods.documents import EXAMPLE, LARGEST_BYTES
from shared.domain.methods.kinds import read_method
from tests.api.methods.steps import URL, local
from tests.support.api import ClientAs

CHECK = f"{URL}/check"
YAML = {"Content-Type": "application/yaml"}


def test_the_example_is_a_method() -> None:
    assert read_method(EXAMPLE).code == EXAMPLE["code"]


async def test_all_faults_are_told_at_once_and_nothing_is_saved(
    client_as: ClientAs,
) -> None:
    office = await client_as("uzhur")
    before = (await office.get(URL)).json()
    content = local(minimum_n=-1, tolerance="x", unknown=1) | {"title": {"ru": "Да"}}
    answer = (await office.post(CHECK, json=content)).json()
    assert answer["verdict"] == "invalid"
    assert {each["column"] for each in answer["faults"]} >= {
        "title.en",
        "minimum_n",
        "tolerance",
        "unknown",
    }
    assert answer["hash"] is None
    refused = await office.post(URL, json=content)
    assert refused.status_code == 422
    assert {each["column"] for each in refused.json()["faults"]} == {
        each["column"] for each in answer["faults"]
    }
    good = (await office.post(CHECK, json=local())).json()
    assert good["verdict"] == "valid"
    assert good["graph"] is not None
    assert len(good["hash"]) == 64
    assert (await office.get(URL)).json() == before


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("kind: [ranking", 1),
        ("title:\n  ru: &a x\n  en: *a\n", 3),
        ("a: !!python/object:os.system {}", 1),
        ("a: !!set {x}", None),
        ("[" * 5_000, None),
        ("a: \x07", None),
    ],
)
async def test_a_text_that_is_no_yaml_is_refused_with_its_place(
    client_as: ClientAs, text: str, line: int | None
) -> None:
    office = await client_as("uzhur")
    answer = await office.post(CHECK, content=text.encode(), headers=YAML)
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_method")
    position = answer.json()["faults"][0]["position"]
    assert (position and position["line"]) == line


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {"Content-Type": "application/json"}, 422),
        (b"", {}, 422),
        (b"{}", {"Content-Type": "application/json"}, 200),
        (b"x" * (LARGEST_BYTES + 1), YAML, 413),
        (b'a: "\\0"', YAML, 422),
        (b'a: "\\ud800"', YAML, 422),
        (b"a: 2020-09-01\n1: 2", YAML, 200),
    ],
)
async def test_whatever_is_sent_gets_an_answer(
    client_as: ClientAs, body: bytes, headers: dict[str, str], status: int
) -> None:
    office = await client_as("uzhur")
    answer = await office.post(CHECK, content=body, headers=headers)
    assert answer.status_code == status, answer.text
    if status == 200:
        found: dict[str, Any] = answer.json()
        assert found["verdict"] == "invalid"
        assert found["faults"]


def _by_formula(text: str) -> dict[str, Any]:
    content = local()
    content["indicators"][0]["source"] = {"kind": "formula", "text": text}
    return content


async def test_a_formula_is_checked_with_its_place_and_a_good_one_is_in_the_graph(
    client_as: ClientAs,
) -> None:
    office = await client_as("uzhur")
    bad = _by_formula("results.quality_rate\n+ staff.age")
    answer = (await office.post(CHECK, json=bad)).json()
    assert answer["verdict"] == "invalid"
    [fault] = answer["faults"]
    assert fault["column"] == "indicators[0].source.text"
    assert fault["position"] == {"line": 2, "column": 3, "length": 9}

    good = _by_formula("results.quality_rate + staff.age_over_55_percent")
    answer = (await office.post(CHECK, json=good)).json()
    assert answer["verdict"] == "valid", answer["faults"]
    code = good["indicators"][0]["code"]
    assert {"needed": "staff.age_over_55_percent", "by": code} in (
        answer["graph"]["edges"]
    )
    assert answer["graph"]["order"][-1] == code


@pytest.mark.parametrize("body", [b"- null\n- null", b"[]", b"null", b"''", b"12"])
async def test_a_list_or_a_single_value_is_no_method(
    client_as: ClientAs, body: bytes
) -> None:
    office = await client_as("uzhur")
    for path in (CHECK, URL):
        answer = await office.post(path, content=body, headers=YAML)
        assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_method")
        [fault] = answer.json()["faults"]
        assert fault["column"] == "body"
        assert "kind, code, version" in fault["reason"]
