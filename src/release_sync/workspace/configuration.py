"""``[tool.release-sync]``: typed, with its defaults, and nothing in it misunderstood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from release_sync.errors import Unreadable
from release_sync.workspace.finding import NAMES
from release_sync.workspace.names import is_name, normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Keys = tuple[str | int, ...]

POLICIES = ("exact", "compatible", "any")
LANDINGS = ("push", "branch")


class MirrorRule(NamedTuple):
    """A file that repeats the version, and how: ``pattern`` holds ``{version}`` once or more.

    ``path`` is relative to the root; ``member`` is whose version it is, ``""`` for the root's, or
    that of the default group where the root has none.
    """

    path: str
    pattern: str
    member: str = ""


class GroupRule(NamedTuple):
    """A group as configured; ``pin`` is empty where the workspace's policy holds."""

    name: str
    members: tuple[str, ...]
    pin: str = ""


class Configuration(NamedTuple):
    """The whole table. Names of members are normalised; ``wait`` is in seconds.

    ``pins`` maps an edge, ``(owner, name)``, to its policy.
    """

    packages: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    independent: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    pin: str = "exact"
    pins: Mapping[tuple[str, str], str] = {}
    mirrors: tuple[MirrorRule, ...] = ()
    tag: str = "v{version}"
    message: str = "Published {packages} {version}"
    branch: str = "main"
    remote: str = "origin"
    index: str = "pypi"  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    wait: int = 300
    ignore: tuple[str, ...] = ()
    groups: tuple[GroupRule, ...] = ()
    land: str = "push"
    waiting: str = ""


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


def configuration(table: Any) -> Configuration:  # noqa: ANN401 - TOML may hold anything
    """Read the table. Raises Misconfigured for an unknown key or a value of the wrong kind."""
    if not isinstance(table, dict):
        raise Misconfigured((), "[tool.release-sync] is no table")
    _only(table, READERS, ())
    return Configuration(**{key: READERS[key]((key,), value) for key, value in table.items()})


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return a hint that names what was probably meant, or else all there is."""
    from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

    choices = list(known)
    close = get_close_matches(word, choices, 1)
    return f"did you mean `{close[0]}`?" if close else f"there are: {', '.join(choices)}"


def _only(table: Mapping[str, Any], known: Iterable[str], keys: Keys) -> None:
    choices = list(known)
    for key in table:
        if key not in choices:
            hint = suggestion(key, choices)
            raise Misconfigured((*keys, key), f"unknown key {key!r}", hint, at_key=True)


def _text(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
    if not isinstance(value, str) or "\0" in value:
        raise Misconfigured(keys, f"{_path(keys)} is not a string")
    return value


def _texts(keys: Keys, value: Any) -> tuple[str, ...]:  # noqa: ANN401 - TOML may hold anything
    if not isinstance(value, list):
        raise Misconfigured(keys, f"{_path(keys)} is not an array of strings")
    return tuple(_text((*keys, index), one) for index, one in enumerate(value))


def _names(keys: Keys, value: Any) -> tuple[str, ...]:  # noqa: ANN401 - TOML may hold anything
    found = _texts(keys, value)
    for index, name in enumerate(found):
        if not is_name(name):
            raise Misconfigured((*keys, index), f"{name!r} is not a package's name")
    return tuple(normalise(name) for name in found)


def _choice(known: Iterable[str]) -> Callable[[Keys, Any], str]:
    def read(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
        if value not in known:
            hint = suggestion(str(value), known)
            raise Misconfigured(keys, f"{_path(keys)} can't be {value!r}", hint)
        return _text(keys, value)

    return read


def _template(known: tuple[str, ...], needed: str) -> Callable[[Keys, Any], str]:
    def read(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
        text = _text(keys, value)
        words = {f"{{{word}}}" for word in known}
        rest = text
        for word in words:
            rest = rest.replace(word, "")
        if "{" in rest or "}" in rest or f"{{{needed}}}" not in text:
            message = f"{_path(keys)} {text!r} must hold {{{needed}}}, and no other braces than"
            raise Misconfigured(keys, f"{message} {', '.join(sorted(words))}")
        return text

    return read


def _seconds(keys: Keys, value: Any) -> int:  # noqa: ANN401 - TOML may hold anything
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Misconfigured(keys, f"{_path(keys)} is not a number of seconds")
    return value


def _rules(keys: Keys, value: Any) -> tuple[str, ...]:  # noqa: ANN401 - TOML may hold anything
    found = _texts(keys, value)
    for index, code in enumerate(found):
        if code not in NAMES:
            raise Misconfigured(
                (*keys, index), f"there is no rule {code!r}", suggestion(code, NAMES)
            )
    return found


def _mirrors(keys: Keys, value: Any) -> tuple[MirrorRule, ...]:  # noqa: ANN401 - TOML may hold anything
    if not isinstance(value, list):
        raise Misconfigured(keys, f"{_path(keys)} is not an array of tables")
    return tuple(_mirror((*keys, index), one) for index, one in enumerate(value))


def _mirror(keys: Keys, value: Any) -> MirrorRule:  # noqa: ANN401 - TOML may hold anything
    table = _needs(keys, value, ("path", "pattern"), ("path", "pattern", "member"))
    path = _text((*keys, "path"), table["path"])
    if path.startswith("/") or ".." in path.split("/"):
        raise Misconfigured((*keys, "path"), f"the mirror {path!r} leads out of the workspace")
    pattern = _template(("version",), "version")((*keys, "pattern"), table["pattern"])
    if pattern.strip() == "{version}":
        raise Misconfigured(
            (*keys, "pattern"), "a mirror's pattern needs some text around {version}"
        )
    (member,) = _names((*keys, "member"), [table["member"]]) if "member" in table else ("",)
    return MirrorRule(path, pattern, member)


def _groups(keys: Keys, value: Any) -> tuple[GroupRule, ...]:  # noqa: ANN401 - TOML may hold anything
    if not isinstance(value, dict):
        raise Misconfigured(keys, f"{_path(keys)} is no table")
    return tuple(_group((*keys, name), name, one) for name, one in value.items())


def _group(keys: Keys, name: str, value: Any) -> GroupRule:  # noqa: ANN401 - TOML may hold anything
    if not is_name(name):  # it becomes part of a ref's name
        raise Misconfigured(keys, f"a group can't be called {name!r}", "use letters, digits and -")
    table = _needs(keys, value, ("members",), ("members", "pin"))
    pin = _choice(POLICIES)((*keys, "pin"), table["pin"]) if "pin" in table else ""
    return GroupRule(name, _names((*keys, "members"), table["members"]), pin)


def _pins(keys: Keys, value: Any) -> dict[tuple[str, str], str]:  # noqa: ANN401 - TOML may hold anything
    """Read ``{ owner = { name = "compatible" } }``: the policies of single edges."""
    if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
        raise Misconfigured(keys, f"{_path(keys)} is no table of tables")
    read = _choice(POLICIES)
    return {
        (normalise(owner), normalise(name)): read((*keys, owner, name), policy)
        for owner, edges in value.items()
        for name, policy in edges.items()
    }


def _needs(keys: Keys, value: Any, needed: Iterable[str], known: Iterable[str]) -> dict[str, Any]:  # noqa: ANN401 - TOML may hold anything
    if not isinstance(value, dict):
        raise Misconfigured(keys, f"{_path(keys)} is no table")
    _only(value, known, keys)
    for key in needed:
        if key not in value:
            raise Misconfigured(keys, f"{_path(keys)} has no {key!r}")
    return value


def _path(keys: Keys) -> str:
    return ".".join(f"{key}" for key in keys)


READERS: dict[str, Callable[[Keys, Any], Any]] = {
    "packages": _texts,
    "exclude": _texts,
    "independent": _names,
    "private": _names,
    "pin": _choice(POLICIES),
    "pins": _pins,
    "mirrors": _mirrors,
    "tag": _template(("version", "group"), "version"),
    "message": _template(("packages", "version", "group"), "version"),
    "branch": _text,
    "remote": _text,
    "index": _text,
    "wait": _seconds,
    "ignore": _rules,
    "groups": _groups,
    "land": _choice(LANDINGS),
    "waiting": _text,
}
"""Every key of the table, and what reads it."""
