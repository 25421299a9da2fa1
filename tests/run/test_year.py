"""A year of thirty releases, by the commands' own code: what each is, and what is left of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.version import Version
from tests.fakes.context import ROOT
from tests.fakes.world import MAIN, NAMES, cloned
from tests.fakes.year import (
    NEEDS,
    RELEASES,
    SETTINGS,
    TRAINS,
    VERSIONS,
    YEAR,
    Commit,
    Release,
    Switch,
    Tagged,
    subjects,
)
from tests.run.story import Story
from tests.run.told import publishing, told

from release_sync.plan.facts import Request
from release_sync.plan.version import LEVELS
from release_sync.run.status import check_problem, status

if TYPE_CHECKING:
    from release_sync.seals.pending import Sealed


def manifest(name: str) -> bytes:
    """Return a member's manifest, as the year begins."""
    needs = NEEDS[name]
    names = [Requirement(one).name for one in needs]
    sources = "".join(f"{one} = {{ workspace = true }}\n" for one in names)
    return (
        f'[build-system]\nrequires = ["b"]\n[project]\nname = "{name}"\n'
        f'version = "{VERSIONS[name]}"\ndependencies = {list(needs)!r}\n'
        f"[tool.uv.sources]\n{sources}"
    ).encode()


def request(release: Release) -> Request:
    """Return what the words of a release ask for."""
    words = release.words.split(" ") if release.words else []
    land = "" if release.lands in {"push", "stamped"} else release.lands
    if "--tag" in words:
        return Request(group=release.group, tag=words[1], stamp=True)
    others = tuple(one.group for one in release.beside)
    version = next((one for one in words if one not in LEVELS), None)
    levels = () if version else tuple(words)
    return Request(group=release.group, levels=levels, version=version, land=land, others=others)


class Year:
    """The year in memory."""

    def __init__(self) -> None:
        """Begin it."""
        self.story = Story()
        tree = {f"packages/{name}/pyproject.toml": manifest(name) for name in NEEDS}
        tree["pyproject.toml"] = f"{ROOT}{SETTINGS}".encode()
        self.remote = self.story.remote
        self.remote.refs[MAIN] = self.remote.objects.commit("Begin", tree=tree)
        self.story.here = cloned(self.remote)
        self.git = self.story.here.git

    def play(self, act: Release | Commit | Switch | Tagged) -> None:
        """Play one act."""
        branch = f"refs/heads/{self.git.on}"
        objects, refs = self.remote.objects, self.remote.refs
        if isinstance(act, Release):
            self.release(act)
        elif isinstance(act, Commit):
            files = objects.trees[refs[branch]]
            text = files.get(act.file, b"x").replace(act.old.encode(), act.new.encode())
            tree = {**files, act.file: text}
            made = objects.commit(f"Change {act.file}", refs[branch], tree=tree)
            refs[branch] = self.git.refs[branch] = made
        elif isinstance(act, Tagged):
            refs[NAMES.tag(act.tag)] = self.git.refs[NAMES.tag(act.tag)] = refs[branch]
        else:
            self.git.on = act.branch
            if act.at:
                at = objects.peeled(refs[NAMES.tag(act.at)])
                refs[f"refs/heads/{act.branch}"] = self.git.refs[f"refs/heads/{act.branch}"] = at

    def release(self, release: Release) -> None:
        """Make a release, and see that it is what it should be, and nothing is red."""
        branch = f"refs/heads/{self.git.on}"
        before = dict(self.remote.refs)
        heard = told(self.story, publishing(request(release)))
        assert heard.problem is None, (release, heard.problem)
        for one in release.groups:
            made = self.seal(one)
            assert (made.group, made.version) == (one.group, one.version)
        moved = self.remote.refs[branch] != before[branch]
        assert moved == (release.lands == "push"), release
        kept = NAMES.tag if release.lands in {"push", "tag"} else NAMES.sealed
        tags = {kept(one.tag) for one in release.groups}
        assert {*self.remote.refs} - {*before} == tags, release
        found = status(self.story.context())
        assert check_problem(found) is None, (release, found.drift)
        for one in release.groups if moved else ():
            assert self.story.context().workspace.group(one.group).version == one.after
            heard = told(self.story, publishing(Request(group=one.group)))
            assert [label for label, _ in heard.lines] == ["Nothing"], (one, heard)

    def seal(self, release: Release) -> Sealed:
        """Return the seal of a release."""
        refs = self.remote.refs
        oid = refs.get(NAMES.sealed(release.tag)) or refs[NAMES.tag(release.tag)]
        return self.git.read_pending(oid).sealed

    def subjects(self, branch: str) -> list[str]:
        """Return the subjects of the first parents of a branch."""
        found, at = [], self.remote.refs[f"refs/heads/{branch}"]
        while at:
            parents, message = self.remote.objects.commits[at]
            found.append(message)
            at = parents[0] if parents else ""
        return found


@pytest.fixture(scope="module")
def year() -> Year:
    one = Year()
    for act in YEAR:
        one.play(act)
    return one


def test_there_are_thirty_releases(year: Year) -> None:
    assert len(RELEASES) == len({one.tag for one in RELEASES}) >= 30
    served = {one.filename: one.sha256 for each in RELEASES for one in year.seal(each).artifacts}
    assert year.story.index.served == served
    assert sorted(year.story.index.taken) == sorted(served)
    assert not [ref for ref in year.remote.refs if ref.startswith("refs/release-sync/")]


def test_each_branch_is_as_a_person_would_expect(year: Year) -> None:
    for branch in ("main", "release/1.x"):
        assert year.subjects(branch) == subjects(branch)


def test_every_member_of_every_set_finds_its_siblings(year: Year) -> None:
    released: dict[str, set[str]] = {}
    source = year.story.context().source
    for release in RELEASES:
        for name in TRAINS[release.group]:
            released.setdefault(name, set()).add(release.version)
    for release in RELEASES:
        made, train = year.seal(release), TRAINS[release.group]
        workspace = source.workspace(made.candidate)
        assert source.findings(made.candidate) == ()
        for one in (each for name in train for each in workspace.member(name).requirements):
            wanted = Requirement(one.text)
            if wanted.name in train:
                assert str(wanted.specifier) == f"=={release.version}"
            there = map(Version, released[wanted.name])
            assert [*wanted.specifier.filter(there, prereleases=True)], (release, one.text)
