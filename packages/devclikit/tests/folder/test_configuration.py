from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from devclikit.errors import Stop
from devclikit.folder.configuration import Configuration, find, read

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "tools").mkdir()
    return tmp_path / "pyproject.toml"


def test_the_table_is_read(file: Path) -> None:
    file.write_text('[tool.devclikit]\ncommands = "tools"\npackage = "acme.dev"\n')
    assert read(file) == Configuration(file, file.parent / "tools", "acme.dev")


def test_the_nearest_file_with_the_table_counts(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = file.parent / "packages" / "one"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    with pytest.raises(Stop, match="has the table"):
        find()
    file.write_text('[tool.devclikit]\ncommands = "tools"\n')
    (below / "pyproject.toml").write_text('[project]\nname = "one"\n')
    assert find().file == file
    (below / "pyproject.toml").write_text('[tool.devclikit]\npackage = "one"\n')
    assert find().package == "one"
    (below / "pyproject.toml").write_text('[tool.devclikit]\ncommands = "../../tools"\n')
    assert find().commands == below / "../../tools", "as a member of a workspace may have it"


def test_an_app_that_was_installed_as_a_copy_has_no_table_and_says_what_to_do(
    tmp_path: Path,
) -> None:
    with pytest.raises(Stop, match="has the table") as stopped:
        find(tmp_path / "site-packages" / "acme" / "app.py")
    assert "--editable" in stopped.value.hint
    with pytest.raises(Stop, match="has the table") as stopped:
        find(tmp_path / "acme" / "app.py")
    assert "write" in stopped.value.hint


def test_a_current_folder_that_is_gone_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    here.rmdir()
    with pytest.raises(Stop, match="current folder"):
        find()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.devclikit]\n", "names no commands"),
        ("[tool]\ndevclikit = 1\n", "is no table"),
        ('[tool.devclikit]\ncommand = "tools"\n', "has no key `command`"),
        ("[tool.devclikit]\ncommands = ['tools']\n", "`commands` must be the path of a"),
        ('[tool.devclikit]\ncommands = ""\n', "`commands` must be the path of a folder, not ''"),
        ("[tool.devclikit]\npackage = 1\n", "`package` must be the name of a package, not 1"),
        ('[tool.devclikit]\ncommands = "gone"\n', "not there: gone"),
        ('[tool.devclikit]\ncommands = "pyproject.toml"\n', "names a file: pyproject.toml"),
        (
            '[tool.devclikit]\npackage = "acme-dev"\n',
            "must be the name of a package, not 'acme-dev'",
        ),
        ('[tool.devclikit]\npackage = "acme."\n', "must be the name of a package"),
        ("[tool.devclikit\n", "is not TOML"),
        ("# caf\xe9\n[tool.devclikit]\n", "is not UTF-8"),
    ],
)
def test_what_is_wrong_is_said_with_the_file(file: Path, text: str, message: str) -> None:
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(Stop, match=message) as stopped:
        read(file)
    assert str(file) in stopped.value.message


@pytest.mark.parametrize("text", ["", "[tool.other]\n", "# devclikit\n", "[other"])
def test_a_file_of_others_is_left_alone(file: Path, text: str) -> None:
    file.write_text(text)
    assert read(file) is None


def test_a_folder_of_that_name_is_no_file(file: Path) -> None:
    file.mkdir()
    assert read(file) is None
