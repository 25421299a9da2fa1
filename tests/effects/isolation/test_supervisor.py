"""Whatever a program started ends with it, and with whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from secrets import token_hex
from typing import TYPE_CHECKING

import pytest
from tests.fakes.cells import are_gone, isolation, named, start

from release_sync.effects.isolation.isolation import Kind

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")

KINDS = pytest.mark.parametrize("kind", [*Kind], ids=lambda kind: str(kind.name).lower())

FAMILY = """
import ctypes, os, signal, sys, time

def call_itself(name):
    ctypes.CDLL(None).prctl(15, name.encode(), 0, 0, 0)

def live():
    call_itself({name!r})
    os.write(writing, b"+")
    time.sleep(60)
    os._exit(0)

reading, writing = os.pipe()
if os.fork() == 0:
    live()
if os.fork() == 0:
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if os.fork() == 0:
        live()
    os._exit(0)
while len(os.read(reading, 1)) < 1: pass
os.read(reading, 1)
print("ready", flush=True)
{end}
"""
"""A child, and a daemon that nothing but SIGKILL ends: both have a name of their own."""


def family(kind: Kind, root: Path, end: str) -> tuple[subprocess.Popen[str], str]:
    """Start a program with a child and a daemon; return its supervisor and the name of those."""
    name = f"two-{token_hex(5)}"
    process = start(isolation(kind), FAMILY.format(name=name, end=end), root)
    assert process.stdout is not None
    if not process.stdout.readline():
        pytest.fail(process.communicate()[1])
    return process, name


@KINDS
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_supervisor_takes_all_with_it(kind: Kind, number: signal.Signals, tmp_path: Path) -> None:
    """Killed without a cell it can take its own child only: what that left is nobody's."""
    process, name = family(kind, tmp_path, "time.sleep(60)")
    try:
        assert len(named(name)) == 2
        process.send_signal(number)
        process.wait(timeout=10)
        assert process.returncode in (-number, 128 + number)
        if kind is not Kind.NONE or number == signal.SIGTERM:
            assert are_gone(name)
    finally:
        for one in named(name):
            os.kill(int(one), signal.SIGKILL)
        process.communicate()


@KINDS
def test_what_a_program_leaves_is_ended_before_its_status_is_known(
    kind: Kind, tmp_path: Path
) -> None:
    process, name = family(kind, tmp_path, "os._exit(3)")
    process.wait(timeout=10)
    assert named(name) == []
    assert process.returncode == 3
    process.communicate()


@KINDS
def test_a_program_that_is_killed_ends_as_in_a_shell(kind: Kind, tmp_path: Path) -> None:
    process, name = family(kind, tmp_path, "os.kill(os.getpid(), signal.SIGKILL)")
    process.communicate(timeout=10)
    assert process.returncode == 128 + signal.SIGKILL
    assert named(name) == []


STARTER = """
import sys, time
from pathlib import Path
from tests.effects.isolation.test_supervisor import family
from release_sync.effects.isolation.isolation import Kind

_, name = family(Kind[sys.argv[1]], Path(sys.argv[2]), "time.sleep(60)")
print(name, flush=True)
time.sleep(60)
"""


@KINDS
def test_all_end_with_a_starter_that_is_killed(
    kind: Kind, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    isolation(kind)
    line = [sys.executable, "-c", STARTER, kind.name, str(tmp_path)]
    with subprocess.Popen(
        line, cwd=pytestconfig.rootpath, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        name = starter.stdout.readline().strip()
        assert len(named(name)) == 2
        starter.kill()
    assert are_gone(name)


DIES = """
import marshal, os, signal, sys
from pathlib import Path
from release_sync.effects.isolation.isolation import Isolation, Kind
from release_sync.effects.isolation.view import View

dump = marshal.dump

def last(wanted, file):
    dump(wanted, file)
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)

marshal.dump = last
Isolation(Kind[sys.argv[1]]).start(["sh", "-c", "echo lived"], "/", {"PATH": os.environ["PATH"]},
                                   View(), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("kind", [Kind.NONE, Kind.NAMESPACES])
def test_nothing_is_begun_for_a_starter_that_is_killed_before_its_supervisor_runs(
    kind: Kind, tmp_path: Path
) -> None:
    isolation(kind)
    line = [sys.executable, "-c", DIES, kind.name, str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "")


@KINDS
def test_a_program_has_an_ordinary_umask_and_an_environment_of_its_own(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And reads nothing: standard input is empty."""
    monkeypatch.setenv("SECRET", "a token")
    script = "import os, sys; print(os.umask(0), dict(os.environ), sys.stdin.read())"
    before = os.umask(0o077)
    try:
        process = start(isolation(kind), script, tmp_path, environ={"OWN": "1"})
    finally:
        os.umask(before)
    said, words = process.communicate(timeout=10)
    assert said.startswith("18 {'OWN': '1'"), words
    assert "SECRET" not in said
