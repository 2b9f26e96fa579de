"""What commands say, in the language of the terminal or of `--language`."""

import os
from collections.abc import Mapping
from typing import Final

import typer

from shared.domain.errors import Text

LOCALE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts


def language_of(environ: Mapping[str, str]) -> str:
    """Return the language of a terminal: English where its locale says so."""
    said = next((environ[name] for name in LOCALE if environ.get(name)), "")
    return "en" if said.startswith("en") else "ru"


def say(text: Text, language: str) -> None:
    """Tell what was done."""
    typer.echo(text.in_language(language))


def complain(text: Text, language: str, *, code: int) -> typer.Exit:
    """Tell what is wrong; the caller raises what is returned, and so ends."""
    typer.echo(text.in_language(language), err=True)
    return typer.Exit(code=code)


def own_language(wanted: str | None) -> str:
    """Return the language that was asked for, or else that of the terminal."""
    return wanted or language_of(os.environ)
