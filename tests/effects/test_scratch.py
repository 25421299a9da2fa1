"""A scratch folder goes, whatever a build has left in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.effects.scratch import remove

if TYPE_CHECKING:
    from pathlib import Path


def test_what_nobody_may_enter_is_removed(tmp_path: Path) -> None:
    """Root enters it all the same; for everybody else the first try leaves it."""
    inner = tmp_path / "scratch" / "members" / "work" / "work"
    (inner / "deep").mkdir(parents=True)
    (inner / "deep").chmod(0)
    (tmp_path / "not ours").mkdir(mode=0o750)
    (inner / "link").symlink_to(tmp_path / "not ours")
    inner.chmod(0)
    remove(tmp_path / "scratch")
    assert not (tmp_path / "scratch").exists()
    assert (tmp_path / "not ours").stat().st_mode & 0o777 == 0o750
    remove(tmp_path / "scratch")  # it is not there, and that is fine
