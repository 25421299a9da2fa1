"""What a program sees from inside a cell, and what it can do there."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.fakes.cells import KINDS, isolation, start

from release_sync.effects.isolation.isolation import Isolation, Kind
from release_sync.effects.isolation.view import Mount, View
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOK = """
import json, os, socket, sys
from pathlib import Path

folder = Path(os.environ["FOLDER"])
here = folder / "here"

def tried(act, *given):
    try:
        return str(act(*given))
    except OSError as error:
        return type(error).__name__ + " " + str(error.errno)

def write(path):
    return path.write_text("from inside")

processes = [name for name in os.listdir("/proc") if name.isdigit()]
lines = [Path("/proc", one, "cmdline").read_bytes().decode() for one in processes]
port = int(os.environ["PORT"])
listed = {name: os.listdir(folder / name) for name in ("hidden", "fresh")}
said = {
    "write": {name: tried(write, folder / name / "new") for name in os.listdir(folder)},
    "here": {name: tried(write, here / name / "new") for name in os.listdir(here)},
    "root": [tried(write, Path(one, "new")) for one in ("/", "/usr")],
    "kernel": tried(os.open, "/proc/sys/kernel/core_pattern", os.O_WRONLY),
    "secret": tried((folder / "secret").read_text),
    "listed": listed,
    "lines": [one for one in lines if "FOLDER" not in one],
    "connect": tried(lambda: socket.create_connection(("127.0.0.1", port), 2).getpeername()),
    "length": len(os.environ["LONG"]),
    "user": [os.getuid(), os.getgid()],
    "gain": [line for line in open("/proc/self/status") if line.startswith("NoNewPrivs")],
}
print(json.dumps(said))
"""

READ_ONLY, DENIED = "OSError 30", "PermissionError 13"
REFUSED, UNREACHABLE = "ConnectionRefusedError 111", "OSError 101"
LENGTH = 100_000


@pytest.fixture(scope="module")
def listening() -> Iterator[int]:
    """A port of this machine where somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the machine, with what is hidden, fresh, shown, or none of that."""
    made = tmp_path_factory.mktemp("cell")
    for name in ("plain", "hidden", "fresh", "here/writable", "here/shown", "root", "source"):
        (made / name).mkdir(parents=True)
        (made / name / "file").write_text(name)
    shutil.rmtree(made / "root")
    (made / "root").mkdir()
    (made / "secret").write_text("a token")
    return made


def view_of(folder: Path, *, network: bool = False) -> View:
    return View(
        mounts=(
            Mount(str(folder / "source"), str(folder / "here/writable"), writable=True),
            Mount(str(folder / "source"), str(folder / "here/shown")),
        ),
        hidden=(str(folder / "hidden"), str(folder / "secret"), str(folder / "not-there")),
        fresh=(str(folder / "fresh"), str(folder / "not-there")),
        network=network,
    )


def look(cells: Isolation, folder: Path, view: View, port: int) -> dict[str, Any]:
    """Look around in a cell."""
    environ = {"FOLDER": str(folder), "PORT": str(port), "LONG": "x" * LENGTH}
    process = start(cells, LOOK, folder / "root", view, environ)
    said, words = process.communicate(timeout=30)
    assert process.returncode == 0, words
    found: dict[str, Any] = json.loads(said)
    return found


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: str(kind.name).lower())
def seen(request: pytest.FixtureRequest, folder: Path, listening: int) -> dict[str, Any]:
    """What was seen in a cell of each kind."""
    return look(isolation(request.param), folder, view_of(folder), listening)


def test_files_are_read_only_but_for_what_is_shown_writable(
    seen: dict[str, Any], folder: Path
) -> None:
    assert seen["here"] == {"writable": "11", "shown": READ_ONLY}
    assert (folder / "source/new").read_text() == "from inside"
    assert {seen["write"][name] for name in ("plain", "source", "here")} == {READ_ONLY}
    assert {*seen["root"]} == {READ_ONLY}
    assert not (folder / "plain/new").exists()


def test_what_is_hidden_is_empty_and_stays_so(seen: dict[str, Any]) -> None:
    assert seen["listed"]["hidden"] == []
    assert seen["write"]["hidden"] == READ_ONLY
    assert seen["secret"] == ""


def test_what_is_fresh_is_empty_and_private(seen: dict[str, Any], folder: Path) -> None:
    assert seen["listed"]["fresh"] == []
    assert seen["write"]["fresh"] == "11"
    assert not (folder / "fresh/new").exists()


def test_no_process_outside_is_seen(seen: dict[str, Any]) -> None:
    """What makes the cell is, and is ours: a supervisor, or bubblewrap."""
    assert len(seen["lines"]) <= 3
    assert all("bwrap" in line or "release_sync" in line for line in seen["lines"]), seen["lines"]


def test_the_kernel_takes_no_orders(seen: dict[str, Any]) -> None:
    """It would from root, which is root in a cell, too: proc_sys(5)."""
    assert seen["kernel"] in (READ_ONLY, DENIED)


def test_nobody_is_reached(seen: dict[str, Any]) -> None:
    assert seen["connect"] in (UNREACHABLE, REFUSED)


def test_an_environment_of_any_length_passes(seen: dict[str, Any]) -> None:
    """A pipe holds 64 KiB at once (pipe(7))."""
    assert seen["length"] == LENGTH


def test_a_user_stays_who_it_was_and_gets_no_privileges(seen: dict[str, Any]) -> None:
    assert seen["user"] == [os.getuid(), os.getgid()]
    assert seen["gain"] == ["NoNewPrivs:\t1\n"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.name).lower())
def test_with_a_network_others_are_reached(kind: Kind, folder: Path, listening: int) -> None:
    said = look(isolation(kind), folder, view_of(folder, network=True), listening)
    assert said["connect"] == str(("127.0.0.1", listening))
    assert said["write"]["plain"] == READ_ONLY


def test_nothing_is_run_where_cells_are_required_and_lack(tmp_path: Path) -> None:
    lacking = Isolation(Kind.NONE, "a reason", required=True)
    with pytest.raises(Problem, match="can't be isolated here: a reason") as caught:
        start(lacking, "open('run', 'w')", tmp_path)
    assert "install bubblewrap or allow user namespaces" in caught.value.hint


AS_A_USER = """
import json, sys, tempfile
from pathlib import Path
from tests.fakes.builds import built
from tests.fakes.plain_backend import write_member
from release_sync.effects.isolation.isolation import choose

folder = write_member(Path(sys.argv[1], "one-two"), "one-two")
(made,) = built(folder)
print(json.dumps([choose("auto").kind.name, made.notes, [file.name for file in made.files]]))
"""
USER = 12345


def test_an_ordinary_user_has_cells_and_builds_in_them() -> None:
    """From root only: else all other tests are of one."""
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    if os.geteuid() or shutil.which("setpriv") is None or python is None:
        pytest.skip("only root can become another user, with setpriv")
    become = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
    root = Path(__file__).parents[3]
    ours = ("", "src", "packages/devclikit/src")
    paths = [*(str(root / one) for one in ours), sysconfig.get_path("purelib")]
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        os.chown(name, USER, USER)
        environ = {
            **os.environ,
            "HOME": name,
            "TMPDIR": name,
            "UV_CACHE_DIR": f"{name}/cache",
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONDONTWRITEBYTECODE": "1",
            "GIT_AUTHOR_NAME": "A User",
            "GIT_AUTHOR_EMAIL": "user@example.com",
            "GIT_COMMITTER_NAME": "A User",
            "GIT_COMMITTER_EMAIL": "user@example.com",
        }
        trial = subprocess.run(
            [*become, python, "-c", "import sys, git; print(sys.version_info[:2])"],
            env=environ, capture_output=True, text=True, check=False, cwd=name,
        )  # fmt: skip
        if trial.stdout.strip() != str(sys.version_info[:2]):
            pytest.skip(f"no Python that others may run has our libraries: {trial.stderr[-200:]}")
        done = subprocess.run(
            [*become, python, "-c", AS_A_USER, name],
            env=environ, capture_output=True, text=True, check=False, cwd=name,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    kind, notes, files = json.loads(done.stdout)
    assert notes == []
    assert files == ["one_two-1.0.tar.gz", "one_two-1.0-py3-none-any.whl"]
    assert kind != "NONE"
