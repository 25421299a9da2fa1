"""Releases of groups and channels in any order, with commits between them: all can be installed."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import Phase, event, given, note, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement
from tests.fakes.world import MAIN, FakeIndex, Remote, cloned
from tests.properties.test_several_groups import Drawn, Installing, chosen, drawn
from tests.run.told import Told

from release_sync.errors import Problem, Several
from release_sync.plan.facts import Request
from release_sync.run.publishing import publish
from release_sync.run.status import status

LEVELS = ((), (), (), ("minor",), ("patch", "dev"), ("minor", "rc"), ("dev",), ("stable",))
LANDS = ("", "", "", "tag", "none")


class Commit(NamedTuple):
    """A commit that changes a member."""

    member: str


class Drive(NamedTuple):
    """A workspace, what follows its releases, and what is done, one after the other."""

    workspace: Drawn
    after: str
    acts: tuple[Commit | Request, ...]


@st.composite
def drives(draw: st.DrawFn) -> Drive:
    """Draw three to eight acts."""
    workspace = draw(drawn())
    names, groups = sorted(workspace.groups), sorted({*workspace.groups.values()})
    commits = st.builds(Commit, st.sampled_from(names))
    some = st.frozensets(st.sampled_from(groups), min_size=1).map(sorted)
    which = st.one_of(
        st.just(Request(every=True)),
        st.just(Request(changed=True)),
        some.map(lambda one: Request(group=one[0], others=tuple(one[1:]))),
    )
    releases = st.builds(
        lambda one, levels, land: replace(one, levels=levels, land=land),
        which, st.sampled_from(LEVELS), st.sampled_from(LANDS),
    )  # fmt: skip
    acts = draw(st.lists(st.one_of(commits, releases), min_size=3, max_size=8))
    return Drive(workspace, draw(st.sampled_from(("none", "dev"))), tuple(acts))


class Play:
    """A workspace that is released, and committed to."""

    def __init__(self, drive: Drive) -> None:
        """Begin it."""
        files = drive.workspace.files
        more = f'index = "fake"\nafter = "{drive.after}"\n'.encode()
        files["pyproject.toml"] = files["pyproject.toml"].replace(b'index = "fake"\n', more)
        self.remote = Remote()
        self.remote.refs[MAIN] = self.remote.objects.commit("Begin", tree=files)
        self.context = Installing(cloned(self.remote), FakeIndex(), published={})

    def commit(self, member: str, number: int) -> None:
        """Change a member, here and on the remote."""
        objects, tip = self.remote.objects, self.remote.refs[MAIN]
        tree = {**objects.trees[tip], f"packages/{member}/x.py": str(number).encode()}
        made = objects.commit(f"Change {member}", tip, tree=tree)
        self.remote.refs[MAIN] = self.context.repository.refs[MAIN] = made

    def publish(self, request: Request) -> None:
        """Release what is asked for, and hold what came of it against what was promised."""
        told, before = Told(), {*self.remote.refs}
        try:
            publish(self.context, request, told)
        except Problem as problem:
            every = problem.problems if isinstance(problem, Several) else (problem,)
            note(f"refused: {every}")
            event("refused")
            if request.changed:
                assert not [one for one in every if "--group" in one.hint], every
            return
        if told.planned:
            event("released")
            self.hold(told, before)
            if request.changed:
                again = Told()
                publish(self.context, request, again)
                assert not again.planned

    def hold(self, told: Told, before: set[str]) -> None:
        """See that each member of a release can be installed, and that nothing is red."""
        (release,), source = told.planned, self.context.source
        note(str([(one.group, one.version) for one in release.groups]))
        new = [
            ref for ref in {*self.remote.refs} - before if ref.startswith(("refs/tags/", BESIDE))
        ]
        seal = self.remote.refs[new[0]]
        candidate = self.context.repository.read_pending(seal).sealed.candidate
        members = source.workspace(candidate).by_name
        versions = {one.name: one.version for one in release.members}
        for name, version in versions.items():
            needs = [Requirement(one.text) for one in members[name].requirements]
            self.context.published.setdefault(name, {})[version] = needs
        for name, version in versions.items():
            needs = self.context.published[name][version]
            assert chosen(self.context.published, versions, needs), (name, version)
        for commit in (candidate, self.remote.refs[MAIN]):
            assert source.findings(commit) == ()
        pins_and_tags = {one.between for one in status(self.context).drift}
        assert pins_and_tags <= {"pins", "tags"}, status(self.context).drift


BESIDE = "refs/release-sync-sealed/"


@pytest.mark.slow
@settings(max_examples=600, phases=[Phase.explicit, Phase.generate])
@given(drives())
def test_whatever_is_released_in_whichever_order_can_be_installed(drive: Drive) -> None:
    play = Play(drive)
    for number, act in enumerate(drive.acts):
        if isinstance(act, Commit):
            play.commit(act.member, number)
        else:
            play.publish(act)
