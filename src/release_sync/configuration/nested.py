"""The tables within ``[tool.release-sync]``: mirrors, groups, and the pins of single edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from release_sync.configuration import refs, values
from release_sync.configuration.values import Key, Kind, Misconfigured
from release_sync.standards.names import is_name, normalise
from release_sync.standards.ref_names import is_invalid_ref
from release_sync.toml.location import dotted

if TYPE_CHECKING:
    from release_sync.toml.location import Keys

POLICIES = ("exact", "compatible", "any")
DEFAULT = "default"
"""The group of all members that are in no other: nobody has to name them."""

RELEASED = "released"
"""The policy, of single edges alone, that admits an exact pin on an earlier version."""


class MirrorRule(NamedTuple):
    """A file that repeats the version, and how: ``pattern`` holds ``{version}`` once or more.

    A pattern that is nothing else stands for the whole file. ``path`` is relative to the root;
    ``member`` is whose version it is, ``""`` for the root's, or that of the default group where the
    root is in no group.
    """

    path: str
    pattern: str = "{version}"
    member: str = ""


class GroupRule(NamedTuple):
    """A group as configured; ``pin`` and ``tag`` are empty where those of the workspace hold."""

    name: str
    members: tuple[str, ...] = ()
    pin: str = ""
    tag: str = ""


STYLES = ("auto", "keep-a-changelog", "towncrier", "changes", "off")
EMPTIES = ("note", "refuse", "allow")


class ChangelogRule(NamedTuple):
    """How a changelog is kept: ``auto`` where that can be told from the workspace's files.

    ``files`` are those that a release edits, relative to the root; without them they are looked
    for. ``empty`` says what becomes of a release that has nothing in it.
    """

    style: str = "auto"
    files: tuple[str, ...] = ()
    empty: str = "note"


def _mirror(keys: Keys, value: Any) -> MirrorRule:  # noqa: ANN401 - TOML may hold anything
    return MirrorRule(**MIRROR.read(keys, value))


def _path(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
    path = values.text(keys, value)
    if path.startswith("/") or ".." in path.split("/"):
        what = "mirror" if keys[0] == "mirrors" else "file"
        raise Misconfigured(keys, f"the {what} {path!r} leads out of the workspace")
    return path


def _changelog(keys: Keys, value: Any) -> ChangelogRule:  # noqa: ANN401 - TOML may hold anything
    return ChangelogRule(**CHANGELOG.read(keys, value))


def _groups(keys: Keys, value: Any) -> tuple[GroupRule, ...]:  # noqa: ANN401 - TOML may hold anything
    if not isinstance(value, dict):
        raise Misconfigured(keys, f"{dotted(keys)} is no table")
    return tuple(_group((*keys, name), name, one) for name, one in value.items())


def _group(keys: Keys, name: str, value: Any) -> GroupRule:  # noqa: ANN401 - TOML may hold anything
    if not is_name(name) or is_invalid_ref(name):
        raise Misconfigured(keys, f"a group can't be called {name!r}", "use letters, digits and -")
    kind = REST if name == DEFAULT else GROUP
    return GroupRule(name, **kind.read(keys, value))


def _pins(keys: Keys, value: Any) -> dict[tuple[str, str], str]:  # noqa: ANN401 - TOML may hold anything
    """Read ``{ owner = { name = "compatible" } }``: the policies of single edges."""
    if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
        raise Misconfigured(keys, f"{dotted(keys)} is no table of tables")
    return {
        (normalise(owner), normalise(name)): EDGE.read((*keys, owner, name), policy)
        for owner, edges in value.items()
        for name, policy in edges.items()
    }


POLICY = Kind(values.choice(POLICIES).read, {"$ref": "#/definitions/policy"})

ANY = "any"
"""In place of the tags of wheels: at least one of whatever kind. It is read as no tags."""

_TAGS = values.array(values.TEXT, "strings")


def _artifacts(keys: Keys, value: Any) -> dict[str, tuple[str, ...]]:  # noqa: ANN401 - TOML may hold anything
    """Read ``{ member = ["cp311-*"] }``: the globs of the tags that its wheels have."""
    if not isinstance(value, dict):
        raise Misconfigured(keys, f"{dotted(keys)} is no table")
    return {
        name if name == "*" else values.name((*keys, name), name): _tags((*keys, name), one)
        for name, one in value.items()
    }


def _tags(keys: Keys, value: Any) -> tuple[str, ...]:  # noqa: ANN401 - TOML may hold anything
    if value == ANY:
        return ()
    found: tuple[str, ...] = _TAGS.read(keys, value)
    for index, one in enumerate(found):
        if one.count("-") != 2 or one == ANY:  # noqa: PLR2004 - of PYTHON-ABI-PLATFORM (PEP 425)
            message = f"{one!r} is no tag of a wheel, nor a glob of such"
            raise Misconfigured((*keys, index), message, "write such as cp311-cp311-manylinux_*")
    if not found:
        raise Misconfigured(keys, f"{dotted(keys)} names no wheel", f'"{ANY}" is for any')
    return found


EDGE = Kind(values.choice((*POLICIES, RELEASED)).read, {"$ref": "#/definitions/edge"})

_EDGES = {"type": "object", "additionalProperties": EDGE.schema}
_NAMED = {"type": "object", "propertyNames": {"allOf": [values.NAME.schema, refs.REF]}}
MIRROR = values.table(
    {
        "path": Key(
            Kind(_path, {"allOf": [values.TEXT.schema, {"not": values.OUTSIDE}]}),
            "The file, relative to the workspace's root",
        ),
        "pattern": Key(
            values.template(("version",), "version"),
            "How the file says the version, with {version} in its place; without a text around it,"
            " or a pattern, the version is all that the file holds",
        ),
        "member": Key(values.NAME, "Whose version it is; the root's unless said"),
    },
    needed=("path",),
)
_PATH = Kind(_path, {"allOf": [values.TEXT.schema, {"not": values.OUTSIDE}]})
CHANGELOG = values.table(
    {
        "style": Key(
            values.choice(STYLES),
            'How the changelog is kept: below "Unreleased" (`keep-a-changelog`), in fragments'
            " (`towncrier`), or in files of `release-sync change` (`changes`)",
        ),
        "files": Key(
            values.array(_PATH, "strings"),
            "The changelogs, where they are not found by their names",
        ),
        "empty": Key(
            values.choice(EMPTIES), "What becomes of a release of which the changelog says nothing"
        ),
    },
    needed=(),
)
CHANGELOGS = Kind(_changelog, CHANGELOG.schema)
_OF_A_GROUP = {
    "members": Key(values.MEMBERS, "The members of the group: names, and globs"),
    "pin": Key(POLICY, "The policy for what its members require, instead of the workspace's"),
    "tag": Key(refs.TAG, "The name of its releases' tags, instead of the workspace's"),
}
GROUP = values.table(_OF_A_GROUP, needed=("members",))
REST = values.table(_OF_A_GROUP, needed=())

MIRRORS = values.array(Kind(_mirror, MIRROR.schema), "tables")
GROUPS = Kind(
    _groups,
    {**_NAMED, "properties": {DEFAULT: REST.schema}, "additionalProperties": GROUP.schema},
)
_TAG = {"type": "string", "pattern": r"^[^\x00-]*-[^\x00-]*-[^\x00-]*\Z"}
ARTIFACTS = Kind(
    _artifacts,
    {
        "type": "object",
        "propertyNames": {"anyOf": [{"const": "*"}, values.NAME.schema]},
        "additionalProperties": {
            "anyOf": [{"const": ANY}, {"type": "array", "items": _TAG, "minItems": 1}]
        },
    },
)
PINS = Kind(_pins, {"type": "object", "additionalProperties": _EDGES})
