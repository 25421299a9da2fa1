"""What a remote says of its refs is read as git writes it, and a malformed answer is refused."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

import git
import pytest

from release_sync.effects.git.repository import Repository
from release_sync.errors import Unanswered

if TYPE_CHECKING:
    from pathlib import Path

OURS, THEIRS = "1" * 40, "2" * 40
MAIN = f"{OURS} refs/heads/main".encode()

UPLOAD_PACK = f"""#!{sys.executable}
import sys
out = sys.stdout.buffer
for number, line in enumerate({{lines!r}}):
    line += b"\\0agent=odd\\n" if number == 0 else b"\\n"
    out.write(b"%04x" % (len(line) + 4) + line)
out.write(b"0000")
out.flush()
sys.stdin.buffer.read()
"""
"""A server that says what it likes (gitprotocol-pack(5), "Reference Discovery")."""


def remote_that_says(folder: Path, *lines: bytes) -> Repository:
    """Return a repository whose remote answers these lines: object name, blank, ref."""
    server = folder / "upload-pack"
    server.write_text(UPLOAD_PACK.format(lines=lines), encoding="utf-8")
    server.chmod(0o755)
    repo = git.Repo.init(folder / "here")
    repo.create_remote("origin", str(folder))
    repo.git.config("remote.origin.uploadpack", str(server))
    return Repository(repo, "origin")


def test_a_ref_is_the_whole_line_behind_the_tab(tmp_path: Path) -> None:
    odd = ["refs/heads/main\u2028x", "refs/heads/main\x85", "refs/heads/main\udcff"]
    odd += ["refs/heads/main\ufffd", "refs/tags/v1\u2029"]
    said = [f"{THEIRS} {ref}".encode("utf-8", "surrogateescape") for ref in odd]
    here = remote_that_says(tmp_path, f"{OURS} HEAD".encode(), MAIN, *said)
    refs = here.ask_remote()
    assert refs == {"HEAD": OURS, "refs/heads/main": OURS, **dict.fromkeys(odd, THEIRS)}


def test_a_tag_is_listed_with_what_it_points_to(tmp_path: Path) -> None:
    said = f"{OURS} refs/tags/v1".encode(), f"{THEIRS} refs/tags/v1^{{}}".encode()
    refs = remote_that_says(tmp_path, *said).ask_remote()
    assert refs == {"refs/tags/v1": OURS, "refs/tags/v1^{}": THEIRS}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"{THEIRS} refs/heads/main\vx", "refs/heads/main\\x0bx"),
        (f"{THEIRS} refs/heads/main\fx", "refs/heads/main\\x0cx"),
        (f"{THEIRS} refs/heads/main\x1cx", "refs/heads/main\\x1cx"),
        (f"{THEIRS} refs/heads/main\r", "refs/heads/main\\r"),
        (f"{THEIRS} refs/heads/main x", "refs/heads/main x"),
        (f"{THEIRS} refs/heads/main\tx", "refs/heads/main\\tx"),
        (f"{THEIRS} refs/heads/x..y", "refs/heads/x..y"),
        (f"{THEIRS} refs/heads/x@{{1}}", "refs/heads/x@{1}"),
        (f"{THEIRS} refs/heads/x^{{}}^{{}}", "refs/heads/x^{}^{}"),
        (f"{THEIRS} main", "main"),
        (f"{THEIRS} refs/heads/x\nhello", "'hello' is not an object name and a ref"),
        (f"{THEIRS} refs/heads/x\n{THEIRS[1:]}\trefs/heads/y", "refs/heads/y"),
        (f"{THEIRS} refs/heads/x\n{'g' * 40}\trefs/heads/y", "refs/heads/y"),
        (f"{THEIRS} refs/heads/x\n{THEIRS}\trefs/heads/main", "'refs/heads/main' is listed twice"),
    ],
)
def test_an_answer_that_no_git_gives_is_not_believed(line: str, words: str, tmp_path: Path) -> None:
    here = remote_that_says(tmp_path, MAIN, line.encode())
    with pytest.raises(Unanswered) as caught:
        here.ask_remote()
    assert caught.value.message.startswith("the answer of origin can't be read: ")
    assert words in caught.value.message
    assert caught.value.hint
    assert here.remote_refs() is None


def counted(folder: Path) -> Repository:
    """Return a repository whose remote notes, in ``asked``, each time that it is asked."""
    here = remote_that_says(folder, MAIN)
    server = folder / "upload-pack"
    noting = f"open({str(folder / 'asked')!r}, 'a').write('x')\n"
    server.write_text(server.read_text(encoding="utf-8") + noting, encoding="utf-8")
    return here


def test_who_asks_first_gets_what_was_asked_ahead_and_the_next_one_an_answer_of_his_own(
    tmp_path: Path,
) -> None:
    here = counted(tmp_path)
    with here.asking():
        for times in ("x", "xx"):
            assert here.named("origin", here.names).ask_remote() == {"refs/heads/main": OURS}
            assert (tmp_path / "asked").read_text(encoding="utf-8") == times


def test_an_answer_that_nobody_asked_for_is_forgotten(tmp_path: Path) -> None:
    here = counted(tmp_path)
    with here.asking():
        pass
    (tmp_path / "asked").write_text("", encoding="utf-8")
    assert here.ask_remote() == {"refs/heads/main": OURS}
    assert (tmp_path / "asked").read_text(encoding="utf-8") == "x"


def test_what_could_not_be_asked_ahead_is_told_when_it_is_asked_for(tmp_path: Path) -> None:
    here = remote_that_says(tmp_path, MAIN)
    (tmp_path / "upload-pack").chmod(0o644)
    with here.asking(), pytest.raises(Unanswered, match="origin did not answer"):
        here.ask_remote()


@pytest.mark.parametrize("remote", ["upstream", ".", "--upload-pack=touch"])
def test_only_a_remote_is_asked_ahead(tmp_path: Path, remote: str) -> None:
    here = remote_that_says(tmp_path, MAIN)
    assert isinstance(here.named(remote, here.names).asking(), nullcontext)
