"""What is gathered before a release is planned: where it stands, its group, what is in the way."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from tests.fakes.context import CHAIN, ROOT, FakeContext, FileTree, member
from tests.fakes.world import MAIN, cloned
from tests.run.story import Story
from tests.run.told import preparing, publishing, resuming, sealed, told
from tests.steps.held import ended

from release_sync.effects.isolation.isolation import Isolation, Kind
from release_sync.errors import Several, Unreadable
from release_sync.plan.facts import Request
from release_sync.run.before.groups import choose_group
from release_sync.run.status import status
from release_sync.run.surveying import survey
from release_sync.steps.uploading.served import Reply, Served
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.workspace.model import Workspace

LOW = "packages/low/pyproject.toml"
DYNAMIC = b"""\
[build-system]
requires = ["hatchling", "hatch-vcs"]
build-backend = "hatchling.build"
[project]
name = "low"
dynamic = ["version"]
[tool.hatch.version]
source = "vcs"
"""


def beginning(files: Mapping[str, bytes]) -> Story:
    """Return a story of a workspace that has these files."""
    story = Story()
    story.remote.refs[MAIN] = story.remote.objects.commit("Begin", tree=dict(files))
    story.here = cloned(story.remote)
    return story


def lock(*members: str) -> bytes:
    """Return a lock that has these members."""
    packages = [
        f'[[package]]\nname = "{one}"\nversion = "0.1.10"\n'
        f'source = {{ editable = "packages/{one}" }}\n'
        for one in members
    ]
    listed = ", ".join(f'"{one}"' for one in members)
    return "\n".join(["version = 1", f"[manifest]\nmembers = [{listed}]", *packages]).encode()


# --- what is in the way


def reasons(story: Story, **changes: Any) -> list[str]:  # noqa: ANN401 - fields of the context
    """Return why a release can't be begun."""
    problem = told(story, publishing(), **changes).problem
    if problem is None:
        return []
    return [one.message for one in problem.problems] if isinstance(problem, Several) else ["?"]


def test_a_push_is_tried_where_the_remote_answers() -> None:
    assert reasons(Story(), may_push=False) == ["may not push"]
    story = Story()
    story.remote.silent = True
    assert reasons(story, may_push=False) == ["origin did not answer"]


def test_what_is_asked_meanwhile_ends_when_a_plan_is_interrupted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, stopped, over = Event(), Event(), Event()

    def asks(_: FakeContext) -> tuple[()]:
        begun.set()
        assert stopped.wait(30)
        over.set()
        return ()

    def interrupted(*_: object, **__: object) -> None:
        assert begun.wait(30)
        raise KeyboardInterrupt

    monkeypatch.setattr(FakeContext, "push_problems", asks)
    monkeypatch.setattr(FakeContext, "stop", lambda _: stopped.set())
    monkeypatch.setattr(survey, "drafted", interrupted)
    assert str(told(Story(), publishing()).ended) == "interrupted; nothing was begun"
    assert over.is_set()


def test_what_another_group_has_not_released_is_named_with_what_to_do() -> None:
    story = beginning({**CHAIN, "pyproject.toml": f'{ROOT}independent = ["low"]\n'.encode()})
    unreleased = frozenset({"low==0.1.10"})
    default = publishing(Request(group="default"))
    problem = told(story, default, unreleased=unreleased).problem
    assert isinstance(problem, Several)
    assert [one.message for one in problem.problems] == [
        "mid requires low==0.1.10, which is not released: nobody could install mid"
    ]
    assert problem.problems[0].hint == "release low first: `release-sync publish --group low`"
    assert told(story, default).problem is None


def test_of_groups_that_need_each_other_the_release_of_both_is_proposed() -> None:
    story = beginning({**CHAIN, "pyproject.toml": f'{ROOT}independent = ["mid"]\n'.encode()})
    unreleased = frozenset({"mid==0.1.10"})
    problem = told(story, publishing(Request(group="default")), unreleased=unreleased).problem
    assert isinstance(problem, Several)
    assert [one.message for one in problem.problems] == [
        (
            "top requires mid==0.1.10, and that requires low==0.1.10, which excludes this release:"
            " top could not be installed without a release of mid"
        ),
        "top requires mid==0.1.10, which is not released: nobody could install top",
    ]
    command = "release them together: `release-sync publish --group default --group mid`"
    assert {one.hint for one in problem.problems} == {command}
    together = Request(group="mid", others=("default",))
    assert told(story, publishing(together), unreleased=unreleased).problem is None


def test_an_index_that_is_silent_says_why() -> None:
    story = Story()
    story.index.silent, story.index.why = True, "a reason"
    assert any(one.endswith("of low, mid, top (a reason)") for one in reasons(story))
    assert not any("(" in one for one in reasons(Story()))


def test_what_the_index_shows_of_the_projects_is_in_the_plan() -> None:
    story = Story()
    story.index.is_pypi = story.index.is_trusted_publisher = True
    story.index.pages["low"] = Served(Reply.PAGE, ("9.0",), status="deprecated")
    (release,) = told(story, publishing()).planned
    new, pending, deprecated, stranger = release.notes
    assert new.startswith("mid, top are 2 new projects on fake")
    assert pending.startswith("this job is a trusted publisher")
    assert deprecated == "low is deprecated on fake"
    assert stranger.startswith("fake has low 9.0, and no release tag is of that")
    there = dict(release.observations)["Index"]
    assert there.startswith("fake does not have 0.1.11 of low (newest there: 9.0); has no project")
    assert there.endswith("; says that low is deprecated")


def test_a_job_that_only_prepares_is_no_publisher() -> None:
    story = Story()
    story.index.is_pypi = story.index.is_trusted_publisher = story.index.refuses_login = True
    (release,) = told(story, preparing).planned
    assert [one.partition(" new ")[0] for one in release.notes] == ["low, mid, top are 3"]


def test_a_login_that_is_refused_early_stops_what_uploads() -> None:
    story = Story()
    story.index.refuses_login = True
    assert reasons(story) == ["fake refused nobody (401)"]
    assert story.remote.refs == story.begun


def test_a_project_that_takes_no_upload_is_found_before_anything() -> None:
    story = Story()
    story.index.pages["mid"] = Served(Reply.PAGE, ("0.1.10",), status="archived")
    assert reasons(story) == ["fake takes no upload of mid, archived there (PEP 792)"]
    assert story.remote.refs == story.begun


def test_a_lock_has_to_agree_where_there_is_one() -> None:
    assert reasons(Story(), locks=False) == []
    story = beginning({**CHAIN, "uv.lock": lock("low", "mid", "top")})
    assert reasons(story, locks=False) == ["the lock is not up to date"]


def test_nothing_is_built_where_what_must_keep_builds_apart_is_not_there() -> None:
    lacking = Isolation(Kind.NONE, "a reason", required=True)
    story = beginning({**CHAIN, "uv.lock": lock("low", "mid", "top")})
    why = reasons(story, isolation=lacking, locks=False)
    assert why == ["builds can't be isolated here: a reason"]


@pytest.mark.parametrize(
    ("kind", "setting", "is_exposed"),
    [
        (Kind.NAMESPACES, "auto", False),
        (Kind.NONE, "auto", True),
        (Kind.NONE, "off", False),
    ],
)
def test_builds_are_exposed_where_nobody_said_so(
    kind: Kind, setting: str, *, is_exposed: bool
) -> None:
    root = f'{ROOT}isolation = "{setting}"\n'.encode()
    story = beginning({**CHAIN, "pyproject.toml": root})
    isolation = Isolation(kind, "a reason")
    (release,) = told(story, publishing(), isolation=isolation).planned
    assert (release.isolation, release.exposed) == (isolation.words, is_exposed)


def test_a_lock_is_not_asked_for_what_is_not_in_lockstep() -> None:
    drifted = member("mid", "low", version="0.1.9").encode()
    files = {**CHAIN, "uv.lock": lock("low", "mid", "top"), "packages/mid/pyproject.toml": drifted}
    (why,) = reasons(beginning(files), locks=False)
    assert why.startswith("the guardrail found ")


def test_a_lock_is_not_asked_for_what_would_not_be_in_lockstep() -> None:
    capped = member("mid", "low").replace("low==0.1.10", "low>=0.1,<0.1.11").encode()
    root = f'{ROOT}pin = "any"\n'.encode()
    files = {"pyproject.toml": root, LOW: CHAIN[LOW], "uv.lock": lock("low", "mid"),
             "packages/mid/pyproject.toml": capped}  # fmt: skip
    (why,) = reasons(beginning(files), locks=False)
    assert why.startswith("at 0.1.11 the guardrail would find ")


def test_a_version_that_is_a_tag_is_read_off_the_remotes_tags_too() -> None:
    story = beginning({"pyproject.toml": ROOT.encode(), LOW: DYNAMIC})
    assert told(story, publishing(Request(version="0.1.0"))).problem is None
    del story.here.git.refs["refs/tags/v0.1.0"]
    story.push()
    assert told(story, publishing()).problem is None
    assert "refs/tags/v0.1.1" in story.remote.refs


def test_a_version_that_is_a_tag_follows_from_the_tags_that_are_reachable() -> None:
    root = f'{ROOT}branch = ["main", "release/*"]\n'.encode()
    story = beginning({"pyproject.toml": root, LOW: DYNAMIC})
    old = story.remote.refs[MAIN]
    assert told(story, publishing(Request(version="1.9.0"))).problem is None
    story.push()
    assert told(story, publishing(Request(version="2.0.0"))).problem is None
    objects, branch = story.remote.objects, "refs/heads/release/1.x"
    fixed = objects.commit("Fix", old, tree={**objects.trees[old], "FIX": b""})
    story.remote.refs[branch] = story.here.git.refs[branch] = fixed
    story.here.git.on = "release/1.x"
    assert told(story, publishing()).problem is None
    assert "refs/tags/v1.9.1" in story.remote.refs
    branch = "refs/heads/release/0.x"
    story.here.git.on = "release/0.x"
    story.here.git.refs[branch] = story.remote.refs[branch] = objects.commit(
        "None", tree={LOW: DYNAMIC, "pyproject.toml": root}
    )
    assert "there is no release tag yet" in told(story, publishing()).ended.message


# --- which group


def test_a_private_member_of_a_group_moves_with_it_and_is_never_uploaded() -> None:
    dev = member("dev").replace("[project]", '[project]\nclassifiers = ["Private :: No"]')
    root = f'{ROOT}groups.default.members = ["dev"]\n'.encode()
    story = beginning(
        {**CHAIN, "pyproject.toml": root, "packages/dev/pyproject.toml": dev.encode()}
    )
    row, *_ = status(story.context()).rows
    assert row == ("dev", "default, private", "0.1.10", "0.1.10", "-", "-")
    assert told(story, preparing).problem is None
    made = sealed(story)
    assert made.members == ("low", "mid", "top")
    tree = story.remote.objects.trees[made.candidate]
    assert b'version = "0.1.11"' in tree["packages/dev/pyproject.toml"]
    # Whoever finishes it derives the same, and sends the same.
    heard = told(story, resuming(), cloned(story.remote, "Somebody Else"))
    assert heard.problem is None
    assert {name.partition("-")[0] for name in story.index.served} == {"low", "mid", "top"}


def workspace(*configured: str, members: tuple[str, ...] = ("low", "mid")) -> Workspace:
    files = {f"packages/{name}/pyproject.toml": member(name).encode() for name in members}
    root = "\n".join([ROOT, *configured]).encode()
    return read(FileTree({**files, "pyproject.toml": root}))


STABLE = '[tool.release-sync.groups.stable]\nmembers = ["{}"]'
BETA = '[tool.release-sync.groups.beta]\nmembers = ["{}"]'


@pytest.mark.parametrize(
    ("configured", "name", "chosen"),
    [
        ((), "", "default"),
        ((), "default", "default"),
        ((STABLE.format("low"),), "", "default"),
        ((STABLE.format("low"),), "stable", "stable"),
        ((STABLE.format('low", "mid'),), "", "stable"),
    ],
)
def test_a_group_is_chosen_by_its_name_or_is_the_only_one(
    configured: tuple[str, ...], name: str, chosen: str
) -> None:
    assert choose_group(workspace(*configured), name).name == chosen


@pytest.mark.parametrize(
    ("configured", "name", "why"),
    [
        ((), "odd", "there is no group 'odd' (there are: default)"),
        ((STABLE.format("low"),), "odd", "there is no group 'odd' (there are: default, stable)"),
        ((STABLE.format("low"), BETA.format("mid")), "", "which group? (stable, beta)"),
        (('private = ["low", "mid"]',), "", "no package of this workspace is ever released"),
        (('private = ["low", "mid"]',), "default", "no package of this workspace is ever rel"),
        (('private = ["low"]', STABLE.format("low")), "stable", "no package of the group sta"),
    ],
)
def test_a_group_that_is_not_to_be_chosen_says_which_are(
    configured: tuple[str, ...], name: str, why: str
) -> None:
    problem = ended(lambda: choose_group(workspace(*configured), name))
    assert isinstance(problem, Unreadable)
    assert problem.message.startswith(why)


def test_a_group_that_is_misspelt_is_guessed() -> None:
    names = workspace(STABLE.format("low"))
    problem = ended(lambda: choose_group(names, "stabel"))
    assert problem.hint == "did you mean `stable`?"
