"""What is wrong with files of changes is named, where that folder is ours."""

from __future__ import annotations

from tests.fakes.context import CHAIN, FileTree

from release_sync.workspace.changelogs.faults import change_faults
from release_sync.workspace.reading import read

GOOD = b"---\nlevel: minor\nmembers: [low]\n---\n\nLanes.\n"
OURS = b'[tool.release-sync.changelog]\nstyle = "changes"\n'


def faults(root: bytes = b"", **files: bytes) -> list[tuple[str, str, int | None]]:
    tree = FileTree(
        {
            **CHAIN,
            "pyproject.toml": CHAIN["pyproject.toml"] + root,
            **{f".changes/{name}.md": text for name, text in files.items()},
        }
    )
    found = change_faults(tree, read(tree))
    return [(one.place.path[9:], one.message, one.place.start) for one in found]


def test_a_file_that_is_no_change_is_named_where_the_folder_shows_that_it_is_ours() -> None:
    assert faults(a=GOOD) == []
    unknown = GOOD.replace(b"[low]", b"[low, ghost, other]")
    bad = "---\n# ü\nlevel: big\n---\nx\n".encode()
    assert faults(a=GOOD, b=unknown, c=bad) == [
        ("b.md", "ghost, other is no member of this workspace", 0),
        ("c.md", "it is no change: its level 'big' is none of major, minor, patch, none", 9),
    ]


def test_a_folder_of_another_tool_is_ours_once_that_is_set() -> None:
    assert faults(v1=b"## v1\n") == []
    assert [path for path, _, _ in faults(OURS, v1=b"## v1\n")] == ["v1.md"]
