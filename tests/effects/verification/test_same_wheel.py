"""The wheel of an sdist beside that of the tree: what may differ, and what may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.effects.verification.test_artifact import METADATA, own, zipped

from release_sync.effects.verification.same_wheel import unlike
from release_sync.trees.working_tree import WorkingTree

if TYPE_CHECKING:
    from pathlib import Path

NAME = "kit-1.0-py3-none-any.whl"
FILES = {"kit/__init__.py": "a = 1\n", "kit/data.txt": "text\n"}


def made(folder: Path, files: dict[str, str], more: str = "", points: str = "") -> Path:
    """Write a wheel of some files below a folder."""
    folder.mkdir()
    said = [(own(NAME), METADATA.format("kit", "1.0") + more)]
    if points:
        said.append((own(NAME).replace("METADATA", "entry_points.txt"), points))
    zipped(folder / NAME, *files.items(), *said)
    return folder / NAME


@pytest.fixture
def tree(tmp_path: Path) -> WorkingTree:
    """The tree that the wheels are made of."""
    for path, text in FILES.items():
        file = tmp_path / "tree" / "src" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return WorkingTree(str(tmp_path / "tree"))


LACKS = "lacks {}, which a wheel made of the tree has: the sdist leaves it out"
CASES = {
    "the same": (FILES, {}, []),
    "a generated module differs": ({**FILES, "kit/_version.py": "1.0"},
                                   {**FILES, "kit/_version.py": "1.0+g12"}, []),
    "a generated module only of the sdist": ({**FILES, "kit/_made.py": "made"}, FILES, []),
    "a file is left out": ({"kit/__init__.py": "a = 1\n"}, FILES,
                           [LACKS.format("kit/data.txt")]),
    "a generated file is left out": (FILES, {**FILES, "kit/_version.py": "1.0"},
                                     [LACKS.format("kit/_version.py")]),
    "a file is changed": ({**FILES, "kit/data.txt": "other"}, FILES,
                          ["has another kit/data.txt than the tree: the sdist changes it"]),
    "a file of the tree is added": (FILES, {"kit/__init__.py": "a = 1\n"},
                                    ["has kit/data.txt, which a wheel made of the tree has not"]),
}  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs", "expected"), CASES.values(), ids=list(CASES))
def test_files(
    tmp_path: Path,
    tree: WorkingTree,
    ours: dict[str, str],
    theirs: dict[str, str],
    expected: list[str],
) -> None:
    wheel, of_tree = made(tmp_path / "a", ours), made(tmp_path / "b", theirs or ours)
    assert list(unlike(wheel, of_tree, tree, "src")) == expected


def test_what_an_installer_goes_by_is_the_same(tmp_path: Path, tree: WorkingTree) -> None:
    points = "[console_scripts]\nkit = kit:a\n"
    more = "Requires-Dist: idna\nRequires-Python: >=3.9\nProvides-Extra: x\n"
    wheel = made(tmp_path / "a", FILES, "Summary: ours\n")
    of_tree = made(tmp_path / "b", FILES, f"{more}Summary: theirs\n", points)
    assert [one.partition(" than ")[0] for one in unlike(wheel, of_tree, tree, "src")] == [
        "has other Requires-Dist",
        "has other Provides-Extra",
        "has other Requires-Python",
        "has other entry points",
    ]
