"""The one fix that adds something: the missing entries of ``[tool.uv.sources]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.rules.sources import unsourced
from release_sync.toml.additions import addition
from release_sync.toml.edits import Splice, encoded
from release_sync.toml.manifest import MANIFEST
from release_sync.toml.verify import says

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.toml.texts import Texts
    from release_sync.workspace.model import Workspace

KEYS = ("tool", "uv", "sources")


def added_sources(workspace: Workspace, texts: Texts) -> Iterator[Splice]:
    """Yield one splice into the root's manifest: below the last source, or in a table of its own.

    Nothing for names that have another source already: somebody meant that. And nothing where the
    table can't be continued, because it, or one above it, is inline.
    """
    present = {*workspace.manifest.sources, *workspace.manifest.elsewhere}
    needed = [one for one in unsourced(workspace) if one.name not in present]
    names = sorted({one.name for one in needed})
    if not names:
        return
    text = texts.text(MANIFEST)
    found = addition(text, KEYS, dict.fromkeys(names, "{ workspace = true }"))
    if found is None:
        return
    before, after = text[: found.offset], text[found.offset :]
    offset = len(encoded(before))
    meant = tuple(((*KEYS, name, "workspace"), True) for name in names)
    splice = Splice(
        MANIFEST, offset, offset, found.text, "source", meant, tuple(one.place for one in needed)
    )
    if says(encoded(text), encoded(before + found.text + after), meant):
        yield splice
