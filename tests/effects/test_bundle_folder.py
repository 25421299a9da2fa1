"""The folder of a bundle: what is somebody else's stays, and nothing is waited for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.bundle_folder import BundleFolder
from release_sync.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = f'{{"format": 1, "seal": "{"a" * 40}"}}'


def test_only_a_bundle_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "kit-1.tar.gz"
    file.touch()
    bundle, link = tmp_path / "bundle", tmp_path / "link"
    link.symlink_to(bundle)
    for path in (bundle, bundle, link):
        folder = BundleFolder(str(path))
        folder.write(DOCUMENT, "", [file])
        assert folder.names() == ["kit-1.tar.gz", "notes.md", "release.json"]
    assert link.is_symlink()

    (bundle / "notes.md").unlink()
    (bundle / "notes.md").symlink_to("/proc/self/environ")
    with pytest.raises(Problem, match=r"notes\.md is no file"):
        BundleFolder(str(bundle)).names()
    (bundle / "notes.md").unlink()

    (bundle / "notes.txt").touch()
    with pytest.raises(Problem, match=r"holds what is of no bundle: notes\.txt"):
        BundleFolder(str(bundle)).refuse_others()
    (bundle / "notes.txt").unlink()
    (bundle / "release.json").write_text('{"name": "of another tool"}', encoding="utf-8")
    with pytest.raises(Problem, match="is no bundle"):
        BundleFolder(str(bundle)).refuse_others()


def test_notes_do_nothing_to_a_terminal_or_a_runner(tmp_path: Path) -> None:
    hostile = "### Added\n\n- \x1b[2Jx\n::error::x\n"
    BundleFolder(str(tmp_path / "bundle")).write(DOCUMENT, hostile, [])
    text = (tmp_path / "bundle" / "notes.md").read_text(encoding="utf-8")
    assert text == "### Added\n\n- ?[2Jx\n: :error::x\n"


def test_a_folder_that_can_not_be_replaced_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    for path in (".", "file", "file/below"):
        with pytest.raises(Problem):
            BundleFolder(path).write(DOCUMENT, "", [])
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_only_a_file_is_read_as_its_document(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "release.json")
    with pytest.raises(Problem, match=r"release\.json is no file"):
        BundleFolder(str(tmp_path)).document()


def test_what_uv_leaves_beside_its_artifacts_is_no_artifact(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*", encoding="utf-8")
    folder = BundleFolder(str(tmp_path))
    assert folder.names() == []
    with pytest.raises(Problem, match="is not empty"):
        folder.refuse_others()
