"""A hook runs in a child of a process that has imported its backend, whatever that prints."""

from __future__ import annotations

import json
import os
import venv
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from release_sync.backends.all_backends import version_variables
from release_sync.effects.build.backend_hooks import ForkServer, Hooks
from release_sync.effects.build.environment import BuildEnvironment, Site, Surroundings
from release_sync.effects.isolation.isolation import NO_ISOLATION

if TYPE_CHECKING:
    from pathlib import Path

NOISY = """
import os, sys
print("7"); print("not a number"); sys.stdout.flush()
os.write(1, b"3\\n"); os.write(2, b"5\\n")
"""


@pytest.fixture
def environment(tmp_path: Path) -> BuildEnvironment:
    """Return a virtual environment whose backends print while they are imported."""
    made = BuildEnvironment(tmp_path / "folder", NO_ISOLATION, tmp_path)
    venv.create(made.environment, symlinks=True)
    (packages,) = (made.environment / "lib").glob("python*/site-packages")
    (packages / "noisy.py").write_text(NOISY)
    (packages / "noisier.py").write_text(NOISY)
    return made


def server_of(environment: BuildEnvironment) -> ForkServer:
    return ForkServer(environment, "noisy", {}, Surroundings((), "/"))


def request(folder: Path, script: Path, log: Path) -> dict[str, object]:
    names = ("modules", "learned")
    return {
        "arguments": [str(script)],
        "folder": str(folder),
        "environ": {},
        "log": str(log),
        "member": "",
        **dict.fromkeys(names, str(log.with_suffix(".json"))),
    }


def run(environment: BuildEnvironment, *scripts: str) -> list[tuple[int, int, str]]:
    """Run scripts in children of one process; return status, what was left, and the output."""
    found = []
    with closing(server_of(environment)) as server:
        for number, text in enumerate(scripts):
            folder = environment.folder
            script, log = (folder / f"{kind}-{number}" for kind in ("script", "log"))
            script.write_text(text)
            found.append((*server.run(request(folder, script, log)), log.read_text()))
    return found


def test_what_a_backend_prints_is_no_answer(environment: BuildEnvironment) -> None:
    scripts = ["import noisy; print('built')", "import noisier; print('built')", "print('again')"]
    assert [code for code, _, _ in run(environment, *scripts)] == [0, 0, 0]


def test_a_script_prints_to_its_log_and_ends_as_it_says(environment: BuildEnvironment) -> None:
    scripts = ["print('one')", "raise SystemExit(3)", "import os; os._exit(4)", "1 / 0"]
    found = run(environment, *scripts)
    assert [code for code, _, _ in found] == [0, 3, 4, 1]
    assert found[0][2] == "one\n"
    assert "ZeroDivisionError" in found[3][2]


def test_a_script_can_neither_read_requests_nor_answer_them(environment: BuildEnvironment) -> None:
    # A library may keep a file open, as libffi does with its own.
    listing = """
import os, stat
for path in [f"/dev/fd/{one}" for one in os.listdir("/dev/fd")]:
    if os.path.exists(path) and not stat.S_ISREG(os.stat(path).st_mode):
        print(path, os.readlink(path))
"""
    ((code, _, output),) = run(environment, listing)
    assert (code, output) == (0, "/dev/fd/0 /dev/null\n")


def test_what_a_script_leaves_running_is_ended_and_counted(environment: BuildEnvironment) -> None:
    """Also what left its session, and whose parent has ended: only Linux can say so."""
    daemon = "import os\nif os.fork() == 0:\n os.setsid()\n if os.fork() == 0:\n  import time\n"
    script = f"{daemon}  print(os.getpid(), flush=True); time.sleep(60)\n os._exit(0)\nos.wait()"
    script += "\nimport time; time.sleep(.3)"
    ((code, left, output), *_) = run(environment, script)
    assert (code, left) == (0, 1)
    with pytest.raises(ProcessLookupError):
        os.kill(int(output), 0)


def test_a_server_that_was_ended_answers_no_more(environment: BuildEnvironment) -> None:
    with closing(server_of(environment)) as server:
        server.stop()
        folder = environment.folder
        assert server.run(request(folder, folder / "script", folder / "log")).code == 1


def test_one_server_tells_each_member_its_own_version(environment: BuildEnvironment) -> None:
    name = min(version_variables())
    script = environment.folder / "script"
    answer = f"[os.getppid(), os.environ[{name!r}], os.environ['TZ']]"
    script.write_text(
        f"import json, os, sys\nopen(sys.argv[2] + '/output.json', 'w').write(json.dumps({answer}))"
    )
    found = []
    with Hooks(Surroundings((), "/")) as hooks:
        for version in ("1.0", "2.0"):
            site = Site(environment, f"member-{version}")
            (asked := environment.folder / f"asked-{version}").mkdir()
            run = hooks.runner(site, "noisy", {name: version, "TZ": "UTC"})
            run(["python", str(script), "a_hook", str(asked)])
            found.append(json.loads((asked / "output.json").read_text()))
    (server, *first), (other, *second) = found
    assert (first, second) == (["1.0", "UTC"], ["2.0", "UTC"])
    assert server == other
