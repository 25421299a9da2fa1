"""What a workspace's own steps are told of the release before, and which of them are run."""

from __future__ import annotations

import pytest
from tests.fakes.context import OWN_STEPS, FileTree
from tests.run.told import prepared, sealed

from release_sync.plan.own_steps import own_scripts
from release_sync.workspace.reading import read

WORKSPACE = read(FileTree(OWN_STEPS))


@pytest.mark.parametrize(
    ("tags", "previous"),
    [
        ((), "0.1.10"),
        (("v0.1.9", "v0.1.8", "other-v0.1.10"), "0.1.9"),
        (("v0.1.11", "v0.1.12"), "0.1.10"),
        (("v0.1.11rc1", "v0.1.9"), "0.1.11rc1"),
    ],
)
def test_the_version_before_is_the_greatest_that_was_tagged(
    tags: tuple[str, ...], previous: str
) -> None:
    release = sealed(prepared())
    refs = [f"refs/tags/{tag}" for tag in tags]
    assert own_scripts(WORKSPACE, release, refs).previous == (("default", previous),)


def test_the_first_release_has_none_before_it() -> None:
    files = {path: text.replace(b"0.1.10", b"0.1.11") for path, text in OWN_STEPS.items()}
    found = own_scripts(read(FileTree(files)), sealed(prepared()))
    assert found.previous == (("default", ""),)


def test_only_what_is_trusted_is_run_where_that_is_asked_for() -> None:
    found = own_scripts(WORKSPACE, sealed(prepared()), trusted=True)
    told = [one.words for one in (*found.verify, *found.before_upload, *found.after_land)]
    assert told == ["make sure", "tell.py -q"]
