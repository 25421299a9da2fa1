"""A desk at which mistakes are made: a workspace of one's own, and what the screen shows."""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import TWO, Scene, environ_in, lay_out
from tests.fakes.misbehaving_index import behave_well, misbehaving
from tests.misbehaving.conftest import login

from release_sync.cli.program import run
from release_sync.effects.rehearsal.index_server import embedded_index

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.fakes.misbehaving_index import MisbehavingIndex


SCREENS = Path(__file__).parent / "screens"
PENDING = 4
CTRL_C = "\x03"
REWRITE = "REWRITE_SCREENS"
"""Set in the environment, it lets the tests write what they saw instead of comparing it."""

DIFFERING = {
    r"(?m)^  … .*\n": "",
    r"127\.0\.0\.1:\d+": "127.0.0.1:8080",
    r"\b(?=[a-f]*\d)[0-9a-f]{40}\b": "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334",
    r"\b(?=[a-f]*\d)[0-9a-f]{7,12}\b": "a1b2c3d",
    r"\b\d+\.\d+s\b": "0.1s",
    r"\bafter \d+s\b": "after 1s",
    r"(?m)^Isolation .*\n": "",
    r"(?m)^  … Running .*\n": "",
    r"; it has no network there, .*": "",
    r"(no such option): (--?[\w-]+)": r"\1 '\2'",
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ": "2026-01-02T03:04:05Z",
}
"""What is another in each run or with an earlier click, and what is written in its place."""


@dataclass
class Desk:
    """A scene in which one mistake is made; its index may be told to misbehave.

    ``screen`` is all that was typed and shown, as somebody would copy it from a terminal.
    """

    scene: Scene
    index: MisbehavingIndex
    screen: str = ""

    def git(self, line: str, *, fails: bool = False) -> None:
        """Type a command of git; what it shows differs from version to version, and is left out."""
        self.screen += f"$ git {line}\n"
        try:
            self.scene.git(*shlex.split(line))
        except subprocess.CalledProcessError:
            assert fails
        else:
            assert not fails

    def types(
        self,
        line: str,
        *,
        answer: str | None = None,
        cwd: Path | None = None,
        environ: Mapping[str, str | None] | None = None,
    ) -> int:
        """Type a command of release-sync; without an ``answer``, nobody sits at a terminal.

        What ``environ`` has as None is not in the environment. Who is refused, or stops before
        anything is pending, changed nothing.
        """
        before = self._state()
        shown = io.StringIO()
        program, *arguments = shlex.split(line)
        assert program == "release-sync"
        variables = {**self.scene.environ, **(environ or {})}
        known = {name: value for name, value in variables.items() if value is not None}
        with (
            _running(cwd or self.scene.clone, known, Keyboard(answer)),
            redirect_stdout(shown),
            redirect_stderr(shown),
        ):
            sys.argv[1:] = arguments
            code = run()
        self.screen += f"$ {line}\n{shown.getvalue()}[{code}]\n"
        assert "Traceback" not in self.screen
        assert code in {0, PENDING} or "is pending" in self.screen or self._state() == before
        return code

    def _state(self) -> list[str]:
        """Return what no mistake may change: here, on the remote and on the index."""
        scene = self.scene
        remote = scene.folder / "remote.git"
        refs = [scene.git("for-each-ref", cwd=one) for one in (scene.clone, remote) if one.exists()]
        return [*refs, scene.git("status", "--porcelain", "--branch"), *scene.served()]

    def reads_as(self, name: str) -> None:
        """Compare the screen with the one that is kept, or write it when it is asked for."""
        file = SCREENS / f"{name}.txt"
        shown = self._without_what_differs()
        if os.environ.get(REWRITE):
            file.write_text(shown, encoding="utf-8")
        kept = file.read_text(encoding="utf-8") if file.is_file() else ""
        assert shown == kept, f"{file.name} is another: `{REWRITE}=1` writes it; read it aloud then"

    def _without_what_differs(self) -> str:
        """Return the screen without what ``DIFFERING`` has, this folder and this machine."""
        text = self.screen.replace(str(self.scene.folder), "~")
        text = text.replace(f" on {socket.gethostname()}", " on laptop")
        for pattern, instead in DIFFERING.items():
            text = re.sub(pattern, instead, text)
        return text

    def prepares(self, line: str) -> None:
        """Type a command that is no mistake, and that the screen need not show."""
        before = self.screen
        assert self.types(line) == 0, self.screen
        self.screen = before


class Keyboard(io.StringIO):
    """What is typed on a terminal; None for a pipe with nothing in it."""

    def __init__(self, text: str | None) -> None:
        """Type a text; Ctrl-C is the character that a terminal has for it."""
        super().__init__(text)
        self.is_terminal = text is not None

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return self.is_terminal

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        """Return what was typed, which a terminal shows; Ctrl-C sends the signal."""
        text = super().readline(size)
        sys.stderr.write(text.replace(CTRL_C, "^C"))
        if CTRL_C in text:
            signal.raise_signal(signal.SIGINT)
        return text


@contextmanager
def _running(folder: Path, environ: Mapping[str, str], keyboard: Keyboard) -> Iterator[None]:
    """Be the process that a shell starts: its folder, its environment, its streams."""
    before = dict(os.environ), Path.cwd(), sys.argv, sys.stdin
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        os.environ.clear()
        os.environ.update(environ)
        os.chdir(folder)
        sys.argv, sys.stdin = [*sys.argv[:1]], keyboard
        yield
    finally:
        signal.signal(signal.SIGINT, heard)
        variables, place, sys.argv, sys.stdin = before
        os.chdir(place)
        os.environ.clear()
        os.environ.update(variables)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return a workspace of two packages in a clone, that nobody has touched yet."""
    folder = tmp_path_factory.mktemp("template")
    packages = folder / "packages"
    packages.mkdir()
    with embedded_index(packages) as real, misbehaving(real, behave_well) as index:
        scene = Scene(folder, index.address, packages, login(environ_in(folder), real), TWO)
        lay_out(scene)
        text = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
        scene.write("pyproject.toml", text.replace('"scene"', '"company"'))
        scene.commit("Name the index")
        scene.git("push", "-q", "origin", "main")
        yield Desk(scene, index)


@pytest.fixture
def desk(template: Desk, tmp_path: Path) -> Iterator[Desk]:
    """Return a copy of that workspace, to make one mistake in."""
    whole = template.scene
    scene = replace(whole, folder=tmp_path, address=str(tmp_path / "remote.git"))
    for name in ("clone", "remote.git", "home", "temporary"):
        shutil.copytree(whole.folder / name, tmp_path / name, symlinks=True)
    scene.environ = {
        name: value.replace(str(whole.folder), str(tmp_path))
        for name, value in whole.environ.items()
    }
    scene.git("remote", "set-url", "origin", scene.address)
    yield Desk(scene, template.index)
    template.index.heal()
    template.index.asked.clear()
    for file in whole.packages.iterdir():
        file.unlink()
