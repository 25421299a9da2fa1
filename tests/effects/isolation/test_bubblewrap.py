"""A view of the machine, in the words of bubblewrap."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from release_sync.effects.isolation.bubblewrap import command
from release_sync.effects.isolation.view import Mount, View

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_not_there_is_left_out_and_the_root_is_closed_last(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "secret").write_text("a token")
    folder, secret, gone = (str(tmp_path / one) for one in ("folder", "secret", "gone"))
    shown = Mount(folder, "/release-sync/member", writable=True)
    line = command("bwrap", View((shown,), (folder, secret, gone), (folder, gone)))
    assert gone not in line
    assert "--unshare-net" in line
    end = (
        f"--tmpfs {folder} --remount-ro {folder} --dev-bind {os.devnull} {secret} --tmpfs {folder}"
    )
    end += f" --bind {folder} /release-sync/member --remount-ro / --"
    assert " ".join(line).endswith(end)
    assert "--unshare-net" not in command("bwrap", View(network=True))
