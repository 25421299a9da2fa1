"""What an edit makes of a workspace whose versions are tags: as if they had been made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.small_workspace import SmallWorkspace

from release_sync.effects.workspace_at import Source

if TYPE_CHECKING:
    from pathlib import Path

ROOT = """\
[project]
name = "top"
version = "1.0"
dependencies = ["{said}"]
[build-system]
requires = []
[tool.uv.workspace]
members = ["low"]
[tool.uv.sources]
low = {{ workspace = true }}
[tool.release-sync]
pin = "any"
"""
LOW = """\
[project]
name = "low"
dynamic = ["version"]
[build-system]
requires = []
[tool.setuptools_scm]
tag_regex = '^low-(.+)$'
"""


@pytest.mark.parametrize(
    ("said", "after", "finding"),
    [
        ("low==1.0", "low==2.0", ""),
        ("low<3", "", ""),
        ("low<2", "", "RS203 low <2 does not admit 2.0 (its latest tag)"),
    ],
)
def test_an_edit_is_judged_by_the_tag_that_will_be_made(
    tmp_path: Path, said: str, after: str, finding: str
) -> None:
    place = SmallWorkspace(tmp_path)
    place.write("pyproject.toml", ROOT.format(said=said))
    place.write("low/pyproject.toml", LOW)
    place.commit()
    place.git("tag", "low-1.0")
    source = Source(str(tmp_path))
    assert source.findings("HEAD") == ()
    edits, workspace, findings = source.edited("HEAD", {"low": "2.0"})
    assert [after.encode() in edit.after for edit in edits] == ([True] if after else [])
    assert workspace.member("low").version == "2.0"
    assert [one.partition(": ")[2] for one in findings] == ([finding] if finding else [])
    place.git("tag", "-d", "low-1.0")
    assert source.findings("HEAD") == ()
    place.write(".git/shallow", "")
    (unseen,) = source.findings("HEAD")
    assert unseen.startswith("what requires low was not looked at: no tag low-{version} is reach")


def test_a_commit_is_read_once_unless_tags_have_a_say(tmp_path: Path) -> None:
    place = SmallWorkspace(tmp_path)
    place.write("pyproject.toml", ROOT.format(said="low==1.0"))
    for text, is_kept in (
        (LOW.replace('dynamic = ["version"]', 'version = "1.0"'), True),
        (LOW, False),
    ):
        place.write("low/pyproject.toml", text)
        place.commit()
        commit = place.git("rev-parse", "HEAD").strip()
        source = Source(str(tmp_path))
        before = source.workspace(commit)
        place.git("tag", "low-3.0")
        after = source.workspace(commit)
        assert (after is before) is is_kept
        assert after.member("low").version == ("1.0" if is_kept else "3.0")
        place.git("tag", "-d", "low-3.0")
