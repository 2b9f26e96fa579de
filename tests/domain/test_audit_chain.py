"""Chains of sealed entries, whole and tampered with."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from shared.domain.audit_chain import FIRST, Break, Sealed, Walk, seal

CONTENTS = st.lists(st.text(max_size=20), min_size=1, max_size=12)


def chain_of(contents: Sequence[str]) -> list[Sealed]:
    """Seal the contents; numbers have gaps, as a shared sequence gives them."""
    chain: list[Sealed] = []
    previous = FIRST
    for position, content in enumerate(contents, start=1):
        current = seal(previous, position, content)
        chain.append(Sealed(position * 10, position, previous, current, content))
        previous = current
    return chain


def walk(chain: Sequence[Sealed], sealed: Sequence[Sealed]) -> Walk:
    """Walk along what is found, where `sealed` is what was sealed."""
    result = Walk()
    for entry in chain:
        result.step(entry)
    end = sealed[-1]
    result.arrive(entries=len(sealed), number=end.number, last_seal=end.seal)
    return result


def test_a_seal_is_the_hash_of_the_seal_before_the_place_and_the_content() -> None:
    expected = hashlib.sha256(bytes(32) + b"1:[7]").digest()
    assert seal(FIRST, 1, "[7]") == expected


@given(CONTENTS)
def test_an_untouched_chain_is_whole(contents: list[str]) -> None:
    chain = chain_of(contents)
    found = walk(chain, chain)
    assert (found.how, found.broken_at) == (None, None)
    assert found.entries == len(contents)
    assert found.last_seal == chain[-1].seal


@given(CONTENTS, st.data(), st.text(max_size=20))
def test_an_altered_entry_is_named(
    contents: list[str], data: st.DataObject, forged: str
) -> None:
    chain = chain_of(contents)
    at = data.draw(st.integers(0, len(chain) - 1))
    assume(forged != chain[at].content)
    found = walk(
        [*chain[:at], replace(chain[at], content=forged), *chain[at + 1 :]], chain
    )
    assert (found.how, found.broken_at) == (Break.ALTERED, chain[at].number)


@given(CONTENTS, st.data(), st.text(max_size=20))
def test_an_altered_entry_that_is_sealed_anew_breaks_what_follows(
    contents: list[str], data: st.DataObject, forged: str
) -> None:
    chain = chain_of(contents)
    at = data.draw(st.integers(0, len(chain) - 1))
    assume(forged != chain[at].content)
    old = chain[at]
    new = replace(old, content=forged, seal=seal(old.previous, old.position, forged))
    found = walk([*chain[:at], new, *chain[at + 1 :]], chain)
    expected = (
        (Break.WRONG_END, old.number)
        if at == len(chain) - 1
        else (Break.MISSING_BEFORE, chain[at + 1].number)
    )
    assert (found.how, found.broken_at) == expected


@given(CONTENTS, st.data())
def test_a_removed_entry_is_missed_before_the_next_or_at_the_end(
    contents: list[str], data: st.DataObject
) -> None:
    chain = chain_of(contents)
    at = data.draw(st.integers(0, len(chain) - 1))
    found = walk([*chain[:at], *chain[at + 1 :]], chain)
    expected = (
        (Break.WRONG_END, chain[-1].number)
        if at == len(chain) - 1
        else (Break.MISSING_BEFORE, chain[at + 1].number)
    )
    assert (found.how, found.broken_at) == expected


@given(CONTENTS)
def test_entries_beyond_the_end_of_what_was_sealed_are_noticed(
    contents: list[str],
) -> None:
    chain = chain_of([*contents, "more"])
    found = walk(chain, chain[:-1])
    assert found.how is Break.WRONG_END


def test_a_chain_of_which_nothing_is_known_is_noticed() -> None:
    (entry,) = chain_of(["x"])
    found = Walk()
    found.step(entry)
    found.arrive(entries=0, number=None, last_seal=FIRST)
    assert (found.how, found.broken_at) == (Break.WRONG_END, entry.number)


def test_an_empty_chain_is_whole() -> None:
    found = Walk()
    found.arrive(entries=0, number=None, last_seal=FIRST)
    assert found.how is None
