"""``[tool.release-sync]``: typed, with its defaults, and nothing in it misunderstood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from release_sync.configuration import nested, refs, values
from release_sync.configuration.rule_codes import NAMES
from release_sync.configuration.steps import STEPS, StepRules
from release_sync.configuration.values import Key, Kind, Misconfigured, suggestion
from release_sync.standards.ref_names import is_matched

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.configuration.nested import ChangelogRule, GroupRule, MirrorRule
    from release_sync.toml.location import Keys

LANDINGS = ("push", "branch", "tag")
REFUSED = ("direct-url", "local-version", "linux-tag", "unknown-classifier", "invalid-contact")
LEVELS = ("full", "quick", "metadata")
ISOLATIONS = ("auto", "require", "off")
AFTER = ("none", "dev")
STRATEGIES = ("direct", "staged")


class Configuration(NamedTuple):
    """The whole table. Names of members are normalised; ``wait`` is in seconds.

    ``pins`` maps an edge, ``(owner, name)``, to its policy, ``artifacts`` a member (or ``*``)
    to the globs of its wheels' tags.
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
    branch: tuple[str, ...] = ("main",)
    remote: str = "origin"
    index: str = "pypi"  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    wait: int = 300
    ignore: tuple[str, ...] = ()
    groups: tuple[GroupRule, ...] = ()
    land: str = "push"
    after: str = "none"
    writes: tuple[str, ...] = ()
    waiting: str = ""
    isolation: str = "auto"
    skip_import: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    max_file_size: int = 0
    verify: str = "full"
    strategy: str = "direct"
    artifacts: Mapping[str, tuple[str, ...]] = {}
    changelog: ChangelogRule = nested.ChangelogRule()
    steps: StepRules = StepRules()

    def is_branch(self, name: str) -> bool:
        """Return whether a branch is one of those that are configured, by its name or a glob."""
        return any(is_matched(name, one) for one in self.branch)


def configuration(table: Any) -> Configuration:  # noqa: ANN401 - TOML may hold anything
    """Read the table. Raises Misconfigured for an unknown key or a value that can't be meant."""
    if not isinstance(table, dict):
        raise Misconfigured((), "[tool.release-sync] is no table")
    values.refuse_unknown((), table, READERS)
    found = Configuration(
        **{field_of(key): READERS[key].kind.read((key,), value) for key, value in table.items()}
    )
    for one in found.branch:
        if refs.is_below(found.waiting, one):
            message = f"no release can wait below the branch {one}: git keeps none below one"
            raise Misconfigured(("waiting",), message, "write such as refs/heads/release-sync")
    return found


def field_of(key: str) -> str:
    """Return the field of ``Configuration`` that a key of the table is read into."""
    return key.replace("-", "_")


def _rule(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
    code = values.text(keys, value)
    if code not in NAMES:
        raise Misconfigured(keys, f"there is no rule {code!r}", suggestion(code, NAMES))
    return code


DEFINITIONS: dict[str, Any] = {
    **refs.DEFINITIONS,
    **values.DEFINITIONS,
    "policy": {"enum": list(nested.POLICIES)},
    "edge": {"enum": [*nested.POLICIES, nested.RELEASED]},
}
"""What several keys share in the JSON schema."""

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
        values.MEMBERS,
        "Members with a version of their own, by name or glob: each is a group of one",
        (["erk-mcp"], ["*"]),
    ),
    "private": Key(
        values.MEMBERS,
        "Members that are never uploaded, by name or glob, beside those whose manifests say so",
        (["erk-dev", "samples/*"],),
    ),
    "pin": Key(
        nested.POLICY,
        "What a requirement on a sibling must say: its exact version, a specifier that admits it,"
        " or anything that is not wrong",
    ),
    "pins": Key(
        nested.PINS,
        "The policy of single edges: the member that requires, then the sibling that it requires;"
        " `released` admits an exact pin on an earlier version",
        ({"workstack": {"devclikit": "released"}},),
    ),
    "mirrors": Key(
        nested.MIRRORS,
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
    "branch": Key(
        refs.BRANCHES,
        "The branch that releases leave from, or several; a `*` stands for anything but a slash",
        (["main", "release/*"],),
    ),
    "remote": Key(refs.NAME, "The remote that releases are pushed to, by its name in git"),
    "index": Key(
        values.TEXT,
        "The index that releases are uploaded to: `pypi`, or the name of a [[tool.uv.index]] with"
        " a publish-url",
    ),
    "wait": Key(
        values.number("seconds"),
        "How many seconds to wait until the index serves what was uploaded",
    ),
    "ignore": Key(
        values.array(Kind(_rule, {"enum": list(NAMES)}), "strings"),
        "Codes of rules that report nothing",
        (["RS204"],),
    ),
    "groups": Key(
        nested.GROUPS,
        "Members that share a version, by the group's name; all others are the group `default`",
        ({"stable": {"members": ["opentelemetry-api", "opentelemetry-sdk"]}},),
    ),
    "land": Key(
        values.choice(LANDINGS),
        "How a release lands: `push` moves the branch, `branch` pushes release/… for a pull"
        " request, and the tag; `tag` only the tag",
    ),
    "after": Key(
        values.choice(AFTER),
        "What follows a release on its branch: `dev` is the next development version, in a commit"
        " on top of the released one; `none` is nothing",
        ("dev",),
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
    "isolation": Key(
        values.choice(ISOLATIONS),
        "Whether what is built and imported is kept apart from the machine: `auto` where it can be,"
        " `require` or not at all, `off`",
    ),
    "skip-import": Key(
        values.TEXTS,
        "Import packages that can't be imported where a release is verified: they need an extra, or"
        " a library of the system",
        (["acme_lab"],),
    ),
    "accept": Key(
        values.array(values.choice(REFUSED), "strings"),
        "What this index takes, and public ones refuse: requirements with an address"
        " (`direct-url`), local versions, wheels for any Linux (`linux-tag`), classifiers that they"
        " do not know (`unknown-classifier`), addresses of mail or of the web that are none on the"
        " internet (`invalid-contact`)",
        (["direct-url"],),
    ),
    "max-file-size": Key(
        values.number("megabytes"),
        "How many megabytes (of 1,000,000 bytes) a file may have at most; 0 for any",
        (100,),
    ),
    "verify": Key(
        values.choice(LEVELS),
        "How thoroughly it is verified before the upload: `full` installs each package by itself,"
        " `quick` all together, `metadata` none",
    ),
    "strategy": Key(
        values.choice(STRATEGIES),
        "How the set comes to the index: `direct` uploads each file to it; `staged` uploads to an"
        " index that is made for the release, on the same devpi-server, tries it, and promotes it",
        ("staged",),
    ),
    "artifacts": Key(
        nested.ARTIFACTS,
        "The wheels that a member has when it is built elsewhere: globs of their tags, or `any`; of"
        " all members that are not named by `*`",
        ({"acme-fast": ["cp311-cp311-manylinux_*_x86_64", "cp311-cp311-win_amd64"]},),
    ),
    "changelog": Key(
        nested.CHANGELOGS,
        "How the changelog is kept, where its files don't say so",
        ({"style": "keep-a-changelog", "files": ["docs/changelog.md"], "empty": "refuse"},),
    ),
    "steps": Key(
        STEPS,
        "Scripts and commands of the repository that are run at points of a release",
        ({"verify": ["tools/smoke.py"], "after-land": [{"run": ["make", "announce"]}]},),
    ),
}
"""Every key of the table, and what reads it."""
