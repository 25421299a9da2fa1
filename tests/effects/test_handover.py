"""Secrets that were in the environment of a process: in it they are, and around it no more."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from release_sync.effects.handover import PLACE

if TYPE_CHECKING:
    from pathlib import Path

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")

LOOK = """
import ctypes, json, os, subprocess, sys
from pathlib import Path
with open(os.environ["STARTS"], "a") as starts:
    print(os.getpid(), file=starts)
from release_sync.effects.handover import put_secrets_away
put_secrets_away()
from release_sync.effects.secrets import environment
block = Path("/proc/self/environ")
child = "import json, os; print(json.dumps([dict(os.environ), os.listdir('/dev/fd')]))"
told = subprocess.run([sys.executable, "-c", child], close_fds=False, capture_output=True)
print(json.dumps({
    "all": environment(),
    "own": dict(os.environ),
    "block": os.fsdecode(block.read_bytes()) if os.access(block, os.R_OK) else "",
    "child": json.loads(told.stdout),
    "arguments": sys.argv[1:],
    "flags": [repr(sys.flags), sys._xoptions, sys.warnoptions],
    "executable": sys.executable,
    "input": sys.stdin.read(),
    "dumpable": ctypes.CDLL(None).prctl(3) if sys.platform == "linux" else 0,
}))
"""


def look(
    folder: Path, *options: str, start: tuple[str, ...] = ("-c", LOOK), **environ: str
) -> dict[str, Any]:
    """Put secrets away in a Python of its own; return what it sees then, and how often it began."""
    starts = folder / "starts"
    done = subprocess.run(
        [sys.executable, *options, *start, "one", "--two", "a b"],
        env={**os.environ, "STARTS": str(starts), **environ},
        input="typed",
        capture_output=True,
        text=True,
        check=True,
    )
    lines = starts.read_text(encoding="utf-8").splitlines()
    assert len({*lines}) == 1, "it is one process"
    seen = {**json.loads(done.stdout), "starts": len(lines)}
    starts.unlink()
    return seen


def test_a_secret_is_in_the_process_and_neither_in_its_environment_nor_in_a_childs(
    tmp_path: Path,
) -> None:
    seen = look(tmp_path, UV_PUBLISH_TOKEN="a-secret", UV_INDEX_OURS_PASSWORD="b-secret")
    assert seen["starts"] == 2
    assert seen["all"]["UV_PUBLISH_TOKEN"] == "a-secret"
    assert seen["all"]["UV_INDEX_OURS_PASSWORD"] == "b-secret"
    for around in (seen["own"], seen["block"], seen["child"]):
        assert "-secret" not in str(around)
    assert seen["own"]["HOME"] == seen["all"]["HOME"]


@LINUX
def test_the_first_block_has_the_secret_and_the_second_is_read(tmp_path: Path) -> None:
    """What the test above looks at would show it."""
    without = LOOK.replace("put_secrets_away()", "", 1).replace("put_secrets_away()", "pass", 1)
    seen = look(tmp_path, start=("-c", without), UV_PUBLISH_TOKEN="a-secret")
    assert seen["starts"] == 1
    for around in (seen["own"], seen["block"], seen["child"]):
        assert "a-secret" in str(around)
    assert seen["dumpable"] == 1


def test_what_is_secret_in_no_way_starts_nothing_again(tmp_path: Path) -> None:
    seen = look(tmp_path, UV_PUBLISH_USERNAME="me", UV_INDEX="http://a/simple")
    assert seen["starts"] == 1
    assert seen["own"] == seen["all"]
    assert seen["own"]["UV_PUBLISH_USERNAME"] == "me"


def test_it_starts_again_as_it_was_started(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(LOOK, encoding="utf-8")
    options = ("-I", "-O", "-X", "utf8", "-W", "error")
    for start in (("-c", LOOK), (str(script),)):
        once = look(tmp_path, *options, start=start)
        again = look(tmp_path, *options, start=start, UV_PUBLISH_TOKEN="a-secret")
        assert (once["starts"], again["starts"]) == (1, 2)
        for what in ("flags", "arguments", "input", "executable"):
            assert once[what] == again[what]
    assert once["input"] == "typed"
    assert once["arguments"] == ["one", "--two", "a b"]


ON_A_TERMINAL = """
import os
from release_sync.effects.handover import put_secrets_away
put_secrets_away()
answer = input("sure? ")
os.write(1, f"{answer} {[os.isatty(one) for one in range(3)]}\\n".encode())
raise SystemExit(7)
"""


def test_a_terminal_and_the_exit_code_are_as_without_it() -> None:
    ours, theirs = pty.openpty()
    os.write(ours, b"yes\n")
    line = [sys.executable, "-c", ON_A_TERMINAL]
    environ = {**os.environ, "UV_PUBLISH_TOKEN": "a-secret"}
    done = subprocess.run(
        line, env=environ, stdin=theirs, stdout=theirs, stderr=theirs, check=False
    )
    shown = os.read(ours, 10_000)
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 7
    assert b"sure? " in shown
    assert b"yes [True, True, True]" in shown


def test_nothing_of_the_pipe_is_left(tmp_path: Path) -> None:
    once, again = look(tmp_path), look(tmp_path, UV_PUBLISH_TOKEN="a-secret")
    assert again["child"][1] == once["child"][1]
    assert PLACE not in again["own"]


@LINUX
def test_the_process_is_closed_to_others_once_it_has_a_secret(tmp_path: Path) -> None:
    assert look(tmp_path)["dumpable"] == 1
    assert look(tmp_path, UV_PUBLISH_TOKEN="a-secret")["dumpable"] == 0


def test_a_secret_of_any_bytes_comes_through(tmp_path: Path) -> None:
    odd = os.fsdecode(b"a=b\n\xff secret")
    assert look(tmp_path, UV_PUBLISH_TOKEN=odd)["all"]["UV_PUBLISH_TOKEN"] == odd


def test_a_secret_that_no_pipe_holds_is_kept_from_children_all_the_same(tmp_path: Path) -> None:
    large = "a-secret" * 10_000
    seen = look(tmp_path, UV_PUBLISH_TOKEN=large)
    assert seen["starts"] == 1
    assert seen["all"]["UV_PUBLISH_TOKEN"] == large
    assert "a-secret" not in str((seen["own"], seen["child"]))


def test_a_pipe_that_another_process_was_told_of_is_not_read(tmp_path: Path) -> None:
    seen = look(tmp_path, UV_PUBLISH_TOKEN="a-secret", RELEASE_SYNC_SECRETS=f"{os.getpid()}:0")
    assert seen["all"]["UV_PUBLISH_TOKEN"] == "a-secret"
    assert seen["input"] == "typed"
    assert PLACE not in seen["own"]


CLOSED = """
import os, sys
from release_sync.effects.handover import put_secrets_away
put_secrets_away()
from release_sync.effects.secrets import environment
found = [one is None for one in (sys.stdin, sys.stdout, sys.stderr)]
open(sys.argv[1], "w").write(f"{found} {environment()['UV_PUBLISH_TOKEN']}")
"""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_are_closed_again(tmp_path: Path, closed: str) -> None:
    script, seen = tmp_path / "script.py", tmp_path / "seen"
    script.write_text(CLOSED, encoding="utf-8")
    line = f"exec {sys.executable} {script} {seen} {closed}"
    subprocess.run(["sh", "-c", line], env={**os.environ, "UV_PUBLISH_TOKEN": "it"}, check=True)
    expected = [one in closed.split(" ") for one in ("<&-", ">&-", "2>&-")]
    assert seen.read_text(encoding="utf-8") == f"{expected} it"
