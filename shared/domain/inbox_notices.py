"""What people find in their inboxes at once, in the words that they are told by."""

from dataclasses import dataclass
from datetime import date

from shared.domain.errors import Text


@dataclass(frozen=True, slots=True)
class Notice:
    """A message in both languages; everybody reads it in their own."""

    subject: Text
    body: Text


def returned_work(title: Text, comment: str | None, due_on: date | None) -> Notice:
    """Return what is told of work that was returned.

    Args:
        title: What the work is called.
        comment: What it lacks, in the words of whoever returned it.
        due_on: By when it is owed, if there is such a day.
    """
    ru = [f"Возвращено на доработку: {title.ru}"]
    en = [f"Returned for revision: {title.en}"]
    if comment:
        ru.append(f"Что исправить: {comment}")
        en.append(f"What to mend: {comment}")
    if due_on is None:
        ru.append("Исправьте и сдайте снова.")
        en.append("Mend it and hand it in again.")
    else:
        ru.append(f"Исправьте и сдайте снова до {due_on:%d.%m.%Y}.")
        en.append(f"Mend it and hand it in again by {due_on}.")
    return Notice(Text(ru[0], en[0]), Text("\n\n".join(ru), "\n\n".join(en)))
