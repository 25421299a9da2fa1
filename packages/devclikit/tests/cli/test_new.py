from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from devclikit.boundary import Boundary
from devclikit.cli.main import program
from devclikit.cli.new import write
from devclikit.errors import Stop

if TYPE_CHECKING:
    from collections.abc import Callable

DEVCLIKIT = Path(__file__).parents[2]
RUN_TESTS = """
import runpy, sys
tests = [one for name, one in runpy.run_path(sys.argv[1]).items() if name.startswith("test_")]
for one in tests:
    one()
print(len(tests), "passed")
"""
"""As pytest does, which itself takes seconds to start."""


@pytest.fixture
def new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Run `devclikit new` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: Boundary("devclikit").run(program, ["new", *arguments])


def test_the_app_that_is_made_passes_its_own_tests(
    new: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert new("acme-tools") == 0
    said = capsys.readouterr().out
    assert "next: cd acme-tools && uv run acme-tools --help" in said
    assert f"its devclikit is {DEVCLIKIT}: on this machine only" in said
    manifest = tomllib.loads(Path("acme-tools/pyproject.toml").read_text(encoding="utf-8"))
    source = {"path": str(DEVCLIKIT), "editable": True}
    assert manifest["tool"]["uv"]["sources"] == {"devclikit": source}
    assert "a path on the machine" in Path("acme-tools/README.md").read_text(encoding="utf-8")
    texts = [one.read_text(encoding="utf-8") for one in Path().rglob("*") if one.is_file()]
    assert not [text for text in texts if "@name@" in text or "@package@" in text]
    done = subprocess.run(
        [sys.executable, "-c", RUN_TESTS, "acme-tools/tests/test_app.py"],
        env={**os.environ, "PYTHONPATH": "acme-tools/src"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "2 passed\n"), done.stderr


def test_another_source_is_written_and_needs_no_note(
    new: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert new("-q", "acme", "--source", "git+https://example.invalid/x@v1#subdirectory=y") == 0
    assert capsys.readouterr().out == ""
    manifest = tomllib.loads(Path("acme/pyproject.toml").read_text(encoding="utf-8"))
    source = {"git": "https://example.invalid/x", "rev": "v1", "subdirectory": "y"}
    assert manifest["tool"]["uv"]["sources"]["devclikit"] == source
    assert "a path on" not in Path("acme/README.md").read_text(encoding="utf-8")


def test_without_a_source_nothing_is_made_and_it_says_what_to_write(
    new: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = Path("elsewhere/devclikit-0.2.0.dist-info")
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: devclikit\nVersion: 0.2.0\n")
    monkeypatch.syspath_prepend(Path("elsewhere").absolute())
    assert new("acme") == 2
    said = capsys.readouterr().err
    assert "the index has another one" in said
    assert "devclikit new acme --source WHERE" in said
    assert not Path("acme").exists()


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_nothing_is_overwritten(
    new: Callable[..., int], capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    there = Path("acme")
    if kind == "file":
        there.write_text("mine")
    elif kind == "folder":
        there.mkdir()
    else:
        there.symlink_to("nowhere")
    assert new("acme") == 2
    assert capsys.readouterr().err.startswith("error: acme is there already\n")
    assert os.listdir() == ["acme"]  # noqa: PTH208 - names are enough
    assert kind != "folder" or not list(there.iterdir())


@pytest.mark.parametrize(
    "name",
    ["", "../acme", "a/b", "/acme", ".", "Acme", "1st", "acme.dev", "a--b", "-acme", "ac me", "é",
     "acme\n", "class", "json", "devclikit", "pytest", "uv",
     "test", "pluggy", "python3"],
)  # fmt: skip
def test_a_name_that_can_not_be_one_is_refused(new: Callable[..., int], name: str) -> None:
    assert new("--", name) == 2
    assert os.listdir() == []  # noqa: PTH208 - the same


def test_what_can_not_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="can't be written"):
        write(tmp_path / "acme", {"a": "1", "a/b": "2"})
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(Stop, match="can't be made"):
        write(tmp_path / "gone" / "acme", {})


@pytest.mark.slow
def test_with_uv_it_runs_in_an_empty_folder(new: Callable[..., int]) -> None:
    assert new("acme") == 0

    def uv(*arguments: str) -> str:
        beside = Path(sys.executable).parent
        environ = {**os.environ, "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}"}
        environ.pop("VIRTUAL_ENV", None)
        return subprocess.run(
            ["uv", "run", "--quiet", *arguments], cwd="acme", env=environ,
            stdout=subprocess.PIPE, text=True, check=True,
        ).stdout  # fmt: skip

    assert "Count the lines of files." in uv("acme", "--help")
    assert uv("acme", "greet", "--name", "you") == "Hello, you.\n"
    assert uv("acme", "count-lines", "README.md").endswith(" README.md\n")
    assert uv("devclikit", "run", "greet") == "Hello, world.\n"
    assert "2 passed" in uv("pytest", "-q")
