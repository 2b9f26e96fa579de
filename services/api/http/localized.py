"""Texts in both languages, as answers hold them."""

from pydantic import BaseModel


class LocalizedOut(BaseModel):
    """A text in both languages."""

    ru: str
    en: str
