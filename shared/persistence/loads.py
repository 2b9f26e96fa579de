"""Which shipped documents were loaded already."""

from hashlib import sha256

from sqlalchemy.dialects.postgresql import insert

from shared.persistence.tables.loads import LoadedDocumentRow
from shared.persistence.work import Work


async def note_document(work: Work, name: str, content: bytes) -> bool:
    """Note that a document is being loaded; tell whether it was not, as it is now."""
    row = LoadedDocumentRow
    digest = sha256(content).hexdigest()
    written = insert(row).values(name=name, sha256=digest, loaded_at=work.now)
    statement = written.on_conflict_do_update(
        index_elements=[row.name],
        set_={"sha256": digest, "loaded_at": work.now},
        where=row.sha256 != digest,
    ).returning(row.name)
    return await work.session.scalar(statement) is not None
