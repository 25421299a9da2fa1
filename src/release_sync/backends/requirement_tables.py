"""Requirements as they stand in tables: in arrays, or as keys with a constraint."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.standards.names import normalise
from release_sync.toml.location import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.toml.document import Table
    from release_sync.toml.location import Keys


class Row(NamedTuple):
    """One requirement of a table, before anybody knows whether it is internal.

    ``table`` is such as ``project.dependencies``; ``extra`` names the extra or the group. ``use``
    is ``runtime`` for what every installation needs, ``development`` for a table that nobody
    installs from, so that a requirement may be bare there; and ``other``. ``form`` is how it is
    written: ``pep508``; ``template`` where a build hook fills in ``{{ version }}``; or ``poetry``,
    where ``text`` is only the constraint and ``name`` the key before it.
    """

    table: str
    extra: str
    keys: Keys
    text: str
    use: str = "other"
    form: str = "pep508"
    name: str = ""


def array(
    table: Table, key: str, extra: str = "", *, named: str = "", use: str = "other", inner: str = ""
) -> Iterator[Row]:
    """Yield the strings of an array; where there is an ``inner`` key, also those in tables.

    ``named`` is what the table is called, where that is not its own name.
    """
    if not table.has(key):
        return
    name = named or dotted(table.keys if extra else (*table.keys, key))
    for keys, text in table.strings(key):
        yield Row(name, extra, keys, text, use)
    for one in table.array(key) if inner else ():
        if one.is_string(inner):
            yield Row(name, extra, (*one.keys, inner), one.string(inner), use)


def arrays(table: Table, *, use: str = "other") -> Iterator[Row]:
    """Yield the strings of all arrays of a table: each key is an extra, or a group."""
    for extra in table.content:
        yield from array(table, extra, extra, use=use)


def constraints(table: Table, extra: str = "", *, use: str = "other") -> Iterator[Row]:
    """Yield a table's keys as names, with their constraints, as Poetry writes them.

    Each is a string, a table, or an array of both. What is optional is not needed at runtime.
    """
    name = dotted(table.keys)
    for key in table.content:
        is_optional = use == "runtime" and table.table(key).value("optional") is True
        needed = "other" if is_optional else use
        found = [] if not table.is_string(key) else [((*table.keys, key), table.string(key))]
        found += table.strings(key)
        found += [one for inner in table.array(key) for one in _constraint(inner)]
        for keys, text in found:
            yield Row(name, extra, keys, text, needed, "poetry", normalise(key))


def _constraint(table: Table) -> Iterator[tuple[Keys, str]]:
    """Yield the constraint of a table; a dependency by path, URL or git has none."""
    for key in ("version", "path", "url", "git"):
        if table.is_string(key):
            text = table.string(key)
            yield (*table.keys, key), text if key == "version" else f"@ {text}"
            return
