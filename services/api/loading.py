"""Loading everything that ships in `deploy/`, in the order in which it is needed."""

from pathlib import Path

from services.api.methods.loading import load_method, read_method
from services.api.organisations.documents import read_facts
from services.api.organisations.loading import load_facts
from services.api.programmes.documents import read_programme
from services.api.programmes.loading import is_amended, load_programme
from services.api.results.loading import load_reference
from services.api.results.reference import load_reference as read_reference
from services.api.scheduling.catching_up import catch_up
from services.api.scheduling.fan_out import fan_out
from shared.persistence.loads import note_document
from shared.persistence.upsert import Written
from shared.persistence.work import Work


async def load_programmes(work: Work, folder: Path, *, sandbox: bool) -> Written:
    """Load references, facts, methods and programmes from `folder`.

    In a sandbox the municipalities are marked as having synthetic results. A document
    that was loaded before is passed over, so that what people have corrected since
    stays; one that has changed is written anew, except a programme that orders have
    amended: from then on it changes by orders only.
    """
    written = await load_reference(work, read_reference(folder / "reference"))
    for path in await _changed(work, folder / "facts"):
        written += await load_facts(work, read_facts(path), synthetic_results=sandbox)
    for path in await _changed(work, folder / "methods"):
        written += await load_method(work, read_method(path))
    for path in await _changed(work, folder / "programmes"):
        document = read_programme(path)
        if await is_amended(work, document.code):
            continue
        written += await load_programme(work, document)
        written += await fan_out(work, document.code)
    await catch_up(work)
    return written


async def _changed(work: Work, folder: Path) -> list[Path]:
    """Return the documents that were not loaded as they are now, and note them."""
    documents = _read_all(folder)
    return [
        path
        for path, content in documents.items()
        if await note_document(work, f"{folder.name}/{path.name}", content)
    ]


def _read_all(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.glob("*.yaml"))}
