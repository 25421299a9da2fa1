"""Values of ``[tool.release-sync]`` by their kind: what is of another is refused, with its place.

``keys`` lead to a value in that table. Everything that reads one raises Misconfigured. Each kind
has its JSON schema beside it, in which patterns are Python's: ``release_sync.schema`` translates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from release_sync.errors import Unreadable
from release_sync.standards.names import VALID, is_name, normalise
from release_sync.toml.location import dotted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from release_sync.toml.location import Keys


WILD = frozenset("*?[")
"""What makes a glob of a text."""


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


class Kind:
    """What reads the values of one kind, and their JSON schema (draft 7).

    A plain class, as Key is: making a named tuple takes the hook 0.1 ms.
    """

    __slots__ = ("read", "schema")

    def __init__(self, read: Callable[[Keys, Any], Any], schema: Mapping[str, Any]) -> None:
        """Keep the two together."""
        self.read = read
        self.schema = schema


class Key:
    """A key of a table: the kind of its values, what they mean, and examples of them."""

    __slots__ = ("description", "examples", "kind")

    def __init__(self, kind: Kind, description: str, examples: tuple[Any, ...] = ()) -> None:
        """Keep what is written of a key in one place."""
        self.kind = kind
        self.description = description
        self.examples = examples


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


def name(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
    """Return a package's name, normalised."""
    found = text(keys, value)
    if not is_name(found):
        raise Misconfigured(keys, f"{found!r} is not a package's name")
    return normalise(found)


def member(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
    """Return what means members: a name, a glob of names, or ``./`` and a glob of folders."""
    found = text(keys, value)
    if "/" in found:
        parts = found.split("/")
        if not parts[0] or ".." in parts:
            raise Misconfigured(keys, f"the folders {found!r} are outside of the workspace")
        return f"./{'/'.join(part for part in parts if part not in {'', '.'})}"
    return normalise(found) if WILD.intersection(found) else name(keys, found)


def array(one: Kind, called: str) -> Kind:
    """Return the kind of an array; ``called`` says of what, for a message."""

    def read(keys: Keys, value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - TOML may hold anything
        if not isinstance(value, list):
            raise Misconfigured(keys, f"{dotted(keys)} is not an array of {called}")
        return tuple(one.read((*keys, index), item) for index, item in enumerate(value))

    return Kind(read, {"type": "array", "items": one.schema})


def choice(known: Iterable[str]) -> Kind:
    """Return the kind of one of a few words."""

    def read(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
        if value not in known:
            hint = suggestion(str(value), known)
            raise Misconfigured(keys, f"{dotted(keys)} can't be {value!r}", hint)
        return text(keys, value)

    return Kind(read, {"enum": list(known)})


def template(known: tuple[str, ...], needed: str) -> Kind:
    """Return the kind of a text with words in braces: only ``known`` ones, and the ``needed``."""

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

    part = "|".join([r"[^{}\x00]", *(rf"\{{{word}\}}" for word in known)])
    pattern = rf"^({part})*\{{{needed}\}}({part})*\Z"
    return Kind(read, {"type": "string", "pattern": pattern})


def number(unit: str) -> Kind:
    """Return the kind of a number of some unit, 0 or more."""

    def read(keys: Keys, value: Any) -> int:  # noqa: ANN401 - TOML may hold anything
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise Misconfigured(keys, f"{dotted(keys)} is not a number of {unit}")
        return value

    return Kind(read, {"type": "integer", "minimum": 0})


def flag(keys: Keys, value: Any) -> bool:  # noqa: ANN401 - TOML may hold anything
    """Return whether something is so."""
    if not isinstance(value, bool):
        raise Misconfigured(keys, f"{dotted(keys)} is neither true nor false")
    return value


def table(known: Mapping[str, Key], needed: Iterable[str]) -> Kind:
    """Return the kind of a table that has the ``needed`` keys, and of others only ``known`` ones.

    Its values are read, each by its key.
    """

    def read(keys: Keys, value: Any) -> dict[str, Any]:  # noqa: ANN401 - TOML may hold anything
        if not isinstance(value, dict):
            raise Misconfigured(keys, f"{dotted(keys)} is no table")
        refuse_unknown(keys, value, known)
        for key in needed:
            if key not in value:
                raise Misconfigured(keys, f"{dotted(keys)} has no {key!r}")
        read = {key: one.kind.read for key, one in known.items() if key in value}
        return {key: read[key]((*keys, key), value[key]) for key in read}

    closed = {"type": "object", "additionalProperties": False}
    return Kind(read, {**closed, "required": list(needed), "properties": known})


def refuse_unknown(keys: Keys, given: Mapping[str, Any], known: Iterable[str]) -> None:
    """Look whether a table has only known keys."""
    choices = list(known)
    for key in given:
        if key not in choices:
            hint = suggestion(key, choices)
            raise Misconfigured((*keys, key), f"unknown key {key!r}", hint, at_key=True)


TEXT = Kind(text, {"$ref": "#/definitions/text"})
NAME = Kind(name, {"$ref": "#/definitions/name"})
FLAG = Kind(flag, {"type": "boolean"})

_TEXTS = array(TEXT, "strings")
OUTSIDE = {"pattern": r"^/|(^|/)\.\.(/|\Z)"}
_GLOB = {"type": "string", "pattern": r"^[^\x00]*[*?\[/][^\x00]*\Z", "not": OUTSIDE}
_MEMBERS = array(Kind(member, {"anyOf": [NAME.schema, _GLOB]}), "strings")
DEFINITIONS: dict[str, Any] = {
    "text": {"type": "string", "pattern": r"^[^\x00]*\Z"},
    "texts": _TEXTS.schema,
    "name": {"type": "string", "pattern": rf"^{VALID.pattern}\Z"},
    "members": _MEMBERS.schema,
}
"""What several keys share in the JSON schema."""

TEXTS = Kind(_TEXTS.read, {"$ref": "#/definitions/texts"})
MEMBERS = Kind(_MEMBERS.read, {"$ref": "#/definitions/members"})
