"""A bump: onto the branch, into the working tree, or as a branch; and never twice."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes.context import CHAIN, ROOT
from tests.fakes.world import MAIN, NAMES, cloned
from tests.run import story as story_module
from tests.run.story import SEVERAL_GROUPS, Kind, Story
from tests.run.surveying.test_survey import DYNAMIC, LOW, beginning
from tests.run.test_branch import OLD, maintained
from tests.run.told import Told, commit, prepared, publishing, told

from release_sync.errors import Problem, Refused, Unreadable, Waiting
from release_sync.plan.facts import Request
from release_sync.run.bumping.bump import bump, preview
from release_sync.run.bumping.bumped import Bumped, Where

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.context import FakeContext

BUMP = "refs/heads/release/v0.1.11"
PULL = Where(branch="")
ON_DISK = Where(commits=False)


@dataclass
class FakeForges:
    """Opens pull requests, and keeps what for. Implements ``PullRequests``."""

    missing: bool = False
    opened: list[tuple[str, ...]] = field(default_factory=list)

    def problem(self, kind: str) -> Problem | None:
        """Lack the program, or not know the forge."""
        return Problem(f"no program for {kind}") if self.missing or not kind else None

    def open(self, kind: str, page: str, target: str, branch: str, title: str) -> str:
        """Keep it."""
        self.opened.append((kind, page, target, branch, title))
        return f"{page}/pull/{len(self.opened)}"


@dataclass
class Desk:
    """A story, and what its bumps were."""

    story: Story = field(default_factory=Story)
    forges: FakeForges = field(default_factory=FakeForges)
    done: list[Bumped] = field(default_factory=list)

    def bump(self, where: Where = Where(), request: Request = Request()) -> Told:  # noqa: B008 - values
        """Bump; nothing changes where it is a Problem."""
        before = dict(self.story.remote.refs), dict(self.story.here.git.refs)
        heard = told(self.story, self._bumping(where, request))
        if heard.problem is not None:
            assert before == (self.story.remote.refs, self.story.here.git.refs)
        return heard

    def _bumping(self, where: Where, request: Request) -> Callable[[FakeContext, Told], None]:
        def run(context: FakeContext, heard: Told) -> None:
            self.done.append(bump(context, request, where, self.forges, heard))

        return run

    @property
    def refs(self) -> dict[str, str]:
        """The refs of the remote."""
        return self.story.remote.refs


def versions(story: Story, commit: str) -> set[str]:
    """Return the versions of the members at a commit."""
    workspace = story.context().source.workspace(commit)
    return {one.version or "" for one in workspace.members}


# --- onto the branch


def test_one_commit_is_made_and_the_branch_is_on_it() -> None:
    desk = Desk()
    before, there = dict(desk.refs), desk.story.here.git.refs[MAIN]
    heard = desk.bump()
    assert heard.problem is None
    assert heard.asked == [("Commit 0.1.11 onto main?", False)]
    here = desk.story.here.git.refs[MAIN]
    assert desk.story.here.git.parents(here) == (there,)
    assert versions(desk.story, here) == {"0.1.11"}
    assert desk.done[0].commit == here
    assert desk.refs == before, "nothing is pushed: no commit, no tag, no lock"
    assert heard.labels == ["Plan", "Edits", "Branch", "Next"]


def test_what_was_bumped_is_released_as_it_is() -> None:
    desk = Desk()
    assert desk.bump(request=Request(levels=("minor",))).problem is None
    assert told(desk.story, publishing(Request(levels=("none",)))).problem is None
    assert "refs/tags/v0.2.0" in desk.refs


def test_run_again_it_does_nothing() -> None:
    for request in (Request(), Request(levels=("minor",)), Request(version="0.3.0")):
        desk = Desk()
        assert desk.bump(request=request).problem is None
        here = desk.story.here.git.refs[MAIN]
        heard = desk.bump(request=request)
        assert heard.labels == ["Nothing"]
        assert desk.story.here.git.refs[MAIN] == here
        assert heard.asked == []


def test_behind_a_release_the_next_bump_follows() -> None:
    desk = Desk()
    assert told(desk.story, publishing()).problem is None
    assert desk.bump().problem is None
    assert desk.done[0].version == "0.1.12"


def test_behind_another_commit_the_next_bump_follows_too() -> None:
    desk = Desk()
    assert desk.bump().problem is None
    objects, here = desk.story.remote.objects, desk.story.here.git.refs
    tree = {**objects.trees[here[MAIN]], "more": b""}
    here[MAIN] = objects.commit("More", here[MAIN], tree=tree)
    assert desk.bump().problem is None
    assert desk.done[1].version == "0.1.12"
    assert desk.bump(request=Request(version="0.1.12")).labels == ["Nothing"]


def test_any_branch_can_be_bumped_and_says_where_it_is_released_from() -> None:
    desk = Desk()
    git = desk.story.here.git
    git.refs["refs/heads/topic"], git.on = git.refs[MAIN], "topic"
    heard = desk.bump()
    assert heard.asked == [("Commit 0.1.11 onto topic?", False)]
    assert git.refs["refs/heads/topic"] != git.refs[MAIN]
    assert "once it is on origin/main" in heard.lines[-1][1]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda story: setattr(story.here.git, "on", ""), "and this is a detached HEAD"),
        (lambda story: story.here.git.written.update(x=b""), "the working tree is not clean: x"),
        (lambda story: story.push(), "main is behind origin/main"),
        (lambda story: setattr(story.remote, "silent", True), "origin did not answer"),
    ],
)
def test_what_is_in_the_way_is_said(spoil: Callable[[Story], None], says: str) -> None:
    desk = Desk()
    spoil(desk.story)
    assert says in desk.bump().ended.message


def test_in_the_middle_of_a_rebase_that_is_what_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    git = desk.story.here.git
    git.on = ""
    monkeypatch.setattr(git, "operation", lambda: "rebase")
    assert desk.bump().ended.message.startswith("`git rebase` is not finished here")
    assert desk.bump(ON_DISK).problem is None


def test_a_tag_that_is_there_a_stale_pin_and_a_lock_are_reasons_against_it() -> None:
    desk = Desk()
    desk.refs["refs/tags/v0.1.11"] = desk.refs[MAIN]
    assert "the tag v0.1.11 exists on origin" in desk.bump().ended.message
    stale = CHAIN["packages/mid/pyproject.toml"].replace(b"low==0.1.10", b"low==0.1.9")
    commit(desk.story, "packages/mid/pyproject.toml", stale)
    desk.story.here.git.refs[MAIN] = desk.refs[MAIN]
    assert "the guardrail found 1 finding" in desk.bump(request=Request(version="1")).ended.message


@pytest.mark.parametrize("where", [Where(), PULL, ON_DISK])
def test_while_a_release_is_pending_nothing_is_bumped(where: Where) -> None:
    for other in (False, True):
        desk = Desk(prepared())
        if other:
            desk.story.here = cloned(desk.story.remote)
        ended = desk.bump(where).ended
        assert isinstance(ended, Waiting)
        assert "v0.1.11 is pending" in ended.message


def test_where_no_file_says_another_version_nothing_is_done() -> None:
    stays = Desk().bump(request=Request(levels=("none",)))
    assert stays.lines == [("Nothing", "to do: the version of default stays 0.1.10")]
    tagged = Desk(beginning({"pyproject.toml": ROOT.encode(), LOW: DYNAMIC}))
    heard = tagged.bump(request=Request(version="1.0"))
    assert heard.lines == [
        ("Nothing", "to do: the version of default is its tag, which `release-sync publish` makes")
    ]


# --- into the working tree


def test_files_are_written_and_nothing_is_committed() -> None:
    desk = Desk()
    before = dict(desk.story.here.git.refs)
    heard = desk.bump(ON_DISK)
    assert heard.asked == []
    assert desk.story.here.git.refs == before
    written = desk.story.here.git.written
    assert b"low==0.1.11" in (written["packages/mid/pyproject.toml"] or b"")
    heard = desk.bump(ON_DISK)
    assert heard.lines == [("Nothing", "to do: the working tree is at 0.1.11 already")]


def test_what_is_on_disk_is_edited_and_has_to_be_in_step_then() -> None:
    desk = Desk()
    path = "packages/mid/pyproject.toml"
    desk.story.here.git.written[path] = CHAIN[path] + b"# more\n"
    assert desk.bump(ON_DISK).problem is None
    assert (desk.story.here.git.written[path] or b"").endswith(b"# more\n")
    loose = CHAIN[path].partition(b"[tool.uv.sources]")[0]
    desk.story.here.git.written = {path: loose}
    assert "the guardrail would find" in desk.bump(ON_DISK).ended.message
    assert desk.story.here.git.written == {path: loose}


# --- as a branch


def test_a_branch_is_pushed_and_nothing_else_moves() -> None:
    desk = Desk()
    here, main = dict(desk.story.here.git.refs), desk.refs[MAIN]
    desk.story.here.git.written["x"] = b""
    heard = desk.bump(PULL)
    assert heard.asked == [("Push 0.1.11 to origin as release/v0.1.11?", False)]
    assert desk.story.here.git.refs == here
    assert desk.refs == {MAIN: main, BUMP: desk.done[0].commit}
    assert desk.story.here.git.hooked == [True], "the pre-push hook has a say"
    assert desk.done[0].compare.endswith("/compare/main...release/v0.1.11?expand=1")


def test_the_same_again_is_there_already() -> None:
    desk = Desk()
    assert desk.bump(PULL).problem is None
    before = dict(desk.refs)
    for story in (desk.story, Story()):
        if story is not desk.story:
            desk.story.here = cloned(desk.story.remote)
        heard = desk.bump(PULL)
        assert heard.labels == ["Nothing"]
        assert "release/v0.1.11 is on origin already" in heard.lines[0][1]
        assert desk.refs == before
    desk.story.push()
    assert desk.bump(PULL).labels == ["Nothing"], "what was pushed to main since is merged there"


def test_a_branch_of_that_name_with_anything_else_is_refused() -> None:
    desk = Desk()
    assert desk.bump(PULL).problem is None
    objects, tip = desk.story.remote.objects, desk.refs[BUMP]
    more = {**objects.trees[tip], "more": b""}
    for oid in (
        objects.commit("More", tip, tree=more),
        objects.commit("Other", desk.refs[MAIN], tree=more),
        desk.refs[MAIN],
        objects.commit("Elsewhere", objects.commit("Root", tree=CHAIN), tree=objects.trees[tip]),
    ):
        desk.refs[BUMP] = oid
        ended = desk.bump(PULL).ended
        assert isinstance(ended, Refused)
        assert "origin has a branch release/v0.1.11 that is another one" in ended.message


def test_another_name_is_taken_but_none_that_is_released_from() -> None:
    desk = Desk()
    assert desk.bump(Where(branch="next")).problem is None
    assert desk.refs["refs/heads/next"] == desk.done[0].commit
    ended = desk.bump(Where(branch="main")).ended
    assert isinstance(ended, Unreadable)
    assert "releases are made from main" in ended.message


def test_commits_that_the_remote_lacks_are_not_left_out_silently() -> None:
    desk = Desk()
    git = desk.story.here.git
    git.refs[MAIN] = desk.story.remote.objects.commit("Mine", git.refs[MAIN], tree=CHAIN)
    assert "main has commits that origin/main lacks" in desk.bump(PULL).ended.message
    git.on = ""
    git.refs[MAIN] = desk.refs[MAIN]
    assert desk.bump(PULL).problem is None, "a pipeline is at a detached HEAD"


def test_behind_the_branch_it_stands_on_what_the_remote_has() -> None:
    desk = Desk()
    desk.story.push()
    assert desk.bump(PULL).problem is None
    assert desk.story.here.git.parents(desk.refs[BUMP]) == (desk.refs[MAIN],)


def test_of_a_branch_that_is_maintained_it_is_for_that_branch() -> None:
    desk = Desk(maintained())
    assert desk.bump(PULL).problem is None
    assert (desk.done[0].version, desk.done[0].target) == ("0.1.11", "release/0.1")
    assert desk.story.here.git.parents(desk.refs[BUMP]) == (desk.refs[OLD],)


def test_a_remote_that_refuses_the_branch_is_quoted() -> None:
    desk = Desk()
    desk.story.remote.refuses = lambda update: update.ref == BUMP
    ended = desk.bump(PULL).ended
    assert ended.message == "release/v0.1.11 can't be pushed to origin: the remote refused it"


def test_who_ends_a_push_is_told_that_nobody_knows() -> None:
    desk = Desk()

    def ends(updates: object, *, hooks: bool = False) -> None:
        del updates, hooks
        raise KeyboardInterrupt

    push, desk.story.here.git.push = desk.story.here.git.push, ends  # type: ignore[method-assign]
    ended = desk.bump(PULL).ended
    assert ended.message == "interrupted; release/v0.1.11 may be on origin or not"
    desk.story.here.git.push = push  # type: ignore[method-assign]
    assert desk.bump(PULL).problem is None


def test_after_the_merge_the_version_is_there() -> None:
    desk = Desk()
    asked = Request(version="0.1.11")
    assert desk.bump(PULL, asked).problem is None
    desk.refs[MAIN] = desk.story.remote.objects.commit(
        "Squashed", desk.refs[MAIN], tree=desk.story.remote.objects.trees[desk.refs[BUMP]]
    )
    opens = replace(PULL, opens=True)
    for request in (asked, Request()):
        heard = desk.bump(opens, request)
        assert heard.labels == ["Nothing"]
        assert "brings default to 0.1.11, and nothing else" in heard.lines[0][1]
    desk.story.push()
    heard = desk.bump(opens, asked)
    assert heard.lines == [("Nothing", "to do: default is at 0.1.11 already")]
    assert desk.forges.opened == []


# --- its pull request


def test_a_pull_request_is_opened_once_the_branch_is_there() -> None:
    desk = Desk()
    opens = replace(PULL, opens=True)
    assert desk.bump(PULL).problem is None
    assert desk.forges.opened == []
    assert desk.bump(opens).labels == ["Nothing", "Opened"]
    ((kind, page, target, branch, _),) = desk.forges.opened
    assert (kind, target, branch) == ("GitHub", "main", "release/v0.1.11")
    assert desk.done[1].pull_request == f"{page}/pull/1"


def test_without_the_program_or_the_forge_nothing_is_pushed() -> None:
    opens = replace(PULL, opens=True)
    desk = Desk(forges=FakeForges(missing=True))
    assert desk.bump(opens).ended.message == "no program for GitHub"
    desk = Desk()
    desk.story.here.git.address = "/srv/packages.git"
    assert desk.bump(opens).ended.message == "no program for "
    assert desk.bump(PULL).problem is None
    assert desk.done[0].compare == ""


def test_a_preview_changes_nothing() -> None:
    for where in (Where(), PULL, ON_DISK):
        story = Story()
        before = dict(story.remote.refs), dict(story.here.git.refs)
        found = preview(story.context(), Request(), where, FakeForges())
        assert {edit.path for edit in found.edits} == {one for one in CHAIN if "/" in one}
        assert before == (story.remote.refs, story.here.git.refs)
        assert story.here.git.written == {}
    with pytest.raises(Problem, match="no program"):
        preview(Story().context(), Request(), replace(PULL, opens=True), FakeForges(missing=True))


def test_the_group_that_is_named_is_bumped() -> None:
    root = f'{ROOT}independent = ["top"]\n[tool.release-sync.pins.top]\nmid = "any"\n'
    story = Story()
    story.remote.refs[MAIN] = story.remote.objects.commit(
        "Begin", tree={**CHAIN, "pyproject.toml": root.encode()}
    )
    story.here = cloned(story.remote)
    desk = Desk(story)
    assert desk.bump(PULL, Request(group="top")).problem is None
    assert "refs/heads/release/top-v0.1.11" in desk.refs
    assert "name one with `--group`" not in str(desk.bump(PULL).problem or "")


def test_several_groups_are_bumped_in_one_commit_and_released_after_its_merge(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.run.story.KIND", SEVERAL_GROUPS)
    desk = Desk()
    every = Request(every=True)
    assert desk.bump(request=every).problem is None
    (done,) = desk.done
    assert done.words == "0.1.10 → 0.1.11 of default; 0.66b0 → 0.66b1 of unstable"
    tree = desk.story.remote.objects.trees[done.commit]
    assert b"sdk==0.1.11" in tree["packages/exporter/pyproject.toml"]
    assert b'version = "0.66b1"' in tree["packages/exporter/pyproject.toml"]
    assert desk.bump(request=every).labels == ["Nothing"]
    assert desk.done[-1].already == (
        f"{done.commit[:7]} brings default to 0.1.11 and unstable to 0.66b1, and nothing else"
    )
    desk.story.remote.refs[MAIN] = done.commit
    heard = told(desk.story, publishing(Request(every=True, if_new=True)))
    assert heard.problem is None
    tags = {NAMES.tag(one) for one in SEVERAL_GROUPS.tags}
    assert tags <= desk.story.remote.refs.keys()
    again = told(desk.story, publishing(Request(every=True, if_new=True)))
    assert (again.problem, again.labels) == (None, ["Released"])


def test_what_towncrier_did_is_part_of_a_bump_and_done_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = f'{ROOT}[tool.towncrier]\ndirectory = "news"\n'.encode()
    files = {**CHAIN, "pyproject.toml": root, "news/1.feature.rst": b"Lanes.\n"}
    monkeypatch.setattr(story_module, "KIND", Kind(files=files))
    on_disk = Desk()
    assert on_disk.bump(ON_DISK).problem is None
    written = on_disk.story.here.git.written
    assert written["news/1.feature.rst"] is None
    assert written["NEWS.rst"] == b"0.1.11 (2026-11-24)\n- Lanes.\n"
    assert on_disk.bump(ON_DISK).labels == ["Nothing"]

    desk = Desk()
    assert desk.bump().problem is None
    tip = desk.story.here.git.head()
    assert "news/1.feature.rst" not in desk.story.remote.objects.trees[tip]
    assert desk.bump().labels == ["Nothing"]
    assert desk.story.here.git.head() == tip
