"""``[tool.release-sync]``: typed, with its defaults, and nothing in it misunderstood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from release_sync.configuration import refs, values
from release_sync.configuration.rule_codes import NAMES
from release_sync.configuration.values import Misconfigured, suggestion
from release_sync.standards.names import is_name, normalise
from release_sync.standards.ref_names import is_invalid_ref
from release_sync.toml.location import dotted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from release_sync.toml.location import Keys

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
    writes: tuple[str, ...] = ()
    waiting: str = ""


def configuration(table: Any) -> Configuration:  # noqa: ANN401 - TOML may hold anything
    """Read the table. Raises Misconfigured for an unknown key or a value that can't be meant."""
    if not isinstance(table, dict):
        raise Misconfigured((), "[tool.release-sync] is no table")
    values.refuse_unknown((), table, READERS)
    found = Configuration(**{key: READERS[key]((key,), value) for key, value in table.items()})
    if f"{found.waiting}/".startswith(f"refs/heads/{found.branch}/"):
        message = f"no release can wait below the branch {found.branch}: git keeps none below one"
        raise Misconfigured(("waiting",), message, "write such as refs/heads/release-sync")
    return found


def _rules(keys: Keys, value: Any) -> tuple[str, ...]:  # noqa: ANN401 - TOML may hold anything
    found = values.texts(keys, value)
    for index, code in enumerate(found):
        if code not in NAMES:
            hint = suggestion(code, NAMES)
            raise Misconfigured((*keys, index), f"there is no rule {code!r}", hint)
    return found


def _mirrors(keys: Keys, value: Any) -> tuple[MirrorRule, ...]:  # noqa: ANN401 - TOML may hold anything
    if not isinstance(value, list):
        raise Misconfigured(keys, f"{dotted(keys)} is not an array of tables")
    return tuple(_mirror((*keys, index), one) for index, one in enumerate(value))


def _mirror(keys: Keys, value: Any) -> MirrorRule:  # noqa: ANN401 - TOML may hold anything
    table = values.table(keys, value, ("path", "pattern"), ("path", "pattern", "member"))
    path = values.text((*keys, "path"), table["path"])
    if path.startswith("/") or ".." in path.split("/"):
        raise Misconfigured((*keys, "path"), f"the mirror {path!r} leads out of the workspace")
    pattern = values.template(("version",), "version")((*keys, "pattern"), table["pattern"])
    if pattern.strip() == "{version}":
        raise Misconfigured(
            (*keys, "pattern"), "a mirror's pattern needs some text around {version}"
        )
    (member,) = values.names((*keys, "member"), [table["member"]]) if "member" in table else ("",)
    return MirrorRule(path, pattern, member)


def _groups(keys: Keys, value: Any) -> tuple[GroupRule, ...]:  # noqa: ANN401 - TOML may hold anything
    if not isinstance(value, dict):
        raise Misconfigured(keys, f"{dotted(keys)} is no table")
    return tuple(_group((*keys, name), name, one) for name, one in value.items())


def _group(keys: Keys, name: str, value: Any) -> GroupRule:  # noqa: ANN401 - TOML may hold anything
    if not is_name(name) or is_invalid_ref(name):
        raise Misconfigured(keys, f"a group can't be called {name!r}", "use letters, digits and -")
    table = values.table(keys, value, ("members",), ("members", "pin"))
    pin = values.choice(POLICIES)((*keys, "pin"), table["pin"]) if "pin" in table else ""
    return GroupRule(name, values.names((*keys, "members"), table["members"]), pin)


def _pins(keys: Keys, value: Any) -> dict[tuple[str, str], str]:  # noqa: ANN401 - TOML may hold anything
    """Read ``{ owner = { name = "compatible" } }``: the policies of single edges."""
    if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
        raise Misconfigured(keys, f"{dotted(keys)} is no table of tables")
    read = values.choice(POLICIES)
    return {
        (normalise(owner), normalise(name)): read((*keys, owner, name), policy)
        for owner, edges in value.items()
        for name, policy in edges.items()
    }


READERS: dict[str, Callable[[Keys, Any], Any]] = {
    "packages": values.texts,
    "exclude": values.texts,
    "independent": values.names,
    "private": values.names,
    "pin": values.choice(POLICIES),
    "pins": _pins,
    "mirrors": _mirrors,
    "tag": refs.tag,
    "message": values.template(("packages", "version", "group"), "version"),
    "branch": refs.name,
    "remote": refs.name,
    "index": values.text,
    "wait": values.seconds,
    "ignore": _rules,
    "groups": _groups,
    "land": values.choice(LANDINGS),
    "writes": values.texts,
    "waiting": refs.waiting,
}
"""Every key of the table, and what reads it."""
