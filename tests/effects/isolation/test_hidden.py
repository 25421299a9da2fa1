"""What is hidden from a build: places that are there, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.effects.isolation.hidden import hidden_places

if TYPE_CHECKING:
    from pathlib import Path


def test_nothing_is_hidden_below_what_is_hidden(tmp_path: Path) -> None:
    """Bubblewrap can't make a place in a folder that it has hidden already."""
    top = tmp_path / "clone"
    for folder in (".git", ".ssh", "linked"):
        (top / folder).mkdir(parents=True)
    home = tmp_path / "home"
    home.mkdir()
    (home / ".ssh").symlink_to(top / ".ssh")
    (home / ".aws").mkdir()
    (home / ".netrc").write_text("machine x", encoding="utf-8")
    others = (top, top / ".git", tmp_path / "not-there")
    found = hidden_places({"HOME": str(home), "SSH_AUTH_SOCK": str(top / "linked")}, others)
    ours = [place for place in found if place.startswith(str(tmp_path))]
    assert ours == [str(top), str(home / ".aws"), str(home / ".netrc")]
