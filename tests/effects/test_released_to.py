"""Of several workspaces, a tag is verified by the settings of the one that was released."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.small_workspace import LOW, ROOT, SmallWorkspace

from release_sync.effects.git.repository import open_repository
from release_sync.effects.git.seal_commit import write_tag
from release_sync.effects.released_to import Releases
from release_sync.errors import Unreadable
from release_sync.run.served_files import choose_seals
from release_sync.seals.artifact import Artifact
from release_sync.seals.pending import Sealed
from release_sync.seals.tag_objects import UnreadableSeal, write_seal

if TYPE_CHECKING:
    from pathlib import Path

    from release_sync.effects.index.released_index import ReleasedIndex

TAGGER = "tagger A <a@example.com> 1700000000 +0000"
INDEX = """
[[tool.uv.index]]
name = "ours"
url = "https://{}.example.com/simple/"
publish-url = "https://{}.example.com/"
"""


def index_of(path: str, tag: str) -> ReleasedIndex:
    """Return the index that a tag's release went to."""
    releases = Releases(path)
    return releases.index_of(releases.seal(tag, releases.tags()[f"refs/tags/{tag}"]))


def test_the_members_of_a_seal_say_which_workspace_it_is_of(tmp_path: Path) -> None:
    place = SmallWorkspace(tmp_path / "clone")
    for folder in ("one", "two"):
        root = ROOT.replace("low", f"low-{folder}") + INDEX.format(folder, folder)
        place.write(f"{folder}/pyproject.toml", root)
        low = LOW.replace("low", f"low-{folder}")
        place.write(f"{folder}/packages/low/pyproject.toml", low)
    head = place.commit()
    repo = open_repository(str(place.root)).repo
    for member in ("low-two", "top"):  # of the second there are two
        files = (Artifact(member, f"{member}-1.tar.gz", 1, "a" * 64),)
        levels = ((member,),)
        draft = Sealed(
            "", head, head, "default", "1", member, "main", "ours", levels, files, "0.2.0"
        )
        text = f"object {head}\ntype commit\ntag {member}\n{TAGGER}\n\n{write_seal(draft, 'Done')}"
        place.git("tag", member, write_tag(repo, text.encode()))
    bare = tmp_path / "bare.git"
    place.git("clone", "-q", "--bare", ".", str(bare))
    for path in (place.root, bare):
        index = index_of(str(path), "low-two")
        assert index.address.simple == "https://two.example.com/simple/"
    with pytest.raises(Unreadable, match=r"there are 2 workspaces in .*: one, two") as raised:
        index_of(str(bare), "top")
    assert raised.value.hint == "choose one: cd one (in a clone with a working tree)"


GROUPS = """
[tool.release-sync]
independent = ["low"]

[tool.release-sync.groups.rest]
members = ["top"]
tag = "rest/{version}"
"""


def test_each_group_is_found_by_its_own_tags(tmp_path: Path) -> None:
    place = SmallWorkspace(tmp_path)
    place.write("pyproject.toml", ROOT + GROUPS)
    place.write("packages/low/pyproject.toml", LOW)
    head = place.commit()
    for tag in ("rest/1.0", "rest/1.1", "low-v1.0", "low-v0.9", "v7.0"):
        place.git("tag", tag)
    releases = Releases(str(tmp_path))
    assert [*choose_seals("", releases)] == ["rest/1.1", "low-v1.0"]
    assert choose_seals("1.0", releases) == {"low-v1.0": head, "rest/1.0": head}
    assert [*choose_seals("rest/1.0", releases)] == ["rest/1.0"]
    assert [*choose_seals("v7.0", releases)] == ["v7.0"]
    with pytest.raises(UnreadableSeal, match="is a commit, and no seal") as raised:
        releases.seal("v7.0", head)
    assert raised.value.hint.endswith("`git show v7.0`")
