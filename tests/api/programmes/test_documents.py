"""The two programmes as data, and what the format refuses."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.api.data_files import DataFileError
from services.api.programmes.documents import (
    MeasureEntry,
    ProgrammeDocument,
    read_programme,
)

FOLDER = Path(__file__).parents[3] / "deploy" / "programmes"
ZHIGALOVO = FOLDER / "zhigalovo-2020.yaml"
UZHUR = FOLDER / "uzhur-2020.yaml"
PERSON = re.compile(
    r"им\.|[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё]+|[А-ЯЁ][а-яё]+ [А-ЯЁ]\.\s?[А-ЯЁ]\."
)
Spoil = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def zhigalovo() -> ProgrammeDocument:
    return read_programme(ZHIGALOVO)


@pytest.fixture(scope="module")
def uzhur() -> ProgrammeDocument:
    return read_programme(UZHUR)


def measure(programme: ProgrammeDocument, key: str) -> MeasureEntry:
    return next(entry for entry in programme.measures if entry.key == key)


def test_zhigalovo_has_84_measures_in_a_tree(zhigalovo: ProgrammeDocument) -> None:
    (plan,) = zhigalovo.plans
    assert plan.kind == "plan"
    assert len(plan.measures) == 84
    depths = Counter(entry.key.count(".") + 1 for entry in plan.measures)
    assert depths == {1: 4, 2: 17, 3: 23, 4: 40}
    for entry in plan.measures:
        assert entry.number.rstrip(".") == entry.key
        assert entry.parent == (entry.key.rpartition(".")[0] or None)


def test_the_tree_is_numbered_without_gaps(zhigalovo: ProgrammeDocument) -> None:
    children: dict[str | None, list[int]] = {}
    for entry in zhigalovo.measures:
        last = int(entry.key.rpartition(".")[2])
        children.setdefault(entry.parent, []).append(last)
    for numbers in children.values():
        assert numbers == list(range(1, len(numbers) + 1))


def test_rows_broken_by_a_page_are_whole(zhigalovo: ProgrammeDocument) -> None:
    tests = measure(zhigalovo, "4.2")
    assert tests.title == (
        "Осуществление промежуточных измерений предметных результатов "
        "на основе районных КИМ."
    )
    assert tests.term == "Конец каждой четверти"
    events = measure(zhigalovo, "2.6")
    assert events.title.endswith(
        "и организуемых ими самостоятельно при поддержке взрослых."
    )
    assert events.term == "01.09.20 30.12.22"


@pytest.mark.parametrize(
    ("key", "term", "opening"),
    [
        ("1.1.1.1", "февраль 2020-22", "диагностика психологического комфорта всех"),
        ("1.1.1.2", "Сентябрь-октябрь 2020", "изучение особенностей детей поколения"),
        ("1.2.1.5", "01.09.21 30.12.22", "внедрение спецкурсов, направленных на"),
        ("1.4", "01.09.20 30.12.22", "Создание физически безопасной"),
        ("3.1.1.2", "сентябрь 2020 май 2021 май 2022", "осуществление сбора данных"),
        ("3.1.1.3", "01.09.20 30.10.20 далее - ежегодно", "диагностика положительного"),
        ("3.1.3", "01.12.20 30.12.20 далее - ежегодно", "Осуществление SWOT-анализа"),
        ("3.1.5", "01.01.21 30.12.22", "Заключение договоров о сетевом взаимодействии"),
        ("4.3", "Май 2020, 2021, 2022", "Осуществление ежегодного мониторинга без"),
    ],
)
def test_zhigalovo_measures_keep_the_documents_words(
    zhigalovo: ProgrammeDocument, key: str, term: str, opening: str
) -> None:
    entry = measure(zhigalovo, key)
    assert entry.term == term
    assert entry.title.startswith(opening)
    assert entry.responsible is None


@pytest.mark.parametrize(
    ("key", "parties"),
    [
        ("1.1.1.1", ("schools",)),
        ("3.1.1.1", ("municipality",)),
        ("3.1.3", ("municipality", "schools")),
        ("3.2.2.1", ("municipality",)),
        ("4.4", ("municipality",)),
    ],
)
def test_monitoring_is_the_municipalitys_and_schooling_the_schools(
    zhigalovo: ProgrammeDocument, key: str, parties: tuple[str, ...]
) -> None:
    assert measure(zhigalovo, key).parties == parties


def test_a_heading_is_owed_by_those_who_owe_what_is_below(
    zhigalovo: ProgrammeDocument,
) -> None:
    for heading in zhigalovo.measures:
        below = [
            set(entry.parties)
            for entry in zhigalovo.measures
            if entry.parent == heading.key
        ]
        if below:
            assert set(heading.parties) == set().union(*below)


def test_both_periods_of_zhigalovo_are_kept(zhigalovo: ProgrammeDocument) -> None:
    assert "2020-2022" in zhigalovo.title
    assert zhigalovo.head_title is not None
    assert "2020-2021" in zhigalovo.head_title
    assert zhigalovo.head_period == "2020-2021 годы"
    assert zhigalovo.period.text == "2020-2022 гг."
    assert list(zhigalovo.years) == [2020, 2021, 2022]
    assert zhigalovo.approved.number == "243-од"


def test_zhigalovo_targets_are_the_documents_ranges(
    zhigalovo: ProgrammeDocument,
) -> None:
    ranges = {
        item.code: [(int(target.low), int(target.high)) for target in item.targets]
        for item in zhigalovo.indicators
    }
    assert ranges == {
        "analysed_by_method": [(100, 100), (100, 100), (100, 100)],
        "network_mentoring": [(0, 0), (50, 100), (80, 100)],
        "school_programmes": [(100, 100), (80, 100), (80, 100)],
        "satisfied_with_management": [(30, 100), (80, 100), (80, 100)],
        "satisfied_with_support": [(50, 100), (70, 100), (80, 100)],
        "better_resources": [(0, 0), (20, 30), (40, 80)],
        "raised_quality": [(0, 0), (30, 50), (80, 100)],
    }
    assert [item.task for item in zhigalovo.indicators] == [1, 2, 3, 4, 5, 6, 7]


def test_every_target_agrees_with_the_words_it_was_read_from(
    zhigalovo: ProgrammeDocument,
) -> None:
    for item in zhigalovo.indicators:
        assert [target.year for target in item.targets] == list(zhigalovo.years)
        for target in item.targets:
            figures = [int(figure) for figure in re.findall(r"\d+", target.text)]
            assert {target.low, target.high} == set(figures)
        final = [int(figure) for figure in re.findall(r"\d+", item.target_text)]
        assert {item.targets[-1].low, item.targets[-1].high} == set(final)


def test_uzhur_has_47_roadmap_rows_in_six_blocks(uzhur: ProgrammeDocument) -> None:
    roadmap = uzhur.plans[0]
    assert roadmap.kind == "roadmap"
    assert len(roadmap.measures) == 47
    blocks = Counter(entry.block for entry in roadmap.measures)
    assert list(blocks.values()) == [18, 10, 5, 8, 3, 3]
    assert None not in blocks
    numbers = Counter(int(entry.number) for entry in roadmap.measures)
    assert set(numbers) == set(range(1, 46))
    assert {number for number, count in numbers.items() if count > 1} == {17, 18}


def test_uzhur_has_11_cyclogram_rows_in_four_tasks(uzhur: ProgrammeDocument) -> None:
    cyclogram = uzhur.plans[1]
    assert cyclogram.kind == "cyclogram"
    blocks = Counter(entry.block for entry in cyclogram.measures)
    assert list(blocks.values()) == [3, 3, 1, 4]
    assert all(block and block.startswith("Задача ") for block in blocks)
    last = cyclogram.measures[-1]
    assert (
        last.title == "Утверждение плана работы по повышению качества образования в ОО"
    )
    assert last.expected_result == (
        "Утвержденный план работы по повышению качества образования в ОО "
        "выставлен на сайтах ОО"
    )


@pytest.mark.parametrize(
    ("key", "term", "parties", "opening"),
    [
        ("roadmap-1.4", "Ежегодно", ("schools",), "Представление управленческого"),
        (
            "roadmap-1.13",
            "Периодически (проведение системного анализа, не менее 2 раз в год)",
            ("municipality", "schools"),
            "Отслеживание динамики результатов деятельности ОО",
        ),
        (
            "roadmap-1.17",
            "В соответствии с запросом",
            ("municipality", "schools"),
            "Мониторинг направленности ПК",
        ),
        (
            "roadmap-2.17",
            "По полугодиям",
            ("municipality", "schools"),
            "Организация супервизии",
        ),
        (
            "roadmap-2.18",
            "В соответствии с нормативными документами и МОКК",
            ("municipality", "schools"),
            "Обеспечение участия педагогов и руководителей в новой форме",
        ),
        ("roadmap-3.28", "Август 2020 года", ("municipality",), "Закрепление базовых"),
        ("roadmap-4.37", "Ежегодно", ("schools",), "Закрепление за молодыми"),
        (
            "roadmap-6.43",
            "1 раз в три года",
            ("municipality", "schools"),
            "Проведение независимой оценки",
        ),
        ("cyclogram-1.3", "Май-август", ("municipality",), "Сбор информации для"),
        ("cyclogram-4.2", "сентябрь", ("schools",), "Назначение ответственных"),
    ],
)
def test_uzhur_measures_keep_the_documents_words(
    uzhur: ProgrammeDocument,
    key: str,
    term: str,
    parties: tuple[str, ...],
    opening: str,
) -> None:
    entry = measure(uzhur, key)
    assert entry.term == term
    assert entry.parties == parties
    assert entry.title.startswith(opening)
    assert entry.responsible
    assert entry.expected_result


def test_uzhur_rows_broken_by_a_page_are_whole(uzhur: ProgrammeDocument) -> None:
    assert measure(uzhur, "roadmap-1.7").title.endswith("в сложных социальных условиях")
    result = measure(uzhur, "roadmap-4.36").expected_result
    assert result is not None
    assert "указанных учреждений, их руководителей, педагогических работников" in result


def test_uzhur_states_growth_without_figures(uzhur: ProgrammeDocument) -> None:
    assert [item.code for item in uzhur.indicators] == [
        "group_1_1_dynamics",
        "group_1_2_dynamics",
        "group_1_3_dynamics",
        "group_1_4_dynamics",
        "plan_corrected",
        "group_2_2_dynamics",
        "group_2_3_dynamics",
        "group_2_4_dynamics",
        "group_2_5_dynamics",
        "group_3_1_dynamics",
        "satisfaction",
        "recommendations_followed",
        "school_programmes_reviewed",
    ]
    assert all(item.targets == () for item in uzhur.indicators)
    assert all(item.target_text.startswith("Рост ") for item in uzhur.indicators)
    assert list(uzhur.years) == [2020, 2021]
    assert len(uzhur.tasks) == 6
    assert len(uzhur.expected_results) == 5


@pytest.mark.parametrize("path", [ZHIGALOVO, UZHUR], ids=lambda path: path.stem)
def test_no_person_and_no_markup_is_left(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert PERSON.findall(text) == []
    assert re.findall(r"</?[a-z]+|\*", text) == []


BROKEN: list[tuple[str, Spoil, str, str]] = [
    (
        "a missing term",
        lambda data: data["plans"][0]["measures"][3].pop("term"),
        "plans[0].measures[3].term",
        "Field required",
    ),
    (
        "an unknown field",
        lambda data: data["plans"][0].update(colour="red"),
        "plans[0].colour",
        "Extra inputs are not permitted",
    ),
    (
        "a repeated key",
        lambda data: data["plans"][0]["measures"][5].update(key="1.1.1.2"),
        "plans[0].measures[5].key",
        "1.1.1.2 is repeated",
    ),
    (
        "a parent below its child",
        lambda data: data["plans"][0]["measures"].reverse(),
        "plans[0].measures[0].parent",
        "no measure 4, parent of 4.4, above",
    ),
    (
        "a range upside down",
        lambda data: data["indicators"][1]["targets"][1].update(low=100, high=50),
        "indicators[1].targets[1].low",
        "the low end 100 exceeds the high end 50",
    ),
    (
        "a target above 100 %",
        lambda data: data["indicators"][1]["targets"][1].update(high=101),
        "indicators[1].targets[1].high",
        "Input should be less than or equal to 100",
    ),
    (
        "a target outside the programme",
        lambda data: data["indicators"][0]["targets"][2].update(year=2023),
        "indicators[0].targets",
        "target years repeat, are out of order or outside the programme",
    ),
    (
        "a task that does not exist",
        lambda data: data["indicators"][0].update(task=8),
        "indicators[0].task",
        "the programme has no task 8",
    ),
    (
        "an unknown party",
        lambda data: data["plans"][0]["measures"][0].update(parties=["parents"]),
        "plans[0].measures[0].parties[0]",
        "Input should be 'municipality' or 'schools'",
    ),
    (
        "nobody responsible",
        lambda data: data["plans"][0]["measures"][0].update(parties=[]),
        "plans[0].measures[0].parties",
        "Tuple should have at least 1 item after validation, not 0",
    ),
    (
        "a repeated indicator",
        lambda data: data["indicators"][1].update(code="analysed_by_method"),
        "indicators[1].code",
        "analysed_by_method is repeated",
    ),
    (
        "an end before the start",
        lambda data: data["period"].update(ends_on="2019-12-30"),
        "period.ends_on",
        "the programme ends before it starts",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "place", "reason"),
    [case[1:] for case in BROKEN],
    ids=[case[0] for case in BROKEN],
)
def test_a_broken_programme_is_refused_with_its_place(
    tmp_path: Path, zhigalovo: ProgrammeDocument, spoil: Spoil, place: str, reason: str
) -> None:
    data = zhigalovo.model_dump(mode="json")
    spoil(data)
    path = tmp_path / "broken.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_programme(path)
    fault = caught.value.faults[0]
    assert fault.column == place
    assert fault.reason.en == reason
    assert re.search("[а-я]", fault.reason.ru)
    assert fault.sheet == "broken.yaml"
    assert fault.row is not None
    assert str(path) in caught.value.detail.ru
    assert place in caught.value.detail.ru


def test_the_fault_names_the_line(tmp_path: Path) -> None:
    text = ZHIGALOVO.read_text(encoding="utf-8")
    path = tmp_path / "broken.yaml"
    path.write_text(text.replace("years: calendar", "years: lunar"), encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_programme(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    row = caught.value.faults[0].row
    assert row is not None
    assert lines[row - 1].strip() == "years: lunar"
    assert caught.value.faults[0].value == "lunar"
