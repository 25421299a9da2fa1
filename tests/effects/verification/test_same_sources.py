"""What was built of another commit is told from what a build writes into its sources."""

from __future__ import annotations

import io
import subprocess
import tarfile
from typing import TYPE_CHECKING

import pytest
from tests.fakes.oven import put

from release_sync.effects.verification.same_sources import (
    Source,
    Sources,
    not_as_committed,
    of_another_commit,
)

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = "def add(a, b):\n    return a - b\n", "def add(a, b):\n    return a + b\n"
TOP = "kit-1.0"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A checkout of the second of two commits; its member is in ``packages/kit``."""
    root = tmp_path / "tree"
    files = {
        "src/kit/__init__.py": "",
        "src/kit/core.py": OLD,
        "src/kit/_version.py": "version = 'unknown'\n",
        "src/kit/archive.py": "commit = '$Format:%H$'\n",
        "src/kit/windows.py": "a = 1\nb = 2\n",
        "src/kit/template.py": "template\n",
        "setup.cfg": "[metadata]\n",
    }
    for path, text in files.items():
        (root / "packages/kit" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "packages/kit" / path).write_text(text)
    (root / "packages/kit/src/kit/link.py").symlink_to("core.py")
    git(root, "init", "-q")
    for number, text in enumerate((OLD, NEW)):
        (root / "packages/kit/src/kit/core.py").write_text(text)
        git(root, "add", "-A")
        git(root, "commit", "-qm", f"Number {number}")
    return root


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    subprocess.run(["git", *who, *arguments], cwd=root, check=True)


def sdist(folder: Path, files: dict[str, str]) -> Path:
    made = folder / f"{TOP}.tar.gz"
    with tarfile.open(made, "w:gz") as archive:
        for path, text in files.items():
            info = tarfile.TarInfo(f"{TOP}/{path}")
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return made


BY_THE_BUILD = {
    "PKG-INFO": "Name: kit\n",
    "setup.cfg": "[metadata]\n[egg_info]\n",
    "src/kit/__init__.py": "",
    "src/kit/core.py": NEW,
    "src/kit/link.py": NEW,
    "src/kit/archive.py": "commit = '1234'\n",
    "src/kit/windows.py": "a = 1\r\nb = 2\r\n",
    "src/kit/generated.py": OLD,
}
"""What a build may make of the commit: it is the same, or is not in the commit at all."""


def test_what_a_build_writes_is_no_difference(tree: Path, tmp_path: Path) -> None:
    made = sdist(tmp_path, BY_THE_BUILD)
    wheel = put(tmp_path, "kit", "1.0", {"kit/core.py": NEW, "kit/link.py": NEW,
                                         "kit/made.py": OLD, "data.txt": OLD})  # fmt: skip
    for file in (made, wheel):
        assert list(Sources(tree).other(file, "packages/kit")) == []
    copied = sdist(tmp_path, {"src/kit/_version.py": "template\n"})
    assert list(Sources(tree).other(copied, "packages/kit")) == []


def test_what_only_another_commit_has_is_named(tree: Path, tmp_path: Path) -> None:
    stale = {
        "src/kit/core.py": OLD.replace("\n", "\r\n"),
        "src/kit/_version.py": "version = '1.0'\n",
    }
    made = sdist(tmp_path, {**BY_THE_BUILD, **stale})
    wheel = put(tmp_path, "kit", "1.0", {"kit/core.py": OLD})
    assert list(Sources(tree).other(made, "packages/kit")) == [
        Source("src/kit/_version.py", foreign=False),
        Source("src/kit/core.py", foreign=True),
    ]
    words = "src/kit/core.py in it is not that of the release commit, but of another one"
    assert list(of_another_commit(tree, "packages/kit", [made, wheel])) == [
        f"{file.name}: {words}: build what was reserved" for file in (made, wheel)
    ]
    assert not_as_committed(tree, "packages/kit", [made, wheel]) == [
        "src/kit/_version.py",
        "src/kit/core.py",
    ]


def test_a_shallow_clone_can_not_tell_and_refuses_nothing(tree: Path, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{tree}", str(shallow))
    made = sdist(tmp_path, {"src/kit/core.py": OLD})
    assert list(of_another_commit(shallow, "packages/kit", [made])) == []
    assert not_as_committed(shallow, "packages/kit", [made]) == ["src/kit/core.py"]
    inside = tree / "packages/kit"  # a workspace below the top
    assert [one.path for one in Sources(inside).other(made, ".")] == ["src/kit/core.py"]
