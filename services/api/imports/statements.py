"""The SQL of a target: made from its description, once, and from nothing else."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import TextClause, text

from services.api.imports import compare_statement, undo_statements, write_statements
from services.api.imports.targets import TargetTable


@dataclass(frozen=True, slots=True)
class Statements:
    """What is done with lines of a file and rows of a table, in sets."""

    compare: TextClause
    insert: TextClause
    update: TextClause
    count_unchanged: TextClause
    find_changed_since: TextClause
    restore: TextClause
    remove: TextClause


@lru_cache
def statements_of(target: TargetTable) -> Statements:
    """Return the statements of a target."""
    return Statements(
        compare=text(compare_statement.compare(target)),
        insert=text(write_statements.insert(target)),
        update=text(write_statements.update(target)),
        count_unchanged=text(write_statements.count_unchanged(target)),
        find_changed_since=text(undo_statements.find_changed_since(target)),
        restore=text(undo_statements.restore(target)),
        remove=text(undo_statements.remove(target)),
    )
