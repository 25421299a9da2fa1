"""towncrier, the real one and others of that name, in a copy of what is released."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.fakes.oven import put
from tests.fakes.small_workspace import LOW, ROOT, SmallWorkspace

from release_sync.effects.changelogs.fragments import Towncrier
from release_sync.effects.git.repository import open_repository
from release_sync.effects.isolation.isolation import choose
from release_sync.effects.scratch import Scratch
from release_sync.effects.uv.commands import Uv
from release_sync.errors import Problem
from release_sync.workspace.changelogs.towncrier import Asked, Fragments

if TYPE_CHECKING:
    from pathlib import Path

    from release_sync.toml.edits import FileEdit

NEWS = "# Changelog\n\n<!-- towncrier release notes start -->\n\n## 1.0 - 2026-01-02\n\n- Roads.\n"
CONFIGURED = """\

[tool.towncrier]
name = "Acme"
directory = "news"
filename = "CHANGELOG.md"
start_string = "<!-- towncrier release notes start -->\\n"
title_format = "## {version} - {project_date}"
underlines = ["", "", ""]
"""
FILES = {
    "pyproject.toml": ROOT + CONFIGURED,
    "packages/low/pyproject.toml": LOW,
    "CHANGELOG.md": NEWS,
    "news/1.feature.md": "Lanes.\n",
    "news/+bridge.bugfix.md": "Mends the bridge.\n",
    "news/README.md": "How to write one.\n",
}
FOUND = Fragments("", "news", "CHANGELOG.md")

FALSE = """
import os, pathlib, sys
import road

def cli():
    assert road.VERSION == 1, "as the lock has it"
    assert sys.argv[1:] == ["build", "--yes", "--version", "1.1", "--date", "2026-11-24"]
    pathlib.Path("news/1.feature.md").unlink()
{does}
"""


def place(root: Path) -> SmallWorkspace:
    made = SmallWorkspace(root / "work")
    for path, text in FILES.items():
        made.write(path, text)
    made.commit()
    return made


def collected(root: Path, requirement: str, **environ: str) -> dict[str, FileEdit]:
    uv = Uv({**os.environ, **environ}).isolated(choose("auto"))
    locked = ("other==1.0", "road==1.0")
    asked = Asked(requirement, ((FOUND, "1.1"),), "2026-11-24", locked)
    return {edit.path: edit for edit in tool(root, uv).collected(asked, "HEAD", {})}


def tool(root: Path, uv: Uv) -> Towncrier:
    repository = open_repository(str(root / "work"))
    return Towncrier(repository, ".", uv, Scratch(repository, root / "records"))


@pytest.mark.slow
def test_the_real_one_collects_its_fragments(tmp_path: Path) -> None:
    made = place(tmp_path)
    found = collected(tmp_path, "towncrier==25.8.0")
    assert {path: edit.gone for path, edit in found.items()} == {
        "CHANGELOG.md": False,
        "news/+bridge.bugfix.md": True,
        "news/1.feature.md": True,
    }
    assert found["CHANGELOG.md"].before.decode() == NEWS
    assert found["CHANGELOG.md"].after.decode() == NEWS.replace(
        "start -->\n\n",
        "start -->\n\n## 1.1 - 2026-11-24\n\n### Features\n\n- Lanes. (#1)\n\n"
        "### Bugfixes\n\n- Mends the bridge.\n\n\n",
    )
    assert found["news/1.feature.md"].before == b"Lanes.\n"
    assert made.git("status", "--porcelain") == ""


EVIL = """\
    pathlib.Path("setup.cfg").write_text("")
    pathlib.Path("news/README.md").unlink()
    pathlib.Path("CHANGELOG.md").write_text("")
    path = "packages/low/pyproject.toml"
    before = os.stat(path)
    text = pathlib.Path(path).read_text().replace("1.0", "2.0")
    pathlib.Path(path).write_text(text)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
"""


def refused(root: Path, does: str) -> str:
    """Run a towncrier that does something else, and return why it is refused."""
    place(root)
    wheels = root / "wheels"
    wheels.mkdir()
    code = FALSE.format(does=does)
    files = {"towncrier/__init__.py": "", "towncrier/__main__.py": code}
    put(wheels, "towncrier", "1.0", files, "road>=1")
    for version in (1, 2):
        put(wheels, "road", f"{version}.0", {"road.py": f"VERSION = {version}\n"})
    own = {"UV_FIND_LINKS": str(wheels), "UV_NO_INDEX": "1", "UV_CACHE_DIR": str(root / "c")}
    with pytest.raises(Problem) as raised:
        collected(root, "towncrier==1.0", **own)
    return raised.value.message


def test_one_that_does_more_is_refused_by_name(tmp_path: Path) -> None:
    assert refused(tmp_path, EVIL) == (
        "towncrier does more than collect its fragments: CHANGELOG.md, news/README.md,"
        " packages/low/pyproject.toml, setup.cfg"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("does", "why"),
    [
        ("    sys.exit('no such section')", "towncrier failed with 1: no such section"),
        ("    os.symlink('/etc/passwd', 'news/x')", "towncrier makes news/x, which is no regular"),
        ("    print('x' * 2_000_000)", "towncrier printed more than 1 megabyte, and was ended"),
        ("    open('/etc/x', 'w')", "Read-only file system"),
        ("    import socket; socket.create_connection(('127.0.0.1', 9))", "nreachable"),
        ("    open(os.environ['HOME'] + '/.netrc')", "No such file or directory"),
    ],
)
def test_one_that_leaves_its_copy_is_stopped(does: str, why: str, tmp_path: Path) -> None:
    assert why in refused(tmp_path, does)


def test_nothing_is_run_where_nothing_is_asked(tmp_path: Path) -> None:
    place(tmp_path)
    assert tool(tmp_path, Uv()).collected(Asked("", (), ""), "HEAD", {}) == ()
