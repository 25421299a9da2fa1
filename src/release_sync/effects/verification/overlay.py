"""An index of the released artifacts alone, as a folder: what a set is installed from before it is.

It is a simple repository (PEP 503) that uv reads from the disk: no server, and no port.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from release_sync.effects.build.archives import metadata
from release_sync.effects.build.artifact_store import sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

NAME = "release-sync-overlay"
"""What uv calls this index where it says which one it looked at."""


def make_overlay(
    folder: Path, files: Mapping[str, Sequence[Path]], withheld: Iterable[str] = ()
) -> str:
    """Write the pages of some projects below a folder, and return it as ``UV_INDEX`` takes it.

    ``withheld`` are projects with an empty page. Looked at first, it says that there is nothing of
    theirs: so a private sibling that something requires is not taken from a stranger.
    """
    for name, own in {**dict.fromkeys(withheld, ()), **files}.items():
        page = folder / name
        page.mkdir(parents=True)
        links = "\n".join(map(_link, own))
        (page / "index.html").write_text(
            f"<!DOCTYPE html><html><body>\n{links}\n</body></html>\n", encoding="utf-8"
        )
    return f"{NAME}={folder.as_uri()}"


def _link(file: Path) -> str:
    requires = escape(metadata(file).get("requires_python", ""), quote=True)
    return (
        f'<a href="{file.as_uri()}#sha256={sha256(file)}" data-requires-python="{requires}">'
        f"{escape(file.name)}</a>"
    )
