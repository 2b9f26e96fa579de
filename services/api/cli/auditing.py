"""Checking the record of changes."""

import typer

from services.api.cli.running import WRONG_DATA, in_one_transaction
from shared.persistence.audit_chain import ChainReport, verify


def verify_audit() -> None:
    """Walk along every chain of the audit; exit with 1 where one is broken."""
    chains = in_one_transaction(verify, isolation="REPEATABLE READ")
    for chain in chains:
        typer.echo(line_of(chain))
    if any(chain.how for chain in chains):
        raise typer.Exit(code=WRONG_DATA)


def line_of(chain: ChainReport) -> str:
    """Say what was found in one chain; the last hash is worth keeping elsewhere."""
    state = "ok" if chain.how is None else f"BROKEN at {chain.broken_at}: {chain.how}"
    return (
        f"{chain.municipality or '(system)'}: {chain.entries} entries, "
        f"{chain.sealed} sealed, {chain.entries - chain.sealed} not yet, {state}, "
        f"last hash {chain.last_hash}"
    )
