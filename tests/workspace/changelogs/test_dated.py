"""The changelogs in which a commit made a section, and of which versions."""

from __future__ import annotations

from tests.fakes.context import CHAIN, FileTree

from release_sync.workspace.changelogs.dated import dated

OLD = b"## Unreleased\n\n- Lanes.\n\n## 1.0\n"
NEW = OLD.replace(b"- Lanes", b"## 1.1\n\n- Lanes")


def tree(**files: bytes) -> FileTree:
    return FileTree({**CHAIN, **{f"{name}.md": text for name, text in files.items()}})


def test_only_what_has_a_new_section_is_named() -> None:
    before = tree(CHANGELOG=OLD, NEWS=OLD, HISTORY=NEW)
    after = tree(CHANGELOG=NEW, NEWS=OLD.replace(b"Lanes", b"Roads"), HISTORY=OLD)
    assert list(dated(before, after)) == [("CHANGELOG.md", ("1.1",))]
    assert list(dated(before, before)) == []
    assert list(dated(tree(), tree(NEWS=NEW))) == [("NEWS.md", ("1.1", "1.0"))]


def test_of_what_can_not_be_read_there_is_none() -> None:
    broken = FileTree({"pyproject.toml": b"["})
    assert list(dated(broken, broken)) == []
