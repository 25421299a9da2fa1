"""A set that is installed member by member: an index is asked once, and not for each of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from tests.effects.verification.test_artifact import METADATA, own, zipped
from tests.fakes.raw_index import Raw, RawIndex, raw_index

from release_sync.effects.uv.commands import Uv
from release_sync.effects.verification.closed_set import closed_failures
from release_sync.effects.verification.place import Place
from release_sync.seals.artifact import Expected
from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HERE = f"Requires-Python: =={sys.version_info.major}.{sys.version_info.minor}.*\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: scene\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
PAGE = "/simple/far/"
UNKEPT = {"Cache-Control": "no-cache"}
OLD = ("far/old.py", "")
SHARED = ("ns/__init__.py", "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n")
THEIRS = (SHARED[0], f"# {SHARED[1]}")


class Scene:
    """A member with three extras, and an index that lets nothing be kept, as many do."""

    def __init__(self, folder: Path, index: RawIndex) -> None:
        """Keep what uv has in a folder, and build nothing yet."""
        self.folder = folder
        self.index = index
        self.links: dict[str, str] = {}
        self.uv = Uv({**Uv().environ, "UV_CACHE_DIR": str(folder / "cache"), "UV_INDEX_URL": ""})
        self.uv.environ["UV_DEFAULT_INDEX"] = f"{index.url}/simple/"

    def wheel(self, name: str, version: str, *files: tuple[str, str], more: str = "") -> Path:
        """Make a wheel for this Python."""
        file = self.folder / f"{name}-{version}-py3-none-any.whl"
        said = METADATA.format(name, version) + HERE + more
        kind = own(file.name).replace("METADATA", "WHEEL")
        zipped(file, *files, (kind, WHEEL), (own(file.name), said))
        return file

    def offer(
        self, version: str, *files: tuple[str, str], name: str = "far", more: str = ""
    ) -> None:
        """Put a version of a package on the index."""
        file = self.wheel(name, version, (f"{name}/__init__.py", ""), *files, more=more)
        links = self.links.get(name, "") + f'<a href="/files/{file.name}">{file.name}</a>'
        self.links[name] = links
        page = f"<!DOCTYPE html><html><body>{links}</body></html>"
        self.index.answers[f"/simple/{name}/"] = Raw(page.encode(), headers=UNKEPT)
        self.index.answers[f"/files/{file.name}"] = Raw(file.read_bytes(), headers=UNKEPT)

    def failures(
        self, a: str = "far", b: str = "far", more: tuple[tuple[str, str], ...] = ()
    ) -> list[str]:
        """Verify a member that needs ``far``, and which ``far`` its extras need is given."""
        self.index.seen.clear()
        extras = f"Provides-Extra: a\nRequires-Dist: {a}; extra == 'a'\n"
        extras += f"Provides-Extra: b\nRequires-Dist: {b}; extra == 'b'\n"
        kit = ("kit/__init__.py", "import far.old")
        said = f"Requires-Dist: far\n{extras}"
        built = {Expected("kit", "", "1.0"): [self.wheel("kit", "1.0", kit, *more, more=said)]}
        root = self.folder / "root"
        scratch = root / str(len([*root.parent.iterdir()]))
        scratch.mkdir(parents=True)
        (root / "pyproject.toml").touch()
        return closed_failures(self.uv, built, Place(scratch, root, "", ()), to_nobody)[0]

    @property
    def asked(self) -> int:
        """How often the page of ``far`` was asked for."""
        return sum(path == PAGE for path, _ in self.index.seen)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with raw_index() as index:
        yield Scene(tmp_path, index)


def test_an_index_is_asked_once_and_each_time_anew(scene: Scene) -> None:
    scene.offer("1.0", OLD)
    assert scene.failures() == []
    assert scene.failures() == []
    assert scene.asked == 1
    scene.offer("2.0")
    assert ["No module named 'far.old'" in words for words in scene.failures()] == [True] * 3


def test_a_module_that_overwrites_one_of_what_is_required_is_named(scene: Scene) -> None:
    """The folder ``tests`` of both is packaged by mistake; the same file of both harms nobody."""
    scene.offer(
        "1.0", OLD, ("tests/one.py", "# theirs"), ("tests/same.py", "1"), ("LICENSE", "x"), THEIRS
    )
    more = (("tests/one.py", "# ours"), ("tests/same.py", "1"), ("LICENSE", "y"), SHARED)
    assert scene.failures(more=more) == [
        f"{subject} on Python {sys.version_info.major}.{sys.version_info.minor}:"
        " kit-1.0-py3-none-any.whl: tests/one.py in it is another one in far 1.0, too"
        for subject in ("kit[a]", "kit[b]", "kit")
    ]


def test_what_excludes_each_other_is_installed_one_by_one(scene: Scene) -> None:
    scene.offer("1.0", OLD)
    scene.offer("2.0", OLD)
    assert scene.failures("far==1.0", "far==2.0") == []
    assert scene.asked > 1


def test_what_was_not_asked_for_anew_is_not_believed(scene: Scene) -> None:
    scene.offer("1.0", OLD)
    old = ("far/old.py", "import more.new")
    scene.offer("2.0", old, more="Requires-Dist: more\n")
    scene.offer("1.0", ("more/new.py", ""), name="more")
    assert scene.failures("far<2") == []
    scene.offer("2.0", name="more")  # for all of it together nobody asked for this one
    found = scene.failures("far<2")
    assert ["No module named 'more.new'" in words for words in found] == [True] * 2
