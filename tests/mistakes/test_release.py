"""Mistakes around what is released: its version, its group, its index, its builds."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from tests.misbehaving import behaviours as b

from release_sync.effects.process_lock import locked

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from tests.mistakes.conftest import Desk


def test_an_index_that_nobody_configured(desk: Desk) -> None:
    desk.types("release-sync publish --index comapny")
    desk.types("release-sync publish --index elsewhere")
    desk.reads_as("unknown-index")


def test_a_group_that_is_not_there(desk: Desk) -> None:
    desk.types("release-sync publish --group stable")
    desk.reads_as("unknown-group")


def test_a_version_that_does_not_increase(desk: Desk) -> None:
    desk.types("release-sync publish --version 0.1.10")
    desk.types("release-sync publish --version 0.1.9")
    desk.types("release-sync publish --version next")
    desk.types("release-sync publish --bump minor --version 0.2.0")
    desk.reads_as("version-that-is-none")


def test_a_version_that_is_on_the_index(desk: Desk) -> None:
    (desk.scene.packages / "workstack_kit-0.1.11.tar.gz").write_bytes(b"a file")
    desk.types("release-sync publish")
    desk.reads_as("version-on-the-index")


def test_projects_that_take_no_release(desk: Desk) -> None:
    kit = b.project(
        "workstack-kit",
        more={"versions": ["0.1.10", "0.1.11"]},
        files={
            "workstack_kit-0.1.11-py3-none-any.whl": "broken",
            "workstack_kit-0.1.10.zip": False,
        },
    )
    archived = {"project-status": {"status": "archived", "reason": "it is part of kit now"}}
    app = b.project("workstack-app", more=archived, files={"workstack_app-7.0.zip": False})
    desk.index.misbehave(b.both(kit, app))
    desk.types("release-sync publish")
    desk.reads_as("projects-that-take-no-release")


def test_a_stale_pin(desk: Desk) -> None:
    manifest = (desk.scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    desk.scene.write("pyproject.toml", manifest.replace("kit==0.1.10", "kit==0.1.9"))
    desk.git("commit -am 'Break the pin'")
    desk.types("release-sync publish")
    desk.reads_as("stale-pin")


def test_a_manifest_that_is_no_toml(desk: Desk) -> None:
    desk.scene.write("packages/workstack-kit/pyproject.toml", '[project]\nname = "workstack-kit\n')
    desk.types("release-sync check")
    desk.git("commit -am 'Break it'")
    desk.types("release-sync publish")
    desk.reads_as("broken-toml")


def test_a_build_that_fails(desk: Desk) -> None:
    path = "packages/workstack-kit/src/workstack_kit/__init__.py"
    (desk.scene.clone / path).unlink()
    desk.git("commit -am 'Forget the package'")
    desk.scene.git("push", "-q", "origin", "main")
    desk.types("release-sync publish --yes")
    desk.reads_as("build-that-fails")


def test_a_package_that_can_not_be_imported(desk: Desk) -> None:
    desk.scene.write("src/workstack_app/__init__.py", "import workstack_kit.forgotten\n")
    desk.git("commit -am 'Import something'")
    desk.scene.git("push", "-q", "origin", "main")
    desk.types("release-sync publish --yes")
    desk.reads_as("import-that-fails")


def test_a_hook_that_refuses_the_commit(desk: Desk) -> None:
    hook = desk.scene.clone / ".git/hooks/commit-msg"
    hook.write_text('#!/bin/sh\necho "Name the ticket:"\necho "  TEAM-123"\nexit 1\n')
    hook.chmod(0o755)
    desk.types("release-sync publish --yes")
    desk.reads_as("hook-that-refuses")


def test_an_index_that_is_not_up(desk: Desk) -> None:
    desk.index.misbehave(b.pages(b.says(503)))
    desk.types("release-sync publish")
    desk.reads_as("index-is-down")


def test_uv_that_is_missing(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("git", "sh"):
        (tools / tool).symlink_to(shutil.which(tool) or tool)
    monkeypatch.setitem(sys.modules, "uv", None)
    desk.types("release-sync publish", environ={"PATH": str(tools)})
    desk.reads_as("uv-is-missing")


def test_another_release_that_is_at_work(desk: Desk) -> None:
    with locked(desk.scene.clone / ".git/release-sync"):
        desk.types("release-sync publish --yes")
    desk.reads_as("another-is-at-work")


def test_a_release_of_somebody_else_that_is_pending(desk: Desk) -> None:
    desk.prepares("release-sync prepare --yes")
    other = desk.scene.another_clone()
    desk.types("release-sync publish --yes", cwd=other)
    desk.types("release-sync publish --yes --version 0.2.0")
    desk.reads_as("another-is-pending")


def test_an_index_that_was_renamed_while_a_release_is_pending(desk: Desk) -> None:
    desk.prepares("release-sync prepare --yes")
    manifest = (desk.scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    desk.scene.write("pyproject.toml", manifest.replace('"company"', '"firm"'))
    desk.git("commit -am 'Rename the index'")
    desk.git("push origin main")
    desk.types("release-sync resume --yes")
    desk.reads_as("index-that-was-renamed")


def test_nothing_that_is_pending(desk: Desk) -> None:
    for line in ("abort", "abort --abandon", "resume", "resume --seal v0.1.10", "verify v0.1.10"):
        desk.types(f"release-sync {line}")
    desk.reads_as("nothing-is-pending")
