from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from devclikit.errors import Stop
from devclikit.folder.scripts import Entry, entries

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = "# /// script\n# dependencies = []\n# ///\n"
FORBIDDEN = "raise SystemExit('a listing has run me')\n"
FILES = {
    "greet_all.py": f'{BLOCK}"""Say hello\nto all.\n\nMore.\n"""\n{FORBIDDEN}',
    "windows.py": f"\ufeff# A mark.\n{BLOCK}".replace("\n", "\r\n"),
    "mark.py": f"\ufeff{BLOCK}",
    "plain.py": f'"""No command."""\n{FORBIDDEN}',
    "_hidden.py": BLOCK,
    ".hidden.py": BLOCK,
    "readme.md": BLOCK,
    "not_toml.py": BLOCK.replace("[]", "["),
    "open.py": "# /// script\n# dependencies = []\nprint()\n",
    "quoted.py": f"TEXT = {BLOCK!r}\n",
    "later_python.py": f"{BLOCK}def (",
    "escape.py": f"{BLOCK}'''A \\d escape.'''\n",
    "nul.py": f"{BLOCK}\0",
    "single.py": f"#!/usr/bin/env python\n{BLOCK}\n   # Note.\n'It\\'s \"one\".'  # so\ndef (",
    "raw.py": f'{BLOCK}r"""A \\d."""',
    "joined.py": f'{BLOCK}("One "\n"two.")\n',
    "two.py": f'{BLOCK}"One "  "two."\n',
    "unclosed.py": f'{BLOCK}"""Never closed.\n',
    "code.py": f'{BLOCK}import os\n"""No docstring."""\n',
    "a name.py": BLOCK,
    "db/__init__.py": f'"""Look after the database."""\n{FORBIDDEN}',
    "db/old/migrate.py": BLOCK,
    "data/numbers.py": "NUMBERS = ()\n",
    "venv/pyvenv.cfg": "",
    "venv/lib/tool.py": BLOCK,
    "node_modules/tool.py": BLOCK,
    "folder.py/tool.py": BLOCK,
    "__pycache__/tool.py": BLOCK,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    (tmp_path / "latin.py").write_bytes(BLOCK.encode() + b"# caf\xe9\n")
    (tmp_path / "data.py").write_bytes(b"# caf\xe9\n")
    (tmp_path / "gone.py").symlink_to("nowhere")
    (tmp_path / "loop.py").symlink_to("loop.py")
    (tmp_path / "linked.py").symlink_to("greet_all.py")
    (tmp_path / "up").symlink_to(".", target_is_directory=True)
    (tmp_path / "db" / "again").symlink_to("../db", target_is_directory=True)
    os.mkfifo(tmp_path / "pipe.py")
    return tmp_path


def test_a_file_with_a_block_is_a_command_and_its_docstring_is_its_help(folder: Path) -> None:
    found = {one.name: one.doc for one in entries(folder) if not one.problem}
    assert found == {
        "greet-all": "Say hello\nto all.\n\nMore.",
        "windows": "",
        "db": "Look after the database.",
        "escape": "A \\d escape.",
        "folder.py": "",
        "later-python": found["later-python"],
        "single": 'It\'s "one".',
        "raw": "A \\d.",
        "joined": "One two.",
        "two": "One two.",
        "unclosed": found["unclosed"],
        "code": "",
        "linked": "Say hello\nto all.\n\nMore.",
        "nul": found["nul"],
    }
    assert found["later-python"].startswith("(line 4: ")
    assert "null bytes" in found["nul"]
    assert "unterminated triple-quoted string" in found["unclosed"]


def test_what_is_wrong_with_a_file_is_said(folder: Path) -> None:
    problems = {one.name: one.problem for one in entries(folder) if one.problem}
    assert problems.keys() == {"not-toml", "open", "a name", "latin", "gone", "loop", "mark"}
    assert "is not TOML" in problems["not-toml"]
    assert "never closed" in problems["open"]
    assert "byte order mark" in problems["mark"]
    assert "rename it" in problems["a name"]
    assert "not UTF-8" in problems["latin"]
    assert problems["gone"] == "a symbolic link to nothing"
    assert "symbolic links" in problems["loop"]


def test_a_sub_folder_with_a_script_below_it_is_a_group(folder: Path) -> None:
    assert [one.name for one in entries(folder) if one.is_folder] == ["db", "folder.py"]
    assert [(one.name, one.is_folder) for one in entries(folder / "db")] == [("old", True)]


def test_folders_that_are_linked_to_each_other_are_looked_at_once(tmp_path: Path) -> None:
    every = [tmp_path / f"f{number}" for number in range(9)]
    for one in every:
        one.mkdir()
        for other in every:
            (one / f"to_{other.name}").symlink_to(other)
    assert entries(tmp_path) == []
    (every[-1] / "run.py").write_text(BLOCK, encoding="utf-8")
    assert [one.name for one in entries(tmp_path)] == [one.name for one in every]


def test_of_a_prefix_only_that_is_listed(folder: Path) -> None:
    assert [one.name for one in entries(folder, "g")] == ["gone", "greet-all"]


def test_what_may_not_be_read_is_said(folder: Path) -> None:
    (folder / "greet_all.py").chmod(0)
    (folder / "db").chmod(0)
    if os.access(folder / "db", os.R_OK):
        pytest.skip("root reads everything")
    problems = {one.name: one.problem for one in entries(folder) if one.problem}
    (folder / "db").chmod(0o700)
    assert "Permission denied" in problems["greet-all"]
    assert "Permission denied" in problems["db"]


@pytest.mark.parametrize("other", ["a-b.py", "a_b/run.py"])
def test_a_name_that_stands_for_two_is_a_problem_of_it_alone(tmp_path: Path, other: str) -> None:
    for name in ("a_b.py", other, "c.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(BLOCK, encoding="utf-8")
    first, second = entries(tmp_path)
    one, two = sorted(("a_b.py", other.partition("/")[0]))
    assert first == Entry("a-b", tmp_path, problem=f"{one} and {two} have one name: rename one")
    assert (second.name, second.problem) == ("c", "")


def test_a_file_without_a_block_stands_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "a_b.py").write_text(BLOCK, encoding="utf-8")
    (tmp_path / "a-b.py").write_text("print()\n", encoding="utf-8")
    assert [one.path.name for one in entries(tmp_path)] == ["a_b.py"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="can't be read"):
        entries(tmp_path / "gone")
