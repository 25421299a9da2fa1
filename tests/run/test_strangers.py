"""Seals of somebody who may push any ref but the branch: none is believed, each can be removed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.fakes.context import FakeContext
from tests.fakes.world import MAIN, NAMES, PENDING, FakeGit, Remote
from tests.run.parties import FIRST, Stage
from tests.run.story import Teller, commands

from release_sync.errors import Waiting
from release_sync.plan.facts import Request
from release_sync.run.aborting import abort
from release_sync.run.publishing import prepare
from release_sync.seals.pending import Companion, Sealed
from release_sync.seals.ref_names import RefNames
from release_sync.seals.tag_objects import write_claim, write_seal

if TYPE_CHECKING:
    from collections.abc import Callable

TAG = NAMES.tag("v0.1.11")


def _prepare(context: FakeContext, teller: Teller) -> None:
    prepare(context, Request(), teller)


def _prepare_at(version: str, context: FakeContext, teller: Teller) -> None:
    prepare(context, Request(version=version), teller)


def _abort(group: str, context: FakeContext, teller: Teller) -> None:
    abort(context, group, teller)


def prepared() -> tuple[Stage, Sealed]:
    """Return a stage where the second party has sealed a release, and its seal."""
    stage = Stage()
    assert stage.second.run(_prepare) is None
    return stage, stage.second.machine.git.read_pending(stage.remote.refs[PENDING]).sealed


def forge(stage: Stage, sealed: Sealed, *, begun: bool = False, group: str = "default") -> str:
    """Push a seal of one's own, or a claim on it, to a pending ref; return its object name."""
    objects = stage.remote.objects
    oid = objects.tag(sealed.tag, sealed.candidate, write_seal(sealed, "Published"), "Evil")
    if begun:
        oid = objects.tag(sealed.tag, oid, write_claim(sealed.tag, "host", "nonce"), "Evil")
    stage.remote.refs[NAMES.pending(group)] = oid
    return oid


def ends(stage: Stage) -> None:
    """See that the commands that are named in hints, followed, free the release."""
    problem = stage.first.run(FIRST["resume"])
    for _ in range(3):
        if problem is None:
            break
        named = commands(problem.hint)
        command = "abandon" if "abort --abandon" in named and "abort" not in named else "abort"
        problem = stage.first.run(FIRST[command])
    assert PENDING not in stage.remote.refs, stage.first.said
    assert stage.index.taken == []
    assert TAG not in stage.remote.refs


def without_sdists(sealed: Sealed) -> Sealed:
    """Leave something out."""
    wheels = tuple(one for one in sealed.artifacts if one.filename.endswith(".whl"))
    return replace(sealed, artifacts=wheels)


def resized(sealed: Sealed) -> Sealed:
    """Lie about a size."""
    first, *others = sealed.artifacts
    return replace(sealed, artifacts=(replace(first, size=7), *others))


FORGERIES: dict[str, Callable[[Sealed], Sealed]] = {
    "without its sdists": without_sdists,
    "with another size": resized,
    "with a tag that was there before": lambda sealed: replace(sealed, existing="1" * 40),
    "with a tag of no group": lambda sealed: replace(
        sealed, companions=(Companion("zzz", sealed.version, "v9", ("top",), sealed.oid),)
    ),
    "for an index that is not configured": lambda sealed: replace(sealed, index="another"),
    "with itself as the primary group": lambda sealed: replace(sealed, primary="default"),
}


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_seal_is_not_finished_and_can_be_removed(forgery: str, *, begun: bool) -> None:
    stage, sealed = prepared()
    forge(stage, FORGERIES[forgery](sealed), begun=begun)
    before = set(stage.remote.refs)
    problem = stage.first.run(FIRST["resume"])
    assert problem is not None
    assert set(stage.remote.refs) == before
    assert stage.index.taken == []
    ends(stage)


@pytest.mark.parametrize("begun", [False, True])
def test_seals_that_name_each_other_as_primary_hide_no_pending_release(*, begun: bool) -> None:
    stage, sealed = prepared()
    forge(stage, replace(sealed, primary="zzz"), begun=begun)
    forge(stage, replace(sealed, group="zzz", primary="default"), group="zzz")
    for group in ("default", "zzz"):
        problem = stage.first.run(partial(_abort, group))
        assert isinstance(problem, Waiting)
        assert "abort --abandon" in commands(problem.hint)


def test_a_seal_of_a_version_that_has_landed_beside_the_tags_is_not_uploaded() -> None:
    stage, sealed = prepared()
    stage.remote.refs[NAMES.sealed(sealed.tag)] = stage.remote.refs[MAIN]
    problem = stage.first.run(FIRST["resume"])
    assert problem is not None
    assert problem.message.startswith("v0.1.11: another release of this version has landed")
    ends(stage)


@dataclass(frozen=True)
class Renamed(FakeContext):
    """A workspace whose branch names another remote by now."""

    @property
    def repository(self) -> FakeGit:
        """The clone; at the branch, with the other remote."""
        name = "elsewhere" if self.rev else "origin"
        return replace(self.machine.git, remote=name, there=Remote() if self.rev else self._there)

    @property
    def _there(self) -> Remote:
        return self.machine.git.there


def test_a_release_is_not_lost_from_sight_when_the_remote_is_changed() -> None:
    stage, _ = prepared()
    stage.remote.refs[MAIN] = stage.remote.objects.commit("Change it", stage.remote.refs[MAIN])
    own = dict(stage.second.machine.git.refs)
    for party in (stage.first, stage.second):
        with pytest.raises(Waiting, match=f"v0.1.11 is pending at {PENDING} on origin"):
            FIRST["abort"](Renamed(party.machine, stage.index), Teller(lambda _: None))
    assert stage.second.machine.git.refs == own


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("command", FIRST)
def test_a_release_is_not_lost_from_sight_when_waiting_is_changed(
    command: str, *, begun: bool
) -> None:
    stage, sealed = prepared()
    forge(stage, sealed, begun=begun)
    refs, own = dict(stage.remote.refs), dict(stage.second.machine.git.refs)
    names = RefNames(prefix="refs/heads/waits")
    for party in (stage.first, stage.second):
        moved = FakeContext(party.machine, stage.index, names=names)
        with pytest.raises(Waiting, match=f"v0.1.11 is pending at {PENDING} on origin"):
            FIRST[command](moved, Teller(lambda _: None))
    assert (stage.remote.refs, stage.second.machine.git.refs) == (refs, own)


@pytest.mark.parametrize("begun", [False, True])
def test_a_seal_on_what_was_before_the_last_release_is_not_finished(*, begun: bool) -> None:
    stage, sealed = prepared()
    assert stage.second.run(FIRST["resume"]) is None
    served, refs = dict(stage.index.served), dict(stage.remote.refs)
    again = partial(_prepare_at, "0.2.0")
    old = Stage()
    assert old.second.run(again) is None
    late = old.second.machine.git.read_pending(old.remote.refs[PENDING]).sealed
    objects = stage.remote.objects
    tree = old.remote.objects.trees[late.candidate]
    candidate = objects.commit("Published", sealed.base, tree=tree)
    forge(stage, replace(late, base=sealed.base, candidate=candidate), begun=begun)
    problem = stage.first.run(FIRST["resume"])
    assert problem is not None
    assert "and 0.1.11 was released since" in problem.message
    assert (stage.index.served, stage.remote.refs[MAIN]) == (served, refs[MAIN])


@pytest.mark.parametrize("begun", [False, True])
def test_members_of_a_renamed_group_are_not_released_beside_its_pending_release(
    *, begun: bool
) -> None:
    stage, sealed = prepared()
    forge(stage, replace(sealed, group="old"), begun=begun, group="old")
    del stage.remote.refs[PENDING]
    before = dict(stage.remote.refs)
    problem = stage.first.run(FIRST["publish"])
    assert isinstance(problem, Waiting)
    assert problem.message.startswith("v0.1.11 of the group old is pending, and releases low, mid")
    way = "abort --abandon --group old" if begun else "abort --group old"
    assert f"`release-sync {way}`" in problem.hint
    assert stage.remote.refs == before
