"""What changes of the rows of datasets are called, in both languages."""

from services.api.timeline.wording import because
from shared.domain.errors import Text

CHANGES = {
    "create": Text("внесена запись", "row written"),
    "update": Text("запись исправлена", "row corrected"),
    "remove": Text("запись удалена", "row removed"),
    "explain": Text("школа дала пояснение", "explained by the school"),
}


def record_changed(dataset: Text, action: str, reason: str | None) -> Text:
    """Name what was done with a row of a dataset."""
    done, why = CHANGES.get(action, Text(action, action)), because(reason)
    return Text(
        f"{dataset.ru}: {done.ru}{why.ru}",
        f"{dataset.en}: {done.en}{why.en}",
    )
