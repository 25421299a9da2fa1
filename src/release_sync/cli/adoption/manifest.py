"""``[tool.release-sync]`` at the end of the root's manifest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from release_sync.cli.adoption.change import Change
from release_sync.configuration.table import configuration
from release_sync.errors import Problem
from release_sync.toml.document import Broken, parse
from release_sync.toml.manifest import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from release_sync.cli.adoption.proposal import Proposal, Setting

HEADER = "[tool.release-sync]"


def with_table(before: bytes, proposal: Proposal, below: str = "") -> Change:
    """Return the manifest with the table below all that it has. Raises Problem.

    ``below`` is the way to the manifest. Every byte that is there stays: what is added is text, and
    the result is read again.
    """
    text = rendered(proposal.settings)
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    gap = b"" if before.endswith(b"\n") else newline
    after = before + gap + newline + text.encode().replace(b"\n", newline)
    _verify(before, after, text)
    told = [f"  {one.key} = {_shown(one)} ({one.why})" for one in proposal.settings]
    path = f"{below}{MANIFEST}"
    lines = (f"{path}: added {HEADER}", *(told or ["  empty: all defaults are right"]))
    return Change(path, before, after, lines)


def rendered(settings: Iterable[Setting]) -> str:
    """Return the table as TOML."""
    import tomlkit  # noqa: PLC0415 - 40 ms, and only for a table that is not there yet

    document, ours = tomlkit.document(), tomlkit.table(is_super_table=False)
    document["tool"] = tomlkit.table(is_super_table=True).append("release-sync", ours)
    for one in settings:
        if isinstance(one.value, str):
            ours[one.key] = one.value
        else:
            above, _, name = one.key.partition(".")
            groups = ours.setdefault(above, tomlkit.table(is_super_table=True))
            members = tomlkit.item(list(one.value)).multiline(multiline=True)
            groups[name] = tomlkit.table().append("members", members)
    return document.as_string()


def _shown(setting: Setting) -> str:
    if isinstance(setting.value, str):
        return json.dumps(setting.value, ensure_ascii=False)
    return ", ".join(setting.value)


def _verify(before: bytes, after: bytes, text: str) -> None:
    """Make sure that the table means what it should, and the rest what it meant."""
    try:
        document = parse(after)
        configuration(document["tool"].pop("release-sync"))
    except Broken as error:
        document = {"error": error}
    old = parse(before)
    if {"tool": {}, **document} != {"tool": {}, **old}:
        raise Problem(f"{HEADER} can't be added to {MANIFEST}", hint=f"write it yourself:\n{text}")
