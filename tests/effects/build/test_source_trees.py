"""A build's own tree of the sources is looked through: what it changed there is named."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from release_sync.effects.build.layers import LayeredTree, can_be_laid
from release_sync.effects.build.source_trees import SourceTree, meddled
from release_sync.effects.isolation import cell, kernel
from release_sync.effects.isolation.isolation import NO_ISOLATION, Kind, choose
from release_sync.effects.scratch import remove

FILES = (
    "one/a.py", "one/pyproject.toml", "one/run.sh", "one/deep/er/a.py", "two/a.py", "two/deep/a.py",
    "two/deep/er/a.py", ".git/HEAD", ".git/index",
)  # fmt: skip

Tree = Callable[[Callable[[Path], None], str], tuple[str, ...]]
"""Does something in a tree, and returns what a build of a folder there would have changed."""


def exported(folder: Path) -> Path:
    for path in FILES:
        file = folder / "tree" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path, encoding="utf-8")
    (folder / "tree/one/link").symlink_to("a.py")
    return folder / "tree"


def kept(folder: Path) -> list[tuple[Path, int, int, int, int]]:
    """Return what is below a folder, and all that only a change of it changes: no reading does."""
    found = ((path, path.lstat()) for path in folder.rglob("*"))
    return sorted(
        (path, one.st_mode, one.st_size, one.st_mtime_ns, one.st_ctime_ns) for path, one in found
    )


def copied(folder: Path, act: Callable[[Path], None], own: str) -> tuple[str, ...]:
    place = folder / "copy"
    place.mkdir()
    tree = SourceTree(exported(folder), place)
    act(place)
    return meddled(tree.changed(), own)


def layered(folder: Path, act: Callable[[Path], None], own: str) -> tuple[str, ...]:
    layers, target = folder / "layers", folder / "target"
    target.mkdir()
    sources = exported(folder)
    before = kept(sources)
    tree = LayeredTree(sources, layers)

    def prepare() -> None:
        kernel.separate_mounts()
        places = sources, layers / cell.UPPER, layers / cell.WORK, target
        kernel.overlay(*map(str, places))

    def within() -> None:
        cell.separate(network=True)
        os._exit(cell.as_first(prepare, lambda: act(target)))

    assert cell.in_new_process(within) == 0
    assert kept(sources) == before, "its own alone"
    found = meddled(tree.changed(), own)
    remove(layers)
    assert not layers.exists()
    return found


def overlays(folder: Path) -> bool:
    """Whether the kernel can do it here, asked without the code that is tested."""
    places = [folder / one for one in ("under", "over", "aside", "at")]
    for place in places:
        place.mkdir()

    def prepare() -> None:
        kernel.separate_mounts()
        kernel.overlay(*map(str, places))

    def within() -> None:
        cell.separate(network=True)
        os._exit(cell.as_first(prepare, lambda: None))

    try:
        os.setxattr(folder, "user.release-sync", b"")
        return cell.in_new_process(within) == 0
    except OSError:
        return False
    finally:
        for place in places:
            remove(place)


@pytest.fixture(params=[copied, layered])
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Tree:
    if request.param is layered and not overlays(tmp_path):
        pytest.skip("the kernel lays no folder over another here")
    return lambda act, own: request.param(tmp_path, act, own)


def build(folder: Path) -> None:
    """Write new files beside one's own, touch others, and let git refresh its index."""
    for path in ("one/_version.py", "one/build/lib/a.py", "one/one.egg-info/SOURCES.txt"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("made")
    (folder / "one/a.py").write_text("one/a.py")
    os.utime(folder / "two/a.py")
    (folder / ".git/index").write_text("refreshed")


def meddle(folder: Path) -> None:
    """Change files of others, and one's own that are there already."""
    times = (folder / "one/a.py").stat()
    (folder / "one/a.py").write_text("one/b.py")
    os.utime(folder / "one/a.py", ns=(times.st_atime_ns, times.st_mtime_ns))
    (folder / "one/pyproject.toml").unlink()
    (folder / "one/run.sh").chmod(0o755)
    (folder / "one/link").unlink()
    (folder / "one/link").symlink_to("run.sh")
    (folder / ".git/refs/tags").mkdir(parents=True)
    (folder / ".git/refs/tags/evil").write_text("0" * 40)
    (folder / ".git/HEAD").write_text("ref: refs/heads/evil")
    (folder / "two/new.py").write_text("new")


def replace(folder: Path) -> None:
    """Put folders in the place of files, and files in that of folders."""
    shutil.rmtree(folder / "one/deep")
    (folder / "one/deep").write_text("a file")
    (folder / "two/a.py").unlink()
    (folder / "two/a.py").mkdir()
    (folder / "two/a.py/b").write_text("a folder")
    shutil.rmtree(folder / "two/deep")
    (folder / "two/deep/er").mkdir(parents=True)
    (folder / "two/deep/er/a.py").write_text("two/deep/er/a.py")


@pytest.mark.parametrize("own", ["one", "."])
def test_an_ordinary_build_changes_nothing(tree: Tree, own: str) -> None:
    assert tree(build, own) == ()


@pytest.mark.parametrize("own", ["one", "."])
def test_whatever_else_it_changed_is_named(tree: Tree, own: str) -> None:
    named = {".git/HEAD", ".git/refs/tags/evil"}
    named |= {f"one/{name}" for name in ("a.py", "pyproject.toml", "run.sh", "link")}
    outside = {"two/new.py"} if own == "one" else set()
    assert {*tree(meddle, own)} == named | outside


def test_what_took_the_place_of_something_is_named(tree: Tree) -> None:
    assert tree(replace, "one") == ("one/deep/er/a.py", "two/a.py", "two/a.py/b", "two/deep/a.py")


def test_where_the_kernel_can_they_are_laid(tmp_path: Path) -> None:
    isolation = choose("auto")
    possible = isolation.kind is Kind.NAMESPACES and overlays(tmp_path)
    assert can_be_laid(isolation, tmp_path) is possible
    assert list(tmp_path.iterdir()) == []


def test_without_cells_there_are_no_layers(tmp_path: Path) -> None:
    assert not can_be_laid(NO_ISOLATION, tmp_path)
    assert list(tmp_path.iterdir()) == []
