"""``[tool.release-sync]``: typed, with its defaults, and nothing in it misunderstood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from release_sync.configuration import refs, values
from release_sync.configuration.rule_codes import NAMES
from release_sync.configuration.values import Key, Kind, Misconfigured, suggestion
from release_sync.standards.names import is_name, normalise
from release_sync.standards.ref_names import is_invalid_ref
from release_sync.toml.location import dotted

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    found = Configuration(
        **{key: READERS[key].kind.read((key,), value) for key, value in table.items()}
    )
    if f"{found.waiting}/".startswith(f"refs/heads/{found.branch}/"):
        message = f"no release can wait below the branch {found.branch}: git keeps none below one"
        raise Misconfigured(("waiting",), message, "write such as refs/heads/release-sync")
    return found


def _rule(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
    code = values.text(keys, value)
    if code not in NAMES:
        raise Misconfigured(keys, f"there is no rule {code!r}", suggestion(code, NAMES))
    return code


def _mirror(keys: Keys, value: Any) -> MirrorRule:  # noqa: ANN401 - TOML may hold anything
    return MirrorRule(**MIRROR.read(keys, value))


def _path(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
    path = values.text(keys, value)
    if path.startswith("/") or ".." in path.split("/"):
        raise Misconfigured(keys, f"the mirror {path!r} leads out of the workspace")
    return path


def _pattern(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
    pattern: str = _VERSION.read(keys, value)
    if pattern.strip() == "{version}":
        raise Misconfigured(keys, "a mirror's pattern needs some text around {version}")
    return pattern


def _groups(keys: Keys, value: Any) -> tuple[GroupRule, ...]:  # noqa: ANN401 - TOML may hold anything
    if not isinstance(value, dict):
        raise Misconfigured(keys, f"{dotted(keys)} is no table")
    return tuple(_group((*keys, name), name, one) for name, one in value.items())


def _group(keys: Keys, name: str, value: Any) -> GroupRule:  # noqa: ANN401 - TOML may hold anything
    if not is_name(name) or is_invalid_ref(name):
        raise Misconfigured(keys, f"a group can't be called {name!r}", "use letters, digits and -")
    return GroupRule(name, **GROUP.read(keys, value))


def _pins(keys: Keys, value: Any) -> dict[tuple[str, str], str]:  # noqa: ANN401 - TOML may hold anything
    """Read ``{ owner = { name = "compatible" } }``: the policies of single edges."""
    if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
        raise Misconfigured(keys, f"{dotted(keys)} is no table of tables")
    return {
        (normalise(owner), normalise(name)): POLICY.read((*keys, owner, name), policy)
        for owner, edges in value.items()
        for name, policy in edges.items()
    }


DEFINITIONS: dict[str, Any] = {
    **refs.DEFINITIONS,
    **values.DEFINITIONS,
    "policy": {"enum": list(POLICIES)},
}
"""What several keys share in the JSON schema."""

POLICY = Kind(values.choice(POLICIES).read, {"$ref": "#/definitions/policy"})

_VERSION = values.template(("version",), "version")
_EDGES = {"type": "object", "additionalProperties": POLICY.schema}
_NAMED = {"type": "object", "propertyNames": {"allOf": [values.NAME.schema, refs.REF]}}
_OUTSIDE = {"pattern": r"^/|(^|/)\.\.(/|\Z)"}
_BARE = {"pattern": r"^\s*\{version\}\s*\Z"}
MIRROR = values.table(
    {
        "path": Key(
            Kind(_path, {"allOf": [values.TEXT.schema, {"not": _OUTSIDE}]}),
            "The file, relative to the workspace's root",
        ),
        "pattern": Key(
            Kind(_pattern, {"allOf": [_VERSION.schema, {"not": _BARE}]}),
            "How the file says the version, with {version} in its place and some text around it",
        ),
        "member": Key(values.NAME, "Whose version it is; the root's unless said"),
    },
    needed=("path", "pattern"),
)
GROUP = values.table(
    {
        "members": Key(values.NAMES, "The members of the group"),
        "pin": Key(POLICY, "The policy for what its members require, instead of the workspace's"),
    },
    needed=("members",),
)

READERS: dict[str, Key] = {
    "packages": Key(
        values.TEXTS, "Globs of the members' folders, for a workspace without uv", (["packages/*"],)
    ),
    "exclude": Key(
        values.TEXTS,
        "Globs of folders that `packages` matches and that are no members",
        (["packages/template"],),
    ),
    "independent": Key(
        values.NAMES, "Members with a version of their own: each is a group of one", (["erk-mcp"],)
    ),
    "private": Key(
        values.NAMES,
        "Members that are never uploaded, beside those whose manifests say so",
        (["erk-dev"],),
    ),
    "pin": Key(
        POLICY,
        "What a requirement on a sibling must say: its exact version, a specifier that admits it,"
        " or anything that is not wrong",
    ),
    "pins": Key(
        Kind(_pins, {"type": "object", "additionalProperties": _EDGES}),
        "The policy of single edges: the member that requires, then the sibling that it requires",
        ({"workstack": {"devclikit": "compatible"}},),
    ),
    "mirrors": Key(
        values.array(Kind(_mirror, MIRROR.schema), "tables"),
        "Other files that repeat a version",
        ([{"path": "README.md", "pattern": "release-sync@{version}"}],),
    ),
    "tag": Key(
        refs.TAG,
        "The name of a release's tag, with {version} and, for several groups, {group}",
        ("{group}-v{version}",),
    ),
    "message": Key(
        values.template(("version", "packages", "group"), "version"),
        "The message of a release's commit, with {version} and perhaps {packages} and {group}",
    ),
    "branch": Key(refs.NAME, "The branch that releases leave from"),
    "remote": Key(refs.NAME, "The remote that releases are pushed to, by its name in git"),
    "index": Key(
        values.TEXT,
        "The index that releases are uploaded to: `pypi`, or the name of a [[tool.uv.index]] with"
        " a publish-url",
    ),
    "wait": Key(
        values.SECONDS, "How many seconds to wait until the index serves what was uploaded"
    ),
    "ignore": Key(
        values.array(Kind(_rule, {"enum": list(NAMES)}), "strings"),
        "Codes of rules that report nothing",
        (["RS204"],),
    ),
    "groups": Key(
        Kind(_groups, {**_NAMED, "additionalProperties": GROUP.schema}),
        "Members that share a version, by the group's name; all others are the group `default`",
        ({"stable": {"members": ["opentelemetry-api", "opentelemetry-sdk"]}},),
    ),
    "land": Key(
        values.choice(LANDINGS),
        "How a release lands: `push` moves the branch, `branch` pushes release/… for a pull"
        " request, and the tag",
    ),
    "writes": Key(
        values.TEXTS,
        "Globs of paths that a release's commit may change beside the versions",
        (["CITATION.cff", "docs/*.md"],),
    ),
    "waiting": Key(
        refs.WAITS,
        "The ref of the remote below which sealed releases wait, where it refuses"
        " refs/release-sync/…",
        ("refs/heads/release-sync",),
    ),
}
"""Every key of the table, and what reads it."""
