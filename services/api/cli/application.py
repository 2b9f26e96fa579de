"""All commands, by their names."""

import typer

from services.api.cli.auditing import verify_audit
from services.api.cli.backups import backup, restore
from services.api.cli.calculations import recalculate
from services.api.cli.clients import clients
from services.api.cli.exports import export_dataset
from services.api.cli.imports import import_file
from services.api.cli.methods import methods
from services.api.cli.replaying import replay
from services.api.cli.setting_up import load, migrate, prepare
from services.api.cli.tokens import tokens
from services.api.cli.users import add_account, users

app = typer.Typer(
    help=(
        "Commands of Podyom. `import` and `export` talk to an api (PODYOM_URL, "
        "PODYOM_TOKEN), all others to the database (DATABASE_URL)."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command()(migrate)
app.command()(load)
app.command()(prepare)
app.command("add-account")(add_account)
app.command("verify-audit")(verify_audit)
app.command()(backup)
app.command()(restore)
app.command("import")(import_file)
app.command("export")(export_dataset)
app.command()(recalculate)
app.add_typer(methods, name="methods")
app.add_typer(users, name="users")
app.add_typer(tokens, name="tokens")
app.add_typer(clients, name="clients")
app.add_typer(replay, name="replay")
