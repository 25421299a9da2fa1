"""The one fix that adds something: the missing entries of ``[tool.uv.sources]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.rules.sources import unsourced
from release_sync.toml.edits import Splice, encoded
from release_sync.toml.manifest import MANIFEST
from release_sync.toml.verify import says

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.toml.texts import Texts
    from release_sync.workspace.model import Workspace

KEYS = ("tool", "uv", "sources")


def added_sources(workspace: Workspace, texts: Texts) -> Iterator[Splice]:
    """Yield one splice into the root's manifest: below the last source, or at the file's end.

    Nothing for names that have another source already: somebody meant that. And nothing where the
    table can't be continued, because it, or one above it, is inline or made of dotted keys.
    """
    present = {*workspace.manifest.sources, *workspace.manifest.elsewhere}
    needed = [one for one in unsourced(workspace) if one.name not in present]
    names = sorted({one.name for one in needed})
    if not names:
        return
    text = texts.text(MANIFEST)
    place, added = _addition(texts, [f"{name} = {{ workspace = true }}" for name in names])
    offset = len(encoded(text[:place]))
    meant = tuple(((*KEYS, name, "workspace"), True) for name in names)
    splice = Splice(
        MANIFEST, offset, offset, added, "source", meant, tuple(one.place for one in needed)
    )
    if says(encoded(text), encoded(text[:place] + added + text[place:]), meant):
        yield splice


def _addition(texts: Texts, lines: list[str]) -> tuple[int, str]:
    """Return where these lines can be added, and with what around them."""
    text = texts.text(MANIFEST)
    newline = "\r\n" if "\r\n" in text else "\n"
    place = _below(texts)
    if place is not None:
        return place, "".join(newline + line for line in lines)
    end = "" if text.endswith("\n") else newline
    return len(text), end + newline + newline.join(["[tool.uv.sources]", *lines]) + newline


def _below(texts: Texts) -> int | None:
    """Return the end of the line below which a source can be added; None without such a table."""
    text, found = texts.text(MANIFEST), texts.positions(MANIFEST)
    header = found.keys.get(KEYS)
    if header is None or not text.startswith("[", header.start):
        return None
    later = [span.start for span in found.keys.values() if text.startswith("[", span.start)]
    stop = min((start for start in later if start > header.start), default=len(text))
    last = max(
        [header.end, *(span.end for span in found.values.values() if header.end < span.end <= stop)]
    )
    line = text.find("\n", last)
    end = len(text) if line < 0 else line
    return end - 1 if text[end - 1 : end] == "\r" else end
