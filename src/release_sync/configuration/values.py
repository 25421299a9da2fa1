"""Values of ``[tool.release-sync]`` by their kind: what is of another is refused, with its place.

``keys`` lead to a value in that table. Everything that reads one raises Misconfigured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from release_sync.errors import Unreadable
from release_sync.standards.names import is_name, normalise
from release_sync.toml.location import dotted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from release_sync.toml.location import Keys


class Misconfigured(Unreadable):
    """Something in a table of the root's manifest; ``keys`` lead to it in ``table``."""

    def __init__(
        self,
        keys: Keys,
        message: str,
        hint: str = "",
        *,
        at_key: bool = False,
        table: Keys = ("tool", "release-sync"),
    ) -> None:
        """Keep where it is beside what it is."""
        super().__init__(message, hint)
        self.at_key = at_key
        self.keys = (*table, *keys)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return a hint that names what was probably meant, or else all there is."""
    from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

    choices = list(known)
    close = get_close_matches(word, choices, 1)
    return f"did you mean `{close[0]}`?" if close else f"there are: {', '.join(choices)}"


def text(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
    """Return a string without null characters."""
    if not isinstance(value, str) or "\0" in value:
        raise Misconfigured(keys, f"{dotted(keys)} is not a string")
    return value


def texts(keys: Keys, value: Any) -> tuple[str, ...]:  # noqa: ANN401 - TOML may hold anything
    """Return an array of strings."""
    if not isinstance(value, list):
        raise Misconfigured(keys, f"{dotted(keys)} is not an array of strings")
    return tuple(text((*keys, index), one) for index, one in enumerate(value))


def names(keys: Keys, value: Any) -> tuple[str, ...]:  # noqa: ANN401 - TOML may hold anything
    """Return an array of packages' names, normalised."""
    found = texts(keys, value)
    for index, name in enumerate(found):
        if not is_name(name):
            raise Misconfigured((*keys, index), f"{name!r} is not a package's name")
    return tuple(normalise(name) for name in found)


def choice(known: Iterable[str]) -> Callable[[Keys, Any], str]:
    """Return what reads one of a few words."""

    def read(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
        if value not in known:
            hint = suggestion(str(value), known)
            raise Misconfigured(keys, f"{dotted(keys)} can't be {value!r}", hint)
        return text(keys, value)

    return read


def template(known: tuple[str, ...], needed: str) -> Callable[[Keys, Any], str]:
    """Return what reads a text with words in braces: only ``known`` ones, and the ``needed``."""

    def read(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
        said = text(keys, value)
        words = {f"{{{word}}}" for word in known}
        rest = said
        for word in words:
            rest = rest.replace(word, "")
        if "{" in rest or "}" in rest or f"{{{needed}}}" not in said:
            message = f"{dotted(keys)} {said!r} must hold {{{needed}}}, and no other braces than"
            raise Misconfigured(keys, f"{message} {', '.join(sorted(words))}")
        return said

    return read


def seconds(keys: Keys, value: Any) -> int:  # noqa: ANN401 - TOML may hold anything
    """Return a number of seconds, 0 or more."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Misconfigured(keys, f"{dotted(keys)} is not a number of seconds")
    return value


def table(keys: Keys, value: Any, needed: Iterable[str], known: Iterable[str]) -> dict[str, Any]:  # noqa: ANN401 - TOML may hold anything
    """Return a table that has the ``needed`` keys, and of others only ``known`` ones."""
    if not isinstance(value, dict):
        raise Misconfigured(keys, f"{dotted(keys)} is no table")
    refuse_unknown(keys, value, known)
    for key in needed:
        if key not in value:
            raise Misconfigured(keys, f"{dotted(keys)} has no {key!r}")
    return value


def refuse_unknown(keys: Keys, given: Mapping[str, Any], known: Iterable[str]) -> None:
    """Look whether a table has only known keys."""
    choices = list(known)
    for key in given:
        if key not in choices:
            hint = suggestion(key, choices)
            raise Misconfigured((*keys, key), f"unknown key {key!r}", hint, at_key=True)
