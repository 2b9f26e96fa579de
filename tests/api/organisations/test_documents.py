"""The facts of the two municipalities, and what the format refuses."""

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.api.data_files import DataFileError
from services.api.organisations.documents import FactsDocument, read_facts

FOLDER = Path(__file__).parents[3] / "deploy" / "facts"
UZHUR = FOLDER / "uzhur.yaml"
ZHIGALOVO = FOLDER / "zhigalovo.yaml"
PERSON = re.compile(
    r"им\.|[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё]+|[А-ЯЁ][а-яё]+ [А-ЯЁ]\.\s?[А-ЯЁ]\."
)
LOW_INCOME, BUSSED, SPECIAL_NEEDS = 4, 2, 16
LISTED = (
    "ilinskaya",
    "prirechenskaya",
    "maloimyshskaya",
    "berezovologskaya",
    "ozerouchumskaya",
    "uzhurskaya-3",
    "mikhaylovskaya",
    "krutoyarskaya",
)
Spoil = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def uzhur() -> FactsDocument:
    return read_facts(UZHUR)


@pytest.fixture(scope="module")
def zhigalovo() -> FactsDocument:
    return read_facts(ZHIGALOVO)


def figures(facts: FactsDocument) -> dict[str, Decimal]:
    return {figure.code: figure.value for figure in facts.figures.rows}


def enrolments(numerator: int, percent: Decimal) -> set[int]:
    """Return the enrolments of up to 1,000 that make `percent` of `numerator`."""
    return {
        pupils
        for pupils in range(1, 1001)
        if abs(Fraction(100 * numerator, pupils) - Fraction(percent)) <= Fraction(1, 2)
    }


def test_uzhur_names_sixteen_schools_and_a_branch(uzhur: FactsDocument) -> None:
    kinds = Counter(school.kind for school in uzhur.schools.rows)
    assert kinds == {"secondary": 12, "basic": 4, "branch": 1}
    towns = [school.code for school in uzhur.schools.rows if school.locality == "town"]
    assert towns == ["uzhurskaya-1", "uzhurskaya-2", "uzhurskaya-3", "uzhurskaya-6"]
    assert not any(school.synthetic for school in uzhur.schools.rows)
    assert all(school.parent is None for school in uzhur.schools.rows)


def test_the_school_that_uzhur_counts_but_does_not_name_is_remarked(
    uzhur: FactsDocument,
) -> None:
    stated = figures(uzhur)
    assert stated["secondary_schools"] + stated["basic_schools"] == stated["schools"]
    assert stated["schools"] == 17
    assert any("пятая ООШ не названа" in remark for remark in uzhur.remarks)


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("МБОУ «Озерочумская ООШ»", "ozerouchumskaya"),
        ("Озерочумской ООШ", "ozerouchumskaya"),
        ("Ильинской ООШ", "ilinskaya"),
        ('МБОУ "Ильинская СОШ"', "ilinskaya"),
        ("СОШ №3", "uzhurskaya-3"),
        ('МБОУ "Ужурская СОШ №6»', "uzhurskaya-6"),
        ("МБОУ «Ужурская СОШ№1»", "uzhurskaya-1"),
        ("Крутоярская СОШ", "krutoyarskaya"),
        ("Арабкаевскому филиалу", "arabkaevskiy"),
    ],
)
def test_a_spelling_of_the_document_leads_to_its_school(
    uzhur: FactsDocument, spelling: str, code: str
) -> None:
    owners = [
        school.code
        for school in uzhur.schools.rows
        if spelling in (school.name, *school.aliases)
    ]
    assert owners == [code]


def test_eight_schools_are_on_the_list_of_2020(uzhur: FactsDocument) -> None:
    rows = uzhur.list_memberships.rows
    assert tuple(row.school for row in rows) == LISTED
    assert {(row.list_kind, row.year, row.act_body) for row in rows} == {
        ("low_results", 2020, "Рособрнадзор")
    }


def test_social_shares_are_the_documents(uzhur: FactsDocument) -> None:
    table = {
        (row.indicator, row.school): (row.numerator, int(row.percent), row.localities)
        for row in uzhur.social_shares.rows
    }
    assert len(table) == 24
    assert table[LOW_INCOME, "krutoyarskaya"] == (262, 64, None)
    assert table[LOW_INCOME, "uzhurskaya-3"] == (139, 27, None)
    assert table[SPECIAL_NEEDS, "prirechenskaya"] == (43, 21, None)
    assert table[BUSSED, "krutoyarskaya"] == (251, 62, 7)
    assert table[BUSSED, "berezovologskaya"] == (0, 0, 0)
    sums = Counter[int]()
    for (indicator, _), (numerator, _, _) in table.items():
        assert numerator is not None
        sums[indicator] += numerator
    assert sums == {LOW_INCOME: 846, SPECIAL_NEEDS: 220, BUSSED: 434}


@pytest.mark.parametrize("school", LISTED)
def test_one_enrolment_explains_all_shares_of_a_school(
    uzhur: FactsDocument, school: str
) -> None:
    possible = [
        enrolments(row.numerator, row.percent)
        for row in uzhur.social_shares.rows
        if row.school == school and row.numerator
    ]
    assert len(possible) >= 2
    assert set.intersection(*possible)


def test_the_documents_own_conclusions_hold(uzhur: FactsDocument) -> None:
    low = [r for r in uzhur.social_shares.rows if r.indicator == LOW_INCOME]
    assert sum(row.percent > 60 for row in low) == 7
    bussed = [r for r in uzhur.social_shares.rows if r.indicator == BUSSED]
    assert sum(row.percent > 0 for row in bussed) == 6
    staff = uzhur.staff_profiles.rows
    assert sum(bool(row.external_part_timers) for row in staff) == 5
    signs = [(r.school, r.year) for r in uzhur.objectivity_signs.rows if r.has_sign]
    assert signs == [("ozerouchumskaya", 2019)]
    assert len(uzhur.objectivity_signs.rows) == 24


def test_the_conclusion_about_buses_that_does_not_hold_is_remarked(
    uzhur: FactsDocument,
) -> None:
    bussed = [r.percent for r in uzhur.social_shares.rows if r.indicator == BUSSED]
    assert sum(40 <= percent <= 60 for percent in bussed) == 1
    assert any("не сходится с его же таблицей" in remark for remark in uzhur.remarks)


def test_staff_profiles_are_the_documents(uzhur: FactsDocument) -> None:
    rows = {row.school: row for row in uzhur.staff_profiles.rows}
    assert tuple(rows) == LISTED
    part_timers = rows["berezovologskaya"]
    assert part_timers.external_part_timers == 8
    assert part_timers.external_part_timers_percent == 50
    assert len(part_timers.external_part_timers_subjects) == 10
    loads = rows["ilinskaya"]
    assert loads.load_max_hours == 37
    assert loads.load_max_subjects == ("Русский язык", "Литература", "Родной язык")
    assert rows["prirechenskaya"].load_mean_hours == Decimal("19.8")
    assert rows["ozerouchumskaya"].load_min_subjects == ("Информатика и ИКТ",)
    untrained = {school: row.teachers_without_training for school, row in rows.items()}
    assert list(untrained.values()) == [9, 0, 7, 1, 3, 12, 9, 0]


def test_a_part_timers_share_fits_some_number_of_teachers(uzhur: FactsDocument) -> None:
    for row in uzhur.staff_profiles.rows:
        assert row.external_part_timers is not None
        assert row.external_part_timers_percent is not None
        share = row.external_part_timers_percent
        assert bool(row.external_part_timers) == bool(share)
        if share:
            assert enrolments(row.external_part_timers, share)


def test_vacancies_are_the_documents(uzhur: FactsDocument) -> None:
    years = Counter((row.school, row.year) for row in uzhur.vacancies.rows)
    assert years == {
        ("ilinskaya", 2019): 1,
        ("prirechenskaya", 2020): 1,
        ("prirechenskaya", 2019): 2,
        ("maloimyshskaya", 2019): 2,
        ("maloimyshskaya", 2018): 1,
        ("berezovologskaya", 2020): 3,
        ("berezovologskaya", 2019): 3,
        ("berezovologskaya", 2018): 2,
        ("mikhaylovskaya", 2020): 1,
        ("mikhaylovskaya", 2019): 2,
        ("krutoyarskaya", 2020): 1,
        ("krutoyarskaya", 2019): 1,
        ("krutoyarskaya", 2018): 5,
    }


def test_index_ranges_and_their_deviations_are_the_documents(
    uzhur: FactsDocument,
) -> None:
    ranges = {
        (row.area, row.year): (row.lowest, row.highest)
        for row in uzhur.condition_index_ranges.rows
    }
    district = [ranges["municipality", year] for year in (2017, 2018, 2019)]
    region = [ranges["region", year] for year in (2017, 2018, 2019)]
    assert [tuple(map(str, pair)) for pair in district] == [
        ("0.28", "0.58"),
        ("0.29", "0.45"),
        ("0.33", "0.46"),
    ]
    assert [tuple(map(str, pair)) for pair in region] == [
        ("0.16", "0.78"),
        ("0.16", "0.65"),
        ("0.26", "0.58"),
    ]
    gaps = [
        (str(own[0] - krai[0]), str(krai[1] - own[1]))
        for own, krai in zip(district, region, strict=True)
    ]
    assert gaps == [("0.12", "0.20"), ("0.13", "0.20"), ("0.07", "0.12")]


def test_resources_have_years_only_where_the_document_gives_them(
    uzhur: FactsDocument,
) -> None:
    rows = [(row.kind, row.school, row.year) for row in uzhur.resource_items.rows]
    assert rows == [
        ("growth_point", "uzhurskaya-1", 2020),
        ("growth_point", "prirechenskaya", 2021),
        ("growth_point", "zlatorunovskaya", 2021),
        ("growth_point", "solgonskaya", 2022),
        ("growth_point", "krutoyarskaya", None),
        ("digital_environment", "uzhurskaya-2", 2020),
        ("digital_environment", "uzhurskaya-6", 2022),
    ]


def test_the_groups_of_the_municipal_assessment_are_the_documents(
    uzhur: FactsDocument, zhigalovo: FactsDocument
) -> None:
    codes = [group.code for group in uzhur.msoko_groups.rows]
    assert codes == ["1.1", "1.2", "1.3", "1.4", "2.2", "2.3", "2.4", "2.5", "3.1"]
    assert uzhur.msoko_groups.provenance == "document"
    assert zhigalovo.msoko_groups.rows == ()


def test_uzhurs_figures_add_up(uzhur: FactsDocument) -> None:
    stated = figures(uzhur)
    assert stated["pupils_town"] + stated["pupils_village"] == stated["pupils"]
    categories = ("no_category", "first_category", "highest_category")
    assert sum(stated[f"teachers_{name}"] for name in categories) == 100
    assert uzhur.municipality.population == 31672


def test_zhigalovos_schools_are_marked_placeholders(zhigalovo: FactsDocument) -> None:
    kinds = Counter(school.kind for school in zhigalovo.schools.rows)
    assert kinds == {"secondary": 7, "basic": 4, "primary": 1}
    for school in zhigalovo.schools.rows:
        assert school.synthetic
        assert school.name.startswith("Условная ")
    assert zhigalovo.schools.provenance == "unconfirmed"
    stated = figures(zhigalovo)
    parts = ("secondary_schools", "basic_schools", "primary_schools")
    assert sum(stated[part] for part in parts) == stated["schools"] == 12


def test_zhigalovos_figures_are_the_documents(zhigalovo: FactsDocument) -> None:
    stated = figures(zhigalovo)
    assert stated["staff"] == 202
    assert stated["teachers"] == 168
    assert stated["quality_rate"] == 34
    pupils = stated["pupils_largest_school"] * 100
    pupils /= stated["pupils_largest_school_share"]
    failing = 100 * stated["failing_pupils"] / pupils
    assert round(failing) == stated["failing_share"]


@pytest.mark.parametrize("path", [UZHUR, ZHIGALOVO], ids=lambda path: path.stem)
def test_the_calendar_is_unconfirmed_and_whole(path: Path) -> None:
    calendar = read_facts(path).calendar_periods
    assert calendar.provenance == "unconfirmed"
    quarters = {
        (row.academic_year, row.number): row
        for row in calendar.rows
        if row.kind == "quarter"
    }
    expected = {(2019, 3), (2019, 4)}
    expected |= {
        (year, number) for year in (2020, 2021, 2022) for number in range(1, 5)
    }
    assert set(quarters) == expected
    for quarter in quarters.values():
        assert quarter.starts_on.isoweekday() <= 5
        assert quarter.ends_on.isoweekday() <= 5
    halves = [row for row in calendar.rows if row.kind == "half_year"]
    assert len(halves) == 7
    for half in halves:
        first = quarters[half.academic_year, 2 * half.number - 1]
        second = quarters[half.academic_year, 2 * half.number]
        assert (half.starts_on, half.ends_on) == (first.starts_on, second.ends_on)


@pytest.mark.parametrize("path", [UZHUR, ZHIGALOVO], ids=lambda path: path.stem)
def test_no_person_is_named(path: Path) -> None:
    assert PERSON.findall(path.read_text(encoding="utf-8")) == []


BROKEN: list[tuple[str, Spoil, str, str]] = [
    (
        "a school that is not there",
        lambda data: data["vacancies"]["rows"][2].update(school="atlantis"),
        "vacancies.rows[2].school",
        "the table of schools has no atlantis",
    ),
    (
        "an unknown parent",
        lambda data: data["schools"]["rows"][16].update(parent="atlantis"),
        "schools.rows[16].parent",
        "the table of schools has no atlantis",
    ),
    (
        "a parent of a school that is no branch",
        lambda data: data["schools"]["rows"][0].update(parent="ilinskaya"),
        "schools.rows[0].parent",
        "uzhurskaya-1 is no branch but has a parent school",
    ),
    (
        "a spelling of two schools",
        lambda data: data["schools"]["rows"][1]["aliases"].append("сош №3"),
        "schools.rows[2]",
        "“СОШ №3” names both uzhurskaya-2 and uzhurskaya-3",
    ),
    (
        "a share above 100 %",
        lambda data: data["social_shares"]["rows"][0].update(percent="100.1"),
        "social_shares.rows[0].percent",
        "Input should be less than or equal to 100",
    ),
    (
        "a share that the passport does not have",
        lambda data: data["social_shares"]["rows"][0].update(indicator=18),
        "social_shares.rows[0].indicator",
        "Input should be less than or equal to 17",
    ),
    (
        "a repeated row",
        lambda data: data["objectivity_signs"]["rows"][1].update(year=2017),
        "objectivity_signs.rows[1]",
        "the row is repeated: ilinskaya, 2017",
    ),
    (
        "a mean load below the least",
        lambda data: data["staff_profiles"]["rows"][0].update(load_mean_hours=9),
        "staff_profiles.rows[0].load_mean_hours",
        "the least, mean and greatest load are not in ascending order",
    ),
    (
        "a range upside down",
        lambda data: data["condition_index_ranges"]["rows"][0].update(lowest="0.6"),
        "condition_index_ranges.rows[0].lowest",
        "the lowest 0.6 exceeds the highest 0.58",
    ),
    (
        "a quarter outside its year",
        lambda data: data["calendar_periods"]["rows"][0].update(academic_year=2018),
        "calendar_periods.rows[0].starts_on",
        "the period does not lie within the academic year 2018/2019",
    ),
    (
        "overlapping quarters",
        lambda data: data["calendar_periods"]["rows"][1].update(starts_on="2020-03-20"),
        "calendar_periods.rows[1].starts_on",
        "the period starts before the previous one ends, 2020-03-20",
    ),
    (
        "an unknown provenance",
        lambda data: data["figures"].update(provenance="hearsay"),
        "figures.provenance",
        "Input should be 'document', 'federal', 'regional', 'local' or 'unconfirmed'",
    ),
    (
        "an unknown time zone",
        lambda data: data["municipality"].update(time_zone="Asia/Uzhur"),
        "municipality.time_zone",
        "there is no time zone Asia/Uzhur",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "place", "reason"),
    [case[1:] for case in BROKEN],
    ids=[case[0] for case in BROKEN],
)
def test_broken_facts_are_refused_with_their_place(
    tmp_path: Path, uzhur: FactsDocument, spoil: Spoil, place: str, reason: str
) -> None:
    data = uzhur.model_dump(mode="json")
    spoil(data)
    path = tmp_path / "broken.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_facts(path)
    fault = caught.value.faults[0]
    assert fault.column == place
    assert fault.reason.en == reason
    assert re.search("[а-я]", fault.reason.ru)
    assert fault.row is not None
