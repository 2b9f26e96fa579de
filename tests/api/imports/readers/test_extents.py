"""How far the cells of a sheet reach, read over whole pieces of XML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.utility import xl_col_to_name

from services.api.imports.readers.extents import Extent, usual_extent

CELLS = st.lists(
    st.tuples(
        st.integers(1, 16_384),
        st.integers(1, 1_048_576),
        st.sampled_from([' t="s"><v>1</v></c>', "/>", "><v>2.5</v></c>"]),
    )
)


@given(cells=CELLS)
def test_usual_cells_are_measured(cells: list[tuple[int, int, str]]) -> None:
    tags = "<cols><col/></cols><row>" + "".join(
        f'<c r="{xl_col_to_name(column - 1)}{number}"{rest}'
        for column, number, rest in cells
    )
    expected = Extent(
        max((number for _, number, _ in cells), default=0),
        max((column for column, _, _ in cells), default=0),
    )
    assert usual_extent(tags.encode()) == expected


@pytest.mark.parametrize(
    "tags",
    [
        b"<c r='A1'>",
        b'<c  r="A1">',
        b'<c s="1" r="A1">',
        b'<c r="a1">',
        b'<c r="AAAA1">',
        b'<c r="A12345678">',
        b'<c r="1">',
        b'<c r="A">',
        b'<c r="A0">',
        b'<c r="A1"\n>',
        b'<c\tr="A1">',
        b"<c>",
        b"<c",
        b'<c r="A1',
        b'<x:row/><cell r="B2">'.replace(b"cell", b"c\n"),
    ],
)
def test_cells_that_are_written_otherwise_are_left_to_a_closer_look(
    tags: bytes,
) -> None:
    assert usual_extent(b'<c r="A1"/>' + tags) is None
