"""Programs that get their tokens themselves, by OAuth 2.0 client credentials."""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from services.api.access import on_site
from services.api.access.accounts import part_of_codes
from services.api.access.clients import credentials, repository, usecases
from services.api.access.clients.schemas import ClientIn, JwksIn, SecretIn
from services.api.cli.paging import every_row
from services.api.cli.running import in_one_transaction, refuse
from services.api.cli.tables import print_table
from services.api.cli.users import Municipality, Region, School
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work
from shared.runtime.clock import system_now
from shared.runtime.rate_limit_settings import rate_limits_of
from shared.runtime.settings import SettingsError

TITLES = (
    *("id", "client_id", "name", "scopes", "municipality_id", "school_id"),
    *("issuer_id", "expires_at", "revoked_at", "last_used_at"),
)
CREDENTIAL_TITLES = (
    *("id", "kind", "key_id", "created_at", "expires_at", "revoked_at"),
    "last_used_at",
)

clients = typer.Typer(
    help="Programs that get their tokens themselves (OAuth 2.0); needs DATABASE_URL.",
    no_args_is_help=True,
)

As = Annotated[str, typer.Option("--as", help="Who wishes it: a login")]
Number = Annotated[int, typer.Argument(min=1, help="`id` in the list")]


@clients.command()
def create(
    name: str,
    *,
    as_login: Annotated[str, typer.Option("--as", help="Whose rights it has: a login")],
    scope: Annotated[list[str], typer.Option(help="results:read; may be repeated")],
    region: Region = None,
    municipality: Municipality = None,
    school: School = None,
    days: Annotated[
        int, typer.Option(min=1, max=730, help="How long it is good")
    ] = 365,
    rate_limit: Annotated[
        int | None, typer.Option(min=1, help="Requests a minute, of its own")
    ] = None,
    jwks: Annotated[
        Path | None, typer.Option(help="Public keys (RFC 7517), instead of a secret")
    ] = None,
) -> None:
    """Register a program; print its `client_id` and its secret, which is shown once."""
    keys = None if jwks is None else _keys_in(jwks)
    highest = _highest_rate()

    async def make(work: Work) -> tuple[AnyRow, str | None]:
        actor = await on_site.act_for(work, as_login)
        part = await part_of_codes(
            work, region=region, municipality=municipality, school=school
        )
        wanted = ClientIn.model_validate(
            {
                "name": name,
                "scopes": scope,
                "region_id": part.region_id,
                "municipality_id": part.municipality_id,
                "school_id": part.school_id,
                "expires_at": system_now() + timedelta(days=days),
                "rate_limit": rate_limit,
                "jwks": keys,
            }
        )
        return await usecases.register(work, actor, wanted, highest_rate=highest)

    try:
        row, secret = in_one_transaction(make)
    except ValidationError:
        known = ", ".join(Permission)
        raise refuse(
            Text(
                f"Имя, право или лимит не подходит. Права: {known}.",
                f"The name, a scope or the limit will not do. There are: {known}.",
            )
        ) from None
    typer.echo(row.client_id if secret is None else f"{row.client_id} {secret}")


@clients.command("list")
def list_clients(
    *,
    unused_days: Annotated[
        int | None, typer.Option(min=1, help="Only those not used for so long")
    ] = None,
) -> None:
    """List programs by number, without what they prove themselves by."""
    since = None if unused_days is None else system_now() - timedelta(days=unused_days)

    async def read(work: Work) -> list[AnyRow]:
        return await every_row(
            lambda after, limit: repository.list_clients(
                work, unused_since=since, after=after, limit=limit
            )
        )

    rows = in_one_transaction(read)
    print_table(TITLES, ([getattr(row, name) for name in TITLES] for row in rows))


@clients.command("credentials")
def list_credentials(number: Number) -> None:
    """List the secrets and keys of a program, without the secrets themselves."""

    async def read(work: Work) -> list[AnyRow]:
        client = await usecases.find(work, number)
        return await every_row(
            lambda after, limit: repository.list_credentials(
                work, client.id, after=after, limit=limit
            )
        )

    rows = in_one_transaction(read)
    print_table(
        CREDENTIAL_TITLES,
        ([getattr(row, name) for name in CREDENTIAL_TITLES] for row in rows),
    )


@clients.command("rotate-secret")
def rotate_secret(
    number: Number,
    *,
    as_login: As,
    hours: Annotated[
        int | None,
        typer.Option(min=1, max=8760, help="How long the present one stays good"),
    ] = None,
) -> None:
    """Print another secret; the present one stays good for so many hours, or on."""
    ends_at = None if hours is None else system_now() + timedelta(hours=hours)

    async def make(work: Work) -> str:
        await on_site.act_for(work, as_login)
        client = await usecases.lock(work, number)
        wanted = SecretIn(others_end_at=ends_at)
        _, secret = await credentials.rotate(work, client, wanted)
        return secret

    typer.echo(in_one_transaction(make))


@clients.command()
def revoke(
    number: Number,
    *,
    as_login: As,
    credential: Annotated[
        int | None, typer.Option(min=1, help="Only this secret or key")
    ] = None,
) -> None:
    """End a program, or one secret or key of it, and the tokens it got, at once."""

    async def end(work: Work) -> None:
        await on_site.act_for(work, as_login)
        if credential is None:
            await usecases.revoke(work, number)
        else:
            client = await usecases.lock(work, number)
            await credentials.revoke_credential(work, client, credential)

    in_one_transaction(end)
    typer.echo(f"Отозван: {number} / Revoked: {number}")


def _keys_in(path: Path) -> JwksIn:
    try:
        return JwksIn.model_validate(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError):  # of which pydantic's and JSON's are
        raise refuse(
            Text(
                f"{path}: нужен набор открытых ключей JWKS (RFC 7517) в JSON.",
                f"{path}: it must be a set of public keys, JWKS (RFC 7517), as JSON.",
            )
        ) from None


def _highest_rate() -> int:
    try:
        return rate_limits_of(os.environ).of_accounts
    except SettingsError as error:
        raise refuse(error.text) from None
