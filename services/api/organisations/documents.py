"""The file format of a municipality's facts: what `deploy/facts/*.yaml` may say."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from services.api.data_files import Code, FileModel, Words, broken_rule, read_data_file
from services.api.organisations.facts import (
    CalendarPeriodEntry,
    ConditionIndexRangeEntry,
    Count,
    FigureEntry,
    ListMembershipEntry,
    MsokoGroupEntry,
    ObjectivitySignEntry,
    ResourceItemEntry,
    SchoolEntry,
    SchoolFact,
    SocialShareEntry,
    StaffProfileEntry,
    Table,
    VacancyEntry,
)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise broken_rule(
            f"нет часового пояса {name}", f"there is no time zone {name}"
        ) from error
    return name


class RegionEntry(FileModel):
    """The subject of the federation that the municipality lies in."""

    code: Code
    name: Words


class MunicipalityEntry(FileModel):
    """The municipality itself; area and population where the document has them."""

    code: Code
    name: Words
    region: RegionEntry
    time_zone: Annotated[str, AfterValidator(_known_zone)]
    area_km2: Annotated[int, Field(gt=0)] | None
    population: Count | None


class SourceEntry(FileModel):
    """The document that the facts are taken from, and the programme's code."""

    title: Words
    body: Words
    date: date
    programme: Code


class FactsDocument(FileModel):
    """What is known of a municipality and its schools, table by table.

    Every table carries its provenance; every row that concerns a school names it by
    its code in `schools`. `remarks` record what the source leaves open or contradicts.
    """

    format: Literal[1]
    municipality: MunicipalityEntry
    source: SourceEntry
    remarks: tuple[Words, ...]
    schools: Table[SchoolEntry]
    figures: Table[FigureEntry]
    list_memberships: Table[ListMembershipEntry]
    social_shares: Table[SocialShareEntry]
    staff_profiles: Table[StaffProfileEntry]
    vacancies: Table[VacancyEntry]
    objectivity_signs: Table[ObjectivitySignEntry]
    resource_items: Table[ResourceItemEntry]
    msoko_groups: Table[MsokoGroupEntry]
    condition_index_ranges: Table[ConditionIndexRangeEntry]
    calendar_periods: Table[CalendarPeriodEntry]

    @model_validator(mode="after")
    def _spellings_name_one_school(self) -> Self:
        owners: dict[str, str] = {}
        for index, school in enumerate(self.schools.rows):
            for spelling in (school.name, *school.aliases):
                owner = owners.setdefault(spelling.casefold(), school.code)
                if owner != school.code:
                    raise broken_rule(
                        f"«{spelling}» называет и {owner}, и {school.code}",
                        f"“{spelling}” names both {owner} and {school.code}",
                        *("schools", "rows", index),
                    )
        return self

    @model_validator(mode="after")
    def _only_branches_have_parents(self) -> Self:
        for index, school in enumerate(self.schools.rows):
            if school.parent is not None and school.kind != "branch":
                raise broken_rule(
                    f"{school.code} не филиал, но у неё есть головная школа",
                    f"{school.code} is no branch but has a parent school",
                    *("schools", "rows", index, "parent"),
                )
        return self

    @model_validator(mode="after")
    def _schools_exist(self) -> Self:
        known = {school.code for school in self.schools.rows}
        for place, code in self._references():
            if code not in known:
                raise broken_rule(
                    f"школы {code} нет в таблице schools",
                    f"the table of schools has no {code}",
                    *place,
                )
        return self

    @model_validator(mode="after")
    def _periods_do_not_overlap(self) -> Self:
        last: dict[str, CalendarPeriodEntry] = {}
        for index, period in enumerate(self.calendar_periods.rows):
            before = last.get(period.kind)
            if before is not None and period.starts_on <= before.ends_on:
                raise broken_rule(
                    f"период начинается до конца предыдущего, {before.ends_on}",
                    f"the period starts before the previous one ends, {before.ends_on}",
                    *("calendar_periods", "rows", index, "starts_on"),
                )
            last[period.kind] = period
        return self

    def _references(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for index, school in enumerate(self.schools.rows):
            if school.parent is not None:
                yield ("schools", "rows", index, "parent"), school.parent
        tables: dict[str, Iterable[SchoolFact]] = {
            "list_memberships": self.list_memberships.rows,
            "social_shares": self.social_shares.rows,
            "staff_profiles": self.staff_profiles.rows,
            "vacancies": self.vacancies.rows,
            "objectivity_signs": self.objectivity_signs.rows,
            "resource_items": self.resource_items.rows,
        }
        for name, rows in tables.items():
            for index, row in enumerate(rows):
                yield (name, "rows", index, "school"), row.school


def read_facts(path: Path) -> FactsDocument:
    """Read and check the facts of one municipality.

    Raises:
        DataFileError: With the file, the line, the field and the reason.
    """
    return read_data_file(path, FactsDocument)
