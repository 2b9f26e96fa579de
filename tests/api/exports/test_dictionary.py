"""The dictionary of columns, the empty forms, and that no dataset is forgotten."""

from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import httpx
from sqlalchemy import Table
from sqlalchemy.sql import visitors

from services.api.datasets.columns import Need
from services.api.datasets.definitions import DATASETS
from services.api.exports.templates import choices_of
from shared.persistence.schema import metadata
from tests.api.exports.reading import read_workbook
from tests.support.api import ClientAs

# Tables of the api that no export shows by themselves, and why.
NOT_EXPORTED = {
    "agreement_confirmations": "read with their agreement; they name accounts",
    "agreement_events": "read with their agreement; they name accounts",
    "agreement_meetings": "read with their agreement",
    "agreement_measures": "read with their agreement",
    "agreement_registers": "the last numbers given",
    "agreement_scans": "read with their agreement, as files",
    "agreement_signatures": "read with their agreement; they name accounts",
    "api_tokens": "what programs act with",
    "contact_confirmation_dates": "deadlines tell of them",
    "contact_confirmations": "read with the schools that have not confirmed",
    "client_assertions": "what was used once, until it has expired",
    "client_credentials": "what clients prove themselves by",
    "clients": "what programs act with",
    "audit_chains": "the audit's own; verified by a command",
    "bounces": "what came back, read in pages by those who see to it",
    "audit_entries": "the audit's own; read in pages by those who may",
    "calendar_days": "read with the municipality's calendar",
    "data_year_dates": "a day for each year; shown by the deadlines that it opens",
    "changes": "the feed's own: what was changed in the others",
    "exchange_runs": "wishes that the notifier answers",
    "exchange_targets": "where rows are sent, read in pages by those who see to it",
    "feed_entries": "the feed's own, for the moment before they are numbered",
    "feed_state": "how far the feed goes",
    "feed_tables": "which tables the feed follows",
    "data_years": "how far the data are, not data; listed for each school",
    "feeds": "addresses that calendar programs read",
    "idempotency_keys": "answers kept for a day",
    "import_lines": "of an upload, not of the programme's record",
    "import_runs": "of an upload, not of the programme's record",
    "identities": "how people sign in",
    "imports": "of an upload, not of the programme's record",
    "inbox_reads": "a person's own marks",
    "loaded_documents": "which shipped documents were loaded",
    "invitations": "accounts that may be opened",
    "mentor_matches": "read with the offer, the request and the agreement",
    "mentor_suggestion_decisions": "read in pages by those who decide",
    "method_periods": "rules, not data; read with their method",
    "methods": "rules, not data; read as they are",
    "missed_deadlines": "the days that ended with deadlines owed; the feed tells",
    "operation_uses": "who uses the api, not what is in it",
    "outbox": "messages between the services",
    "plan_imports": "of an upload, not of the programme's record",
    "programme_amendment_changes": "read with their amendment",
    "programme_amendments": "read with their programme, in words",
    "programme_reports": "filed papers, read in pages with their files",
    "procedures": "a reference list that all share",
    "regions": "a reference list that all share",
    "sandbox_clock": "the sandbox's own",
    "regional_reminder_rules": "rules, not data; read with their versions",
    "reminder_acknowledgements": "answers to reminders",
    "reminder_preferences": "a person's own choices",
    "reminder_rules": "rules, not data; read with their versions",
    "reminder_snoozes": "answers to reminders",
    "resends": "wishes of the moment; what became of them is in the log",
    "reminder_channels": "a person's own; their addresses are secrets",
    "reorganisations": "orders, read in pages with the schools they concern",
    "school_lineage": "read with the reorganisations",
    "sessions": "sign-ins",
    "sign_in_attempts": "sign-ins",
    "snapshots": "which copies were begun; read by those who take them",
    "subjects": "a reference list that all share",
    "tandem_members": "read with their tandem",
    "tandems": "groups, read in pages with their members",
    "tasks": "read with their programme",
    "teachers": "names of persons: read where that is kept in the audit",
    "used_reminder_links": "links that were acted on",
    "users": "accounts",
    "webhook_endpoints": "where other systems are told; their addresses are secrets",
    "webhook_replays": "wishes of the moment; what became of them is in the log",
    "webhook_secrets": "what webhooks are signed with",
}


def tables_of(code: str) -> Iterator[str]:
    statement = DATASETS[code].select(municipality_id=None, academic_year=None)
    for element in visitors.iterate(statement):
        if isinstance(element, Table) and element.schema == "api":
            yield element.name


def test_every_table_of_the_api_is_exported_or_has_a_reason_not_to_be() -> None:
    exported = {name for code in DATASETS for name in tables_of(code)}
    of_the_api = {
        table.name for table in metadata.tables.values() if table.schema == "api"
    }
    forgotten = of_the_api - exported - NOT_EXPORTED.keys()
    assert not forgotten, (
        f"add to services/api/datasets/definitions, or here: {forgotten}"
    )
    assert not exported & NOT_EXPORTED.keys()


def test_every_dataset_describes_what_it_selects() -> None:
    for code, dataset in DATASETS.items():
        selected = dataset.select(
            municipality_id=1, academic_year=2019
        ).selected_columns
        names = [column.name for column in dataset.columns]
        assert [column.key for column in selected] == names, code
        assert len(set(names)) == len(names), code
        assert {"municipality_id", "synthetic"} <= set(names), code


async def test_the_dictionary_names_columns_in_code_and_in_both_languages(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur.ilinskaya")
    items = (await client.get("/v1/export-datasets")).json()["items"]
    assert [item["code"] for item in items] == list(DATASETS)
    staff = next(item for item in items if item["code"] == "staff-profiles")
    assert staff["permission"] == "conditions:read"
    columns = {column["name"]: column for column in staff["columns"]}
    assert columns["load_mean_hours"] == {
        "name": "load_mean_hours",
        "title": {"ru": "Средняя нагрузка", "en": "Mean load"},
        "type": "number",
        "unit": {"ru": "часов в неделю", "en": "hours a week"},
        "allowed": [],
        "need": "optional",
    }
    assert columns["as_of"]["need"] == "required"
    assert columns["school_name"]["need"] == "system"
    assert "unconfirmed" in columns["provenance"]["allowed"]


async def test_a_form_has_the_columns_of_the_dictionary_and_no_rows(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    for code in DATASETS:
        await check_form(client, code)


async def check_form(client: httpx.AsyncClient, code: str) -> None:
    answer = await client.get(f"/v1/export-datasets/{code}/template")
    assert answer.status_code == 200
    form = read_workbook(answer.content)
    columns = DATASETS[code].columns
    assert form.codes == [column.name for column in columns]
    for title, column in zip(form.titles, columns, strict=True):
        assert title.startswith(column.title.ru)
    assert form.rows == []
    assert form.names[1] == "Словарь"
    dictionary = form.content.get_sheet_by_name("Словарь").to_python()
    assert [row[0] for row in dictionary[1:]] == form.codes
    exported = await client.get(f"/v1/exports/{code}", params={"format": "xlsx"})
    assert read_workbook(exported.content).titles == form.titles


def test_a_form_offers_the_values_of_closed_sets() -> None:
    kinds = {column.name: column for column in DATASETS["schools"].columns}
    assert choices_of(kinds["kind"]) == ["secondary", "basic", "primary", "branch"]
    assert choices_of(kinds["name"]) == []
    for dataset in DATASETS.values():
        for column in dataset.columns:
            if column.need is Need.SYSTEM:
                assert choices_of(column) == []


async def test_a_form_carries_its_lists_into_the_workbook(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    answer = await client.get("/v1/export-datasets/schools/template")
    with ZipFile(BytesIO(answer.content)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert '"secondary,basic,primary,branch"' in sheet.replace("&quot;", '"')
    assert '"town,village"' in sheet.replace("&quot;", '"')
