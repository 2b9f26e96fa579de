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


def bounced_address(
    school: str | None, *, account_id: int | None, bounce_id: int
) -> Notice:
    """Return the task to mend an address that mail comes back from, without naming it.

    Args:
        school: Whose account or contact it is; the municipality's own without one.
        account_id: The account; a contact without one.
        bounce_id: The bounce, which is open until the address is another.
    """
    at = Text(f" ({school})", f" ({school})") if school else Text("", "")
    if account_id is None:
        who = Text(f"контакта{at.ru}", f"a contact{at.en}")
        way = Text(
            "Исправьте электронную почту в контактах.",
            "Mend the e-mail address among the contacts.",
        )
    else:
        who = Text(
            f"учётной записи {account_id}{at.ru}", f"the account {account_id}{at.en}"
        )
        way = Text(
            f"Исправьте адрес: PATCH /v1/accounts/{account_id}.",
            f"Mend the address: PATCH /v1/accounts/{account_id}.",
        )
    return Notice(
        Text(
            f"Почта возвращается: исправьте адрес {who.ru}",
            f"Mail comes back: mend the address of {who.en}",
        ),
        Text(
            f"Письма на адрес {who.ru} возвращаются, и больше их туда не шлют. "
            f"{way.ru} Запись о возврате {bounce_id} закроется сама.",
            f"Mail to the address of {who.en} comes back, and no more is sent there. "
            f"{way.en} The bounce {bounce_id} is then settled by itself.",
        ),
    )
