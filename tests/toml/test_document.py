"""A parser's complaint is one offset in the file's bytes, whatever the parser counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from release_sync.toml.document import LIMIT, Broken, parse
from release_sync.toml.location import Location
from release_sync.toml.texts import Texts
from release_sync.trees.working_tree import WorkingTree

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("data", "before", "line", "column"),
    [
        (b"a = b\n", b"a = ", 1, 5),
        (b"a = 1\r\nb = c\r\n", b"a = 1\r\nb = ", 2, 5),
        ('a = "ä"\nb = "öü" x\n'.encode(), 'a = "ä"\nb = "öü" '.encode(), 2, 10),
        ("\ufeffa = b\n".encode(), "\ufeffa = ".encode(), 1, 5),
        ("\ufeffa = 1\nb = c".encode(), "\ufeffa = 1\nb = ".encode(), 2, 5),
        (b'a = "\xc3\xa4\xff"', b'a = "\xc3\xa4', 1, 7),
        (b"a = 1\nb =", b"a = 1\nb =", 2, 4),
        (b" " * (LIMIT + 1), b"", 1, 1),
    ],
    ids=["ascii", "crlf", "umlauts", "mark", "below the mark", "no utf-8", "end", "too long"],
)
def test_a_complaint_is_a_byte_offset(
    tmp_path: Path, data: bytes, before: bytes, line: int, column: int
) -> None:
    with pytest.raises(Broken) as caught:
        parse(data)
    broken = caught.value
    assert data[: broken.offset] == before
    assert (broken.line, broken.column) == (line, column)
    (tmp_path / "a.toml").write_bytes(data[:LIMIT])
    place = Location("a.toml", (), broken.offset, broken.offset)
    assert Texts(WorkingTree(str(tmp_path))).where(place) == (line, column)
