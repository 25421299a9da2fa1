"""Which members go together: by their versions, their tags, and where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.cli.adoption.setting import Setting
from release_sync.cli.adoption.tag_pattern import place
from release_sync.rules.versions import MANY
from release_sync.standards.versions import is_same, is_version, key, normal
from release_sync.toml.manifest import parsed
from release_sync.workspace.groups import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from release_sync.cli.adoption.tag_pattern import Seen
    from release_sync.trees.tree import Tree
    from release_sync.workspace.model import Member, Workspace

SAMPLES = frozenset(
    {"demo", "demos", "example", "examples", "playground", "sample", "samples", "sandbox"}
    | {"tutorial", "tutorials", "benchmarks", "fixtures", "testdata", "tests"}
)
"""Folders of packages that nobody installs from an index."""


FEW = 2
"""So many versions are each of several packages; of more, some share one by chance."""


class Members(NamedTuple):
    """The members that have a version, by kind.

    ``core`` are at the workspace's version. ``alone`` are not, and have tags of their own or would
    outweigh the core; ``alike`` are several that share another version; ``strays`` are all others.
    ``samples`` were never tagged, are not classified, and lie where samples do; ``in_step`` are
    those of them that are at a version of the others.
    """

    core: tuple[Member, ...]
    alone: tuple[Member, ...] = ()
    alike: tuple[tuple[Member, ...], ...] = ()
    strays: tuple[Member, ...] = ()
    samples: tuple[Member, ...] = ()
    in_step: tuple[Member, ...] = ()


def sorted_out(tree: Tree, workspace: Workspace, tags: tuple[Seen, ...]) -> Members:
    """Return the members of a workspace without a table, by kind."""
    named = {one.name for one in tags}
    classified = frozenset(_classified(tree, workspace))
    versioned = [one for one in workspace.members if _has_version(one)]
    if not versioned:
        return Members(())
    shown = [one for one in versioned if _is_sample(one) and one.name not in named]
    if shown == versioned and any(not _is_sample(one) for one in workspace.members if one.group):
        return Members((), samples=tuple(shown))
    samples = [one for one in shown if one.name not in classified]
    packages = [one for one in versioned if one not in samples] or versioned
    samples = [one for one in samples if one not in packages]
    found = _by_version(workspace, packages, tags, classified)
    apart = _apart(samples, found.core or packages)
    in_step = tuple(one for one in samples if one not in apart)
    return found._replace(samples=apart, in_step=in_step)


def _by_version(
    workspace: Workspace, packages: list[Member], tags: tuple[Seen, ...], classified: frozenset[str]
) -> Members:
    """Return the packages, of which there is one at least, by kind."""
    core = _core(workspace, packages, tags, classified)
    if _go_alone(packages, tags) or _is_scattered(packages, core, tags):
        return Members((), alone=tuple(packages))
    outside = [one for one in packages if one not in core]
    named = {one.name for one in tags}
    alone = [one for one in outside if one.name in named]
    clusters = _clusters(one for one in outside if one not in alone)
    is_majority = is_same(core[0].version or "", workspace.group(DEFAULT).version)
    strays = []
    for one in clusters:
        if _is_behind(one[0], core[0], tags) or (is_majority and len(one) < MANY):
            strays += one
        elif len(one) == 1:  # it would outweigh the core
            alone += one
    alike = [one for one in clusters if one[0] not in (*alone, *strays)]
    if len(alike) > FEW and len(core) <= max(map(len, alike)):
        alone, alike = [one for one in outside if one not in strays], []
    is_one = len(core) == 1 < len(workspace.members) and not strays
    if is_one and core[0].name in named and not _is_everybodys(core[0], tags):
        core, alone = [], [*core, *alone]
    return Members(
        core=tuple(core),
        alone=tuple(alone),
        alike=tuple(map(tuple, alike)),
        strays=tuple(strays),
    )


def grouping(found: Members, workspace: Workspace) -> Iterator[Setting]:
    """Propose what keeps the members apart that are not at the workspace's version."""
    if found.samples:
        why = "samples: never tagged, and at another version than the packages"
        others = [one for one in workspace.members if one not in found.samples and not one.private]
        yield Setting("private", tuple(dict.fromkeys(_private(found.samples, others))), why)
    if found.alone:
        yield Setting("independent", _names(found.alone), "they have versions of their own")
    taken = {DEFAULT, *_names(found.alone)}
    core = found.core[0].version or "" if found.core else ""
    for members in found.alike:
        name = _stability(members[0].version or "", core)
        name = members[0].name if name in taken else name
        taken.add(name)
        why = f"{len(members)} packages are at {members[0].version}"
        yield Setting(f"groups.{name}.members", _names(members), why)


def _private(samples: tuple[Member, ...], others: list[Member]) -> Iterator[str]:
    """Yield the samples' names, or a glob of the folder that they are all in, and no others."""
    for sample in samples:
        parts = sample.folder.split("/")
        at = next((at for at, part in enumerate(parts) if part in SAMPLES), len(parts))
        top = f"{'/'.join(parts[: at + 1])}/"
        inside = [one for one in samples if f"{one.folder}/".startswith(top)]
        is_all = not any(f"{one.folder}/".startswith(top) for one in others)
        yield f"{top}**" if is_all and len(inside) > 1 else sample.name


def _names(members: Iterable[Member]) -> tuple[str, ...]:
    return tuple(one.name for one in members)


def _has_version(member: Member) -> bool:
    if member.group != DEFAULT or member.dynamic or not member.version:
        return False
    return is_version(member.version)


def _is_sample(member: Member) -> bool:
    return not SAMPLES.isdisjoint(member.folder.split("/"))


def _classified(tree: Tree, workspace: Workspace) -> Iterator[str]:
    """Yield the members that have classifiers: somebody meant them for an index (PEP 301)."""
    for member in workspace.members:
        manifest = parsed(member.manifest, tree.read(member.manifest) or b"")
        if manifest.naming[0].texts("classifiers"):
            yield member.name


def _go_alone(packages: list[Member], tags: tuple[Seen, ...]) -> bool:
    """Return whether each was tagged by itself, and not all at the same versions."""
    by_name: dict[str, set[object]] = {}
    for one in tags:
        by_name.setdefault(one.name, set()).add(key(one.version))
    own = [by_name.get(one.name) for one in packages]
    return len(own) > 1 and all(own) and any(one != own[0] for one in own)


def _is_scattered(packages: list[Member], core: list[Member], tags: tuple[Seen, ...]) -> bool:
    """Return whether nothing is the workspace's version: few have the same, and none was tagged.

    What was forgotten at a version that was the workspace's before has none of its own.
    """
    largest = max(len(one) for one in _clusters(packages))
    behind = [one for one in packages if one not in core and _is_behind(one, core[0], tags)]
    few = len(packages) >= MANY and 2 * (largest + len(behind)) < len(packages)
    return few and not _is_everybodys(core[0], tags)


def _is_everybodys(member: Member, tags: tuple[Seen, ...]) -> bool:
    """Return whether its version was tagged without a member's name."""
    return _place([member], tags) >= 0


def _place(members: list[Member], tags: tuple[Seen, ...]) -> int:
    """Return the place of the tag that members of one version have; -1 for none.

    Members with tags of their own are prepared for none of the others.
    """
    named = {one.name for one in tags}
    is_own = all(one.name in named for one in members)
    return place(members[0].version or "", tags, or_next=not is_own)


def _core(
    workspace: Workspace, packages: list[Member], tags: tuple[Seen, ...], classified: frozenset[str]
) -> list[Member]:
    """Return the members that are at the workspace's version.

    That is the version that the last tag names which is no member's alone; else that of most
    classified members; else of most.
    """
    whole = workspace.group(DEFAULT).version

    def weight(members: list[Member]) -> tuple[int, bool, int, int, bool, bool]:
        version, names = members[0].version or "", {one.name for one in members}
        named = [at for at, one in enumerate(tags) if is_same(one.version, version)]
        common = _place(members, tags)
        is_own = any(tags[at].name in names for at in named)
        is_root = any(not one.folder for one in members)
        is_whole = is_same(version, whole)
        return common, is_own, len(names & classified), len(names), is_whole, is_root

    return max(_clusters(packages), key=weight)


def _clusters(members: Iterable[Member]) -> list[list[Member]]:
    """Put together what has the same version."""
    found: dict[object, list[Member]] = {}
    for member in members:
        found.setdefault(key(member.version or ""), []).append(member)
    return list(found.values())


def _is_behind(member: Member, core: Member, tags: tuple[Seen, ...]) -> bool:
    """Return whether a version was the workspace's before: then it was forgotten.

    That is the one that was released before the present one, or one of the same series.
    """
    own, whole = (normal(one.version or "") for one in (member, core))
    earlier = [one.version for one in tags if not one.name and not is_same(one.version, whole)]
    released = any(is_same(one, own) for one in earlier)
    series = own.split(".")[:2] == whole.split(".")[:2]
    return released and (series or is_same(earlier[-1], own))


def _apart(samples: list[Member], packages: Iterable[Member]) -> tuple[Member, ...]:
    """Return the samples that are at none of the packages' versions."""
    versions = {key(one.version or "") for one in packages}
    return tuple(one for one in samples if key(one.version or "") not in versions)


def _stability(version: str, other: str) -> str:
    """Name a group after what its version says, if that tells it from the other."""
    stable, other_stable = (not one.startswith("0.") for one in (version, other))
    if stable == other_stable:
        return DEFAULT
    return "stable" if stable else "unstable"
