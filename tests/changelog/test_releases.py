"""The same releases of one workspace for each way to keep a changelog: the diffs of their commits.

They are as a person would have written them, in ``releases/STYLE/VERSION.diff``. They are made in
memory, and, slowly, by ``release-sync bump`` with the real git, uv and towncrier.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from tests.fakes.context import member
from tests.fakes.small_workspace import SmallWorkspace
from tests.fakes.world import MAIN, cloned
from tests.run import story
from tests.run.told import publishing, resuming, told

from release_sync.changelog.change_files import written
from release_sync.cli.difference import difference
from release_sync.plan.facts import Request
from release_sync.run.publishing import prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tests.fakes.context import FakeContext
    from tests.run.told import Told

HERE = Path(__file__).parent / "releases"
REWRITE = os.environ.get("REWRITE_RELEASES")
DAY = "2026-11-24"
ROOT = """\
[tool.uv.workspace]
members = ["packages/*"]

[tool.release-sync]
index = "fake"
"""
TOWNCRIER = """
[dependency-groups]
dev = ["towncrier==25.8.0"]

[tool.towncrier]
name = "Acme Roads"
directory = "news"
filename = "CHANGELOG.md"
start_string = "<!-- towncrier release notes start -->\\n"
title_format = "## [{version}] - {project_date}"
underlines = ["", "", ""]
"""
BEGIN = {
    "pyproject.toml": ROOT,
    "packages/lanes/pyproject.toml": member("lanes", version="1.2.0"),
    "packages/roads/pyproject.toml": member("roads", "lanes", version="1.2.0"),
}
LINKS = """\
[1.2.0]: https://github.com/acme/roads/compare/v1.1.0...v1.2.0
[1.1.0]: https://github.com/acme/roads/releases/tag/v1.1.0
"""
SINCE = "[unreleased]: https://github.com/acme/roads/compare/v1.2.0...HEAD\n"
OLD = "## [1.2.0] - 2026-01-02\n\n- Roads.\n\n## [1.1.0] - 2025-12-01\n\n- The first road.\n"
START = "<!-- towncrier release notes start -->\n"


class New(NamedTuple):
    """A change: what Keep a Changelog would call it, the level that it asks for, and the text."""

    kind: str
    level: str
    text: str

    @property
    def slug(self) -> str:
        """The name of its file."""
        return "-".join(re.findall(r"\w+", self.text.lower())[:3])


RELEASES = (
    (("minor",), "1.3.0", (New("Added", "minor", "Lanes."), New("Fixed", "patch", "The bridge."))),
    ((), "1.3.1", (New("Fixed", "patch", "The other bridge,\nwhich was broken, too."),)),
    (("minor", "rc"), "1.4.0rc1", (New("Changed", "minor", "Tolls are paid by card."),)),
    (("stable",), "1.4.0", (New("Fixed", "patch", "The card is given back."),)),
)
"""What is released: the level that is asked for, its version, and what is new in it."""


def begun(style: str) -> dict[str, str]:
    """Return the workspace before its first release."""
    if style == "keep-a-changelog":
        return {**BEGIN, "CHANGELOG.md": f"# Changelog\n\n## [Unreleased]\n\n{OLD}\n{SINCE}{LINKS}"}
    if style == "towncrier":
        return {
            **BEGIN,
            "pyproject.toml": ROOT + TOWNCRIER,
            "CHANGELOG.md": f"# Changelog\n\n{START}\n{OLD}",
            "news/README.md": "One file for each change.\n",
        }
    return {**BEGIN, "CHANGELOG.md": f"# Changelog\n\n{OLD}\n{LINKS}"}


def noted(style: str, files: Mapping[str, str], new: Iterable[New]) -> dict[str, str]:
    """Return the files that somebody writes who changes something."""
    if style == "keep-a-changelog":
        items = "".join(f"### {one.kind}\n\n- {one.text}\n\n" for one in new)
        items = items.replace(",\n", ",\n  ")
        head = "## [Unreleased]\n\n"
        return {"CHANGELOG.md": files["CHANGELOG.md"].replace(head, f"{head}{items}", 1)}
    if style == "towncrier":
        kinds = {"Added": "feature", "Fixed": "bugfix", "Changed": "feature"}
        return {f"news/+{one.slug}.{kinds[one.kind]}.md": f"{one.text}\n" for one in new}
    return {f".changes/{one.slug}.md": written(one.level, (), one.text) for one in new}


def shown(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> str:
    """Return what a commit changes, as diffs; one that is gone is named alone."""
    parts: list[str] = []
    for path in sorted(before.keys() | after.keys()):
        if path not in after:
            parts.append(f"deleted: {path}")
        elif before.get(path) != after[path]:
            parts += difference(path, before.get(path, b""), after[path])
    return "\n".join(parts) + "\n"


def in_memory(
    style: str, patch: pytest.MonkeyPatch, *, elsewhere: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield each version, and the diff of its commit; finished ``elsewhere`` on another day."""
    files = {path: text.encode() for path, text in begun(style).items()}
    patch.setattr(story, "KIND", story.Kind(files=files))
    one = story.Story()
    trees = one.remote.objects.trees
    for levels, version, new in RELEASES:
        there = trees[one.remote.refs[MAIN]]
        texts = {path: content.decode() for path, content in there.items()}
        more = {path: text.encode() for path, text in noted(style, texts, new).items()}
        tree = {**there, **more}
        tip = one.remote.objects.commit("Work", one.remote.refs[MAIN], tree=tree)
        one.remote.refs[MAIN] = tip
        said = () if style == "changes" and "rc" not in levels else levels
        begin = preparing_as if elsewhere else publishing
        heard = told(one, begin(Request(levels=said)), cloned(one.remote))
        assert heard.problem is None
        assert heard.planned[0].draft.version == version
        if elsewhere:
            assert one.remote.refs[MAIN] == tip
            later = told(one, resuming(), cloned(one.remote), day="2026-11-25")
            assert later.problem is None
        yield version, shown(tree, trees[one.remote.refs[MAIN]])


def preparing_as(request: Request) -> Callable[[FakeContext, Told], None]:
    return lambda context, heard: prepare(context, request, heard)


def by_bump(style: str, root: Path) -> Iterator[tuple[str, str]]:
    """Yield the same, made by ``release-sync bump``."""
    place = SmallWorkspace(root / "work")
    for path, text in begun(style).items():
        place.write(path, text.replace('index = "fake"', 'index = "pypi"'))
    place.commit()
    subprocess.run(["git", "init", "-q", "--bare", str(root / "remote.git")], check=True)
    place.git("remote", "add", "origin", str(root / "remote.git"))
    for levels, version, new in RELEASES:
        there = {"CHANGELOG.md": (place.root / "CHANGELOG.md").read_text()}
        for path, text in noted(style, there, new).items():
            place.write(path, text)
        place.commit()
        place.git("push", "-q", "origin", "main", "--tags")
        before = tracked(place)
        said = [] if style == "changes" and "rc" not in levels else [*levels]
        line = [sys.executable, "-m", "release_sync", "-C", str(place.root), "bump", *said, "--yes"]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        place.git("tag", f"v{version}")
        assert place.git("status", "--porcelain") == ""
        yield version, shown(before, tracked(place))


def tracked(place: SmallWorkspace) -> dict[str, bytes]:
    names = place.git("ls-files", "-z").split("\0")[:-1]
    return {name: (place.root / name).read_bytes() for name in names}


def compare(style: str, version: str, diff: str) -> None:
    golden = HERE / style / f"{version}.diff"
    if REWRITE:
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(diff, encoding="utf-8")
    assert diff == golden.read_text(encoding="utf-8"), golden


@pytest.mark.parametrize("elsewhere", [False, True])
@pytest.mark.parametrize("style", ["keep-a-changelog", "changes"])
def test_each_release_is_what_a_person_would_have_written(
    style: str, monkeypatch: pytest.MonkeyPatch, *, elsewhere: bool
) -> None:
    for version, diff in in_memory(style, monkeypatch, elsewhere=elsewhere):
        compare(style, version, diff)


@pytest.mark.slow
@pytest.mark.parametrize("style", ["keep-a-changelog", "changes", "towncrier"])
def test_the_commands_make_the_same(style: str, tmp_path: Path) -> None:
    for version, diff in by_bump(style, tmp_path):
        compare(style, version, diff.replace(f"{datetime.now(UTC):%Y-%m-%d}", DAY))
