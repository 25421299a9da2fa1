"""``[tool.release-sync]`` at the end of the root's manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.cli.adoption.change import Change
from release_sync.configuration.table import configuration
from release_sync.errors import Problem
from release_sync.toml.document import Broken, parse
from release_sync.toml.manifest import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tomlkit.items import Item

    from release_sync.cli.adoption.setting import Setting

HEADER = "[tool.release-sync]"


def with_table(before: bytes, settings: Sequence[Setting], below: str = "") -> Change:
    """Return the manifest with the table below all that it has. Raises Problem.

    ``below`` is the way to the manifest. Every byte that is there stays: what is added is text, and
    the result is read again.
    """
    text = rendered(settings)
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    gap = newline if before.endswith(b"\n") else newline * 2
    after = before + (gap if before else b"") + text.encode().replace(b"\n", newline)
    _verify(before, after, text)
    told = [f"  {shown(one)}{f' ({one.why})' if one.why else ''}" for one in settings]
    path = f"{below}{MANIFEST}"
    how = "added" if before else "made, with"
    return Change(path, before, after, (f"{path}: {how} {HEADER}", *told))


def merged(before: bytes, settings: Iterable[Setting]) -> bytes:
    """Return a manifest with settings in the table that it has: for a trial, laid out anew."""
    import tomlkit  # noqa: PLC0415 - as below

    document = parse(before)
    for one in settings:
        *above, last = one.key.split(".")
        table = document["tool"]["release-sync"]
        for name in above:
            table = table.setdefault(name, {})
        table[last] = one.value if isinstance(one.value, str) else [*one.value]
    return tomlkit.dumps(document).encode()


def rendered(settings: Iterable[Setting]) -> str:
    """Return the table as TOML."""
    import tomlkit  # noqa: PLC0415 - 40 ms, and only for a table that is not there yet

    document, ours = tomlkit.document(), tomlkit.table(is_super_table=False)
    document["tool"] = tomlkit.table(is_super_table=True).append("release-sync", ours)
    for one in settings:
        *above, last = one.key.split(".")
        table = ours
        for name in above:
            is_super = name == above[0]
            table = table.setdefault(name, tomlkit.table(is_super_table=is_super))
        table[last] = _item(one, multiline=True)
    return document.as_string()


def shown(setting: Setting) -> str:
    """Return a setting as a line of TOML."""
    return f"{setting.key} = {_item(setting, multiline=False).as_string()}"


def _item(setting: Setting, *, multiline: bool) -> Item:
    import tomlkit  # noqa: PLC0415 - the same

    if isinstance(setting.value, str):
        return tomlkit.string(setting.value)
    array = tomlkit.array().multiline(multiline=multiline and len(setting.value) > 1)
    for one in setting.value:
        if isinstance(one, str):
            array.append(one)
        else:
            inline = tomlkit.inline_table()
            inline.update(one)
            array.append(inline)
    return array


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
