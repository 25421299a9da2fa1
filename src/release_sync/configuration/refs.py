"""Names that become refs, held to git-check-ref-format(1).

A name that git refuses would else be found at the release, when everything is built.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from release_sync.configuration import values
from release_sync.configuration.values import Kind, Misconfigured
from release_sync.standards.ref_names import (
    ODD,
    ODD_GLOB,
    REFLOG,
    WAITING,
    is_invalid_ref,
    is_matched,
)
from release_sync.toml.location import dotted

if TYPE_CHECKING:
    from release_sync.toml.location import Keys

HINT = (
    "git takes no blanks, none of ~^:?*[\\ and no `..`; no part may begin with a dot or end"
    " with .lock (git-check-ref-format(1))"
)


_TEMPLATE = values.template(("version", "group"), "version")

_RELEASE = r"[0-9]{1,9}(?:\.[0-9]{1,9})*"
_BOUNDED = rf"\{{version(?:>=({_RELEASE}))?(?:<({_RELEASE}))?\}}"
VERSION_PLACE = re.compile(_BOUNDED)
"""Where a tag has its version, and between which releases that is: ``{version>=1<2}``."""


def with_version(template: str, version: str) -> str:
    """Return a tag with a version in its place; of ``{version}`` the template stays what it is."""
    return template if version == "{version}" else VERSION_PLACE.sub(lambda _: version, template)


def tag(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
    """Read the template of a tag's name; a ``@{`` in it is where one of our own words begins."""
    template = values.text(keys, value)
    _TEMPLATE.read(keys, VERSION_PLACE.sub("{version}", template))
    if is_invalid_ref(template):
        raise _refusal(keys, template, "a tag")
    return template


def name(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
    """Read the name of a branch or of a remote."""
    found = values.text(keys, value)
    if is_invalid_ref(found) or re.search(REFLOG, found):
        raise _refusal(keys, found, f"a {dotted(keys)}")
    return found


def branch(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
    """Read the name of a branch, or a glob of such names."""
    found = values.text(keys, value)
    if re.search(ODD_GLOB, found) or re.search(REFLOG, found):
        raise _refusal(keys, found, f"a {keys[0]}")
    return found


def branches(keys: Keys, value: Any) -> tuple[str, ...]:  # noqa: ANN401 - TOML may hold anything
    """Read one branch, or an array of them; each may be a glob."""
    if isinstance(value, str):
        return (branch(keys, value),)
    found: tuple[str, ...] = _BRANCHES.read(keys, value)
    if not found:
        raise Misconfigured(keys, f"{dotted(keys)} names none", "leave it out, or name one")
    return found


def waiting(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
    """Read where releases wait: a ref with others below it, or ``""`` for the usual one."""
    if value == "":
        return ""
    found = name(keys, value)
    if not re.search(WAITING, found):
        message = f"{dotted(keys)} {found!r} is not below refs/"
        raise Misconfigured(keys, message, "write such as refs/heads/release-sync")
    return found


def _refusal(keys: Keys, found: str, kind: str) -> Misconfigured:
    message = f"{dotted(keys)} {found!r} can't be the name of {kind}"
    return Misconfigured(keys, message, HINT if found else "leave it out, or name one")


DEFINITIONS: dict[str, Any] = {
    "ref": {
        "$comment": "git-check-ref-format(1); a - at the start is git's options'",
        "type": "string",
        "not": {"pattern": ODD},
    },
    "plain": {
        "$comment": "what git reads as something else than a name",
        "not": {"pattern": REFLOG},
    },
    "branch": {
        "$comment": "a ref, or a glob of refs: a * is anything but a slash",
        "allOf": [
            {"type": "string", "not": {"pattern": ODD_GLOB}},
            {"$ref": "#/definitions/plain"},
        ],
    },
}
"""What several keys share in the JSON schema."""

REF = {"$ref": "#/definitions/ref"}
PLAIN = {"$ref": "#/definitions/plain"}

_PATTERN = _TEMPLATE.schema["pattern"].replace(r"\{version\}", _BOUNDED)
TAG = Kind(tag, {"allOf": [REF], "pattern": _PATTERN})
_BRANCH = {"$ref": "#/definitions/branch"}
_BRANCHES = values.array(Kind(branch, _BRANCH), "strings")
BRANCHES = Kind(branches, {"anyOf": [_BRANCH, {**_BRANCHES.schema, "minItems": 1}]})
NAME = Kind(name, {"allOf": [REF, PLAIN]})
WAITS = Kind(waiting, {"anyOf": [{"enum": [""]}, {"allOf": [REF, PLAIN, {"pattern": WAITING}]}]})


def is_below(waiting: str, branch: str) -> bool:
    """Return whether what waits would be below a branch, or be taken for one that a glob names."""
    if not waiting.startswith("refs/heads/"):
        return False
    parts = f"{waiting}/default".split("/")[2:]
    globbed = len(parts) if "*" in branch else len(parts) - 1
    return any(is_matched("/".join(parts[:end]), branch) for end in range(1, globbed + 1))
