"""`status` tells where each version stands, and never more than could be asked."""

from __future__ import annotations

from tests.fakes.context import CHAIN, member
from tests.fakes.world import MAIN, PENDING, cloned
from tests.run.story import VERSION, Story, first
from tests.run.told import begun, commit, prepared

from release_sync.plan.facts import Request
from release_sync.run.before.preview import preview
from release_sync.run.release_state import ReleaseState
from release_sync.run.status import COLUMNS, status


def columns(story: Story) -> list[dict[str, str]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in status(story.context()).rows]


def test_before_a_release_nothing_is_on_the_index() -> None:
    (low, *_) = columns(Story())
    assert (low["here"], low["remote"], low["tagged"], low["index"]) == (
        "0.1.10",
        "0.1.10",
        "-",
        "-",
    )


def test_a_member_is_called_as_in_a_plan_however_its_manifest_writes_it() -> None:
    story = Story()
    low = CHAIN["packages/low/pyproject.toml"].replace(b'name = "low"', b'name = "Low"')
    files = {**CHAIN, "packages/low/pyproject.toml": low}
    story.remote.refs[MAIN] = story.remote.objects.commit("Renamed", tree=files)
    story.here = cloned(story.remote)
    release = preview(story.context(), Request()).release
    assert release is not None
    assert {one["member"] for one in columns(story)} >= {*release.draft.members}


def test_after_a_release_all_columns_agree() -> None:
    story = Story()
    story.publish()
    assert {one["tagged"] for one in columns(story)} == {VERSION}
    assert status(story.context()).pending == ()


def test_where_the_remote_is_silent_nobody_knows() -> None:
    story = Story()
    story.remote.silent = True
    (low, *_) = columns(story)
    assert (low["remote"], low["tagged"], low["index"]) == ("?", "?", "?")


def test_why_the_index_is_silent_is_said() -> None:
    story = Story()
    assert status(story.context()).silence == ""
    story.index.silent, story.index.why = True, "a reason"
    assert status(story.context()).silence == "fake: a reason"


def test_a_pending_release_is_named_with_its_state() -> None:
    (line,) = status(prepared().context()).pending
    assert line.startswith(f"v{VERSION} of default, ")
    assert "sealed: nothing was uploaded" in line


def test_while_an_upload_may_be_going_on_nobody_knows_what_is_on_the_index() -> None:
    story = Story()
    assert story.dies(first("before index.upload"))
    assert {one["index"] for one in columns(story)} == {"?"}


def test_what_was_served_before_and_is_not_now_is_unknown() -> None:
    story = Story()
    story.publish()
    story.index.served.clear()
    assert {one["index"] for one in columns(story)} == {"?"}


def test_a_remote_without_the_branch_has_no_versions() -> None:
    story = Story()
    del story.remote.refs[MAIN]
    assert {one["remote"] for one in columns(story)} == {"?"}


def test_a_private_member_is_never_tagged() -> None:
    story = Story()
    private = member("low").replace("[project]", '[project]\nclassifiers = ["Private :: No"]')
    files = {**CHAIN, "packages/low/pyproject.toml": private.encode()}
    files["packages/mid/pyproject.toml"] = member("mid").encode()
    for path, content in files.items():
        commit(story, path, content)
    story.here.git.refs[MAIN] = story.remote.refs[MAIN]
    story.remote.refs["refs/tags/v0.1.10"] = story.remote.refs[MAIN]
    low, mid, _ = columns(story)
    assert (low["group"], low["tagged"], low["index"]) == ("private", "-", "-")
    assert (mid["group"], mid["tagged"]) == ("default", "0.1.10")


def test_a_private_member_that_shares_a_version_is_never_tagged() -> None:
    story = Story()
    private = member("low").replace("[project]", '[project]\nclassifiers = ["Private :: No"]')
    root = CHAIN["pyproject.toml"] + b'[tool.release-sync.groups.both]\nmembers = ["low", "mid"]\n'
    for path, content in (
        ("packages/low/pyproject.toml", private.encode()),
        ("packages/mid/pyproject.toml", member("mid").encode()),
        ("pyproject.toml", root),
    ):
        commit(story, path, content)
    story.here.git.refs[MAIN] = story.remote.refs[MAIN]
    story.remote.refs["refs/tags/both-v0.1.10"] = story.remote.refs[MAIN]
    low, mid, _ = columns(story)
    assert (low["group"], low["tagged"]) == ("both, private", "-")
    assert (mid["group"], mid["tagged"]) == ("both", "0.1.10")


def test_what_is_only_remembered_is_pending_where_its_upload_had_begun() -> None:
    story = prepared()
    del story.remote.refs[PENDING]
    assert status(story.context()).pending == ()
    story = begun()
    del story.remote.refs[PENDING]
    (line,) = status(story.context()).pending
    assert ReleaseState.DELETED.value in line


def test_a_ref_that_can_not_be_read_hides_what_is_on_its_way() -> None:
    story = Story()
    story.remote.refs["refs/release-sync/a"] = story.remote.objects.tag("v9", story.begun[MAIN], "")
    (line,) = status(story.context()).pending
    assert line.startswith("? (refs/release-sync/a on origin can't be read: ")
    assert "; when nobody is releasing, free it by hand" in line
    assert {one["index"] for one in columns(story)} == {"?"}
