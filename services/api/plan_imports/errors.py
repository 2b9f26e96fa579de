"""Why a plan's table is not imported."""

from shared.domain.errors import ConflictError, InvalidInputError, NotFoundError, Text


class PlanImportNotFoundError(NotFoundError):
    """There is no such import of a plan, or the caller may not know of it."""

    code = "plan_import_not_found"
    title = Text("Загрузка плана не найдена", "Import of a plan not found")


class PlanImportCommittedError(ConflictError):
    """The import has been committed; once more would change nothing."""

    code = "plan_import_committed"
    title = Text("План уже применён", "The plan is already committed")


class PlanImportOutdatedError(ConflictError):
    """The programme or its calendar is not what the preview was made from."""

    code = "plan_import_outdated"
    title = Text("Просмотр устарел", "The preview is out of date")


class PlanLinesRefusedError(InvalidInputError):
    """Lines cannot be read, or what is said of them does not fit; each is named."""

    code = "plan_lines_refused"
    title = Text("Строки плана не приняты", "Lines of the plan were not accepted")


class OrderRequiredError(InvalidInputError):
    """The programme is in force: only an order changes it."""

    code = "order_required"
    title = Text("Нужен приказ", "An order is required")


def unknown_import(import_id: int) -> PlanImportNotFoundError:
    """Say that there is no such import, for whatever reason."""
    return PlanImportNotFoundError(
        Text(
            f"Загрузки плана {import_id} нет или она вам недоступна.",
            f"There is no import {import_id} of a plan, or it is not accessible to "
            "you.",
        )
    )


def already_committed(import_id: int) -> PlanImportCommittedError:
    """Say that there is nothing more to do."""
    return PlanImportCommittedError(
        Text(
            f"Загрузка плана {import_id} уже применена. Чтобы применить исправленную "
            "таблицу, загрузите её снова.",
            f"Import {import_id} of a plan is committed already. To commit a corrected "
            "table, upload it again.",
        )
    )


def outdated(import_id: int) -> PlanImportOutdatedError:
    """Say that what was previewed is not what committing would do now."""
    return PlanImportOutdatedError(
        Text(
            f"Ничего не изменено: программа или календарь уже не те, что при просмотре "
            f"{import_id}, или fingerprint взят не из него. Загрузите таблицу снова и "
            "проверьте строки.",
            "Nothing was changed: the programme or the calendar is not what it was at "
            f"preview {import_id}, or the fingerprint is not from it. Upload the table "
            "again and check its lines.",
        )
    )


def order_required() -> OrderRequiredError:
    """Say what to state, and why."""
    return OrderRequiredError(
        Text(
            "Программа уже действует, её меняют приказом. Укажите его: order с полями "
            "order_number, order_on, body и reason.",
            "The programme is in force, and an order changes it. State it: order with "
            "order_number, order_on, body and reason.",
        )
    )
