"""An edit as a diff: what can be read of it."""

from __future__ import annotations

import hashlib

from release_sync.cli.difference import MOST, difference


def test_what_is_no_text_is_told_by_its_size_and_its_hash() -> None:
    after = b"\x00\xff" * 40
    sha256 = hashlib.sha256(after).hexdigest()
    head = ["--- a/x", "+++ b/x"]
    told = f"@@ no text: 3 bytes before, 80 after, with sha256 {sha256} @@"
    assert difference("x", b"one", after) == [*head, told]
    gone = difference("x", after, b"one\n")
    assert gone[2].startswith("@@ no text: 80 bytes before, 4 after")
    assert difference("x", b"", b"\xe9\n") == [*head, "@@ -0,0 +1 @@", "+\N{REPLACEMENT CHARACTER}"]


def test_of_a_long_diff_the_beginning_is_shown() -> None:
    found = difference("x", b"", b"line\n" * (MOST - 3))
    assert len(found) == MOST
    longer = difference("x", b"", b"line\n" * MOST)
    assert longer[MOST:] == ["@@ and 3 more lines @@"]
    assert longer[3:MOST] == found[3:]
