"""The one fix that adds something: the missing entries of ``[tool.uv.sources]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.workspace.editing import Splice, encoded
from release_sync.workspace.folders import MANIFEST
from release_sync.workspace.rules.sources import unsourced
from release_sync.workspace.toml import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.workspace.checking import Texts
    from release_sync.workspace.model import Workspace

KEYS = ("tool", "uv", "sources")


def added_sources(workspace: Workspace, texts: Texts) -> Iterator[Splice]:
    """Yield one splice into the root's manifest: below the last source, or at the file's end.

    Nothing for names that have another source already: somebody meant that.
    """
    present = table(workspace.manifest, *KEYS)
    names = sorted({one.name for one in unsourced(workspace)} - set(present))
    if not names:
        return
    text = texts.text(MANIFEST)
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = [f"{name} = {{ workspace = true }}" for name in names]
    place = _below(texts)
    if place is not None:
        added = "".join(newline + line for line in lines)
    elif present or "sources" in table(workspace.manifest, "tool", "uv"):
        return  # dotted or inline: where to add is a matter of taste
    else:
        place = len(text)
        end = "" if text.endswith("\n") else newline
        added = end + newline + newline.join(["[tool.uv.sources]", *lines]) + newline
    offset = len(encoded(text[:place]))
    yield Splice(MANIFEST, offset, offset, added, "source")


def _below(texts: Texts) -> int | None:
    """Return the end of the line after which a source can be added."""
    text, found = texts.text(MANIFEST), texts.positions(MANIFEST)
    header = found.keys.get(KEYS)
    if header is None or not text.startswith("[", header.start):
        return None
    inside = [span.end for keys, span in found.values.items() if keys[:3] == KEYS]
    last = max([header.end, *inside])
    line = text.find("\n", last)
    end = len(text) if line < 0 else line
    return end - 1 if text[end - 1 : end] == "\r" else end
