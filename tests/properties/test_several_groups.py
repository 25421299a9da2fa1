"""Releases of groups that pin each other by any policy: whatever is published can be installed."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from tests.fakes.context import ROOT, FakeContext
from tests.fakes.published_history import publish as write
from tests.fakes.world import MAIN, FakeIndex, Remote, cloned
from tests.run.told import Told

from release_sync.effects.uv.program import find_uv
from release_sync.errors import Problem, Several
from release_sync.plan.facts import Request
from release_sync.run.branch import at_the_branch
from release_sync.run.publishing import planned, publish

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NAMES = ("low", "mid", "nib", "top", "zip")
BEGINS = {"default": "1.0.0", "fast": "0.4b2", "slow": "3.1"}
LEVELS = (None, "patch", "minor", "major", "rc", "none")

Metadata = dict[str, dict[str, list[Requirement]]]
"""What is published: each name, each of its versions, and what that requires."""


@dataclass(frozen=True)
class Drawn:
    """Members with their groups and what they need, the policy of each group, and releases."""

    groups: dict[str, str]
    needs: dict[str, tuple[str, ...]]
    policies: dict[str, str]
    releases: tuple[tuple[frozenset[str], str | None], ...]

    def requirement(self, owner: str, needed: str) -> str:
        """Return what a member says of another one, as its group's policy asks for."""
        version = BEGINS[self.groups[needed]]
        said = {"exact": "==", "compatible": "~=", "any": ""}[self.policies[self.groups[owner]]]
        return f"{needed}{said}{version if said else ''}"

    @property
    def files(self) -> dict[str, bytes]:
        """The files of the workspace."""
        tables = "".join(
            f'[tool.release-sync.groups.{group}]\npin = "{policy}"\n'
            + (f"members = {self.of(group)}\n" if group != "default" else "")
            for group, policy in self.policies.items()
            if self.of(group)
        )
        files = {"pyproject.toml": (ROOT + tables).encode()}
        for name, group in self.groups.items():
            needs = [self.requirement(name, one) for one in self.needs[name]]
            sources = "".join(f"{one} = {{ workspace = true }}\n" for one in self.needs[name])
            files[f"packages/{name}/pyproject.toml"] = (
                f'[build-system]\nrequires = ["b"]\n[project]\nname = "{name}"\n'
                f'version = "{BEGINS[group]}"\ndependencies = {needs}\n'
                f"[tool.uv.sources]\n{sources}"
            ).encode()
        return files

    def of(self, group: str) -> list[str]:
        """Return the members of a group."""
        return [name for name, one in self.groups.items() if one == group]


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    """Draw members that need some of those before them, and groups that know no order."""
    names = NAMES[: draw(st.integers(2, len(NAMES)))]
    groups = {name: draw(st.sampled_from(sorted(BEGINS))) for name in names}
    needs = {
        name: tuple(one for one in names[:at] if draw(st.booleans()))
        for at, name in enumerate(names)
    }
    policies = {group: draw(st.sampled_from(("exact", "compatible", "any"))) for group in BEGINS}
    some = st.frozensets(st.sampled_from(sorted({*groups.values()})), min_size=1)
    releases = draw(st.lists(st.tuples(some, st.sampled_from(LEVELS)), min_size=2, max_size=5))
    return Drawn(groups, needs, policies, tuple(releases))


@dataclass(frozen=True)
class Installing(FakeContext):
    """A context whose index is asked as an installer asks it."""

    published: Metadata = field(default_factory=dict)

    def is_unreleased(self, requirement: str) -> bool:
        """Return whether no published version is admitted."""
        said = Requirement(requirement)
        return not any(
            said.specifier.contains(version, prereleases=True)
            for version in self.published.get(canonicalize_name(said.name), ())
        )


def chosen(published: Metadata, to: Mapping[str, str], wanted: Sequence[Requirement]) -> bool:
    """Return whether there is a version of everything that is wanted, and of what that wants."""
    if not wanted:
        return True
    first, *others = wanted
    name = canonicalize_name(first.name)
    if name in to:
        return first.specifier.contains(to[name], prereleases=True) and chosen(
            published, to, others
        )
    return any(
        chosen(published, {**to, name: version}, [*others, *needs])
        for version, needs in sorted(
            published.get(name, {}).items(), key=lambda one: Version(one[0]), reverse=True
        )
        if first.specifier.contains(version, prereleases=True)
    )


def released(context: Installing, told: Told) -> dict[str, str]:
    """Note what was just published; return each member of it with its version."""
    (release,) = told.planned
    tip = context.repository.there.refs[MAIN]
    workspace = context.source.workspace(tip)
    versions = {one.name: one.version for one in release.members}
    for name, version in versions.items():
        needs = [Requirement(one.text) for one in workspace.member(name).requirements]
        context.published.setdefault(name, {})[version] = needs
    return versions


def assert_proposal_helps(context: Installing, problem: Problem) -> None:
    """See that who is told to release some together is not told so again, for these."""
    every = problem.problems if isinstance(problem, Several) else (problem,)
    hints = {one.hint or "" for one in every}
    proposed = {hint for hint in hints if hint.startswith("release them together")}
    for hint in proposed:
        first, *others = re.findall(r"--group (\w+)", hint)
        there, seen = at_the_branch(context)
        _, against = planned(there, seen, Request(first, others=tuple(others)))
        assert not [one for one in against if "together" in (one.hint or "")], hint


def played(workspace: Drawn) -> Iterator[tuple[Installing, dict[str, str]]]:
    """Play the releases; yield each that was made: its members, each with its version."""
    remote = Remote()
    remote.refs[MAIN] = remote.objects.commit("Begin", tree=workspace.files)
    context = Installing(cloned(remote), FakeIndex(), published={})
    for groups, level in workspace.releases:
        first, *others = sorted(groups)
        told = Told()
        levels = () if level is None else (level,)
        try:
            publish(context, Request(first, levels, others=tuple(others)), told)
        except Problem as problem:
            event(f"refused: {problem.message[:20]}")
            assert_proposal_helps(context, problem)
            continue
        if told.planned:  # else nothing was new
            event(f"released {len(groups)} groups")
            yield context, released(context, told)


@given(drawn())
def test_after_any_release_that_is_allowed_the_check_is_green_and_what_is_published_resolves(
    workspace: Drawn,
) -> None:
    for context, versions in played(workspace):
        assert context.source.findings(context.repository.there.refs[MAIN]) == ()
        for name, version in versions.items():
            needs = context.published[name][version]
            assert chosen(context.published, versions, needs), (name, version, versions)


@pytest.mark.slow
@settings(max_examples=15)
@given(drawn())
def test_uv_resolves_every_set_that_was_published(workspace: Drawn) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for context, versions in played(workspace):
            for one, every in context.published.items():
                for version, needs in every.items():
                    write(folder, f"{one}-{version}-py3-none-any.whl", map(str, needs))
            for one, version in versions.items():
                done = subprocess.run(
                    [
                        find_uv(), "pip", "compile", "--quiet", "--no-index", "--no-build",
                        "--prerelease=allow", "--find-links", name, "-",
                    ],
                    input=f"{one}=={version}\n", cwd=name, capture_output=True, text=True,
                    check=False,
                )  # fmt: skip
                assert done.returncode == 0, done.stderr
                pinned = dict(line.split("==") for line in done.stdout.split() if "==" in line)
                mixed = {each: pinned[each] for each in versions if each in pinned}
                assert mixed.items() <= versions.items(), done.stdout
