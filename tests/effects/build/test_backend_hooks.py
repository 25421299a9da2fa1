"""A hook runs in a child of a process that has imported its backend, whatever that prints."""

from __future__ import annotations

import json
import venv
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.build.backend_hooks import ForkServer

if TYPE_CHECKING:
    from pathlib import Path

NOISY = """
import os, sys
print("7"); print("not a number"); sys.stdout.flush()
os.write(1, b"3\\n"); os.write(2, b"5\\n")
"""


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """Return a virtual environment whose backends print while they are imported."""
    folder = tmp_path / "environment"
    venv.create(folder, symlinks=True)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    (packages / "noisy.py").write_text(NOISY)
    (packages / "noisier.py").write_text(NOISY)
    return folder


def run(environment: Path, *scripts: str) -> list[tuple[int, str]]:
    """Run scripts in children of one process; return the exit status and the output of each."""
    found = []
    with closing(ForkServer(environment, "noisy", {})) as server:
        for number, text in enumerate(scripts):
            script, log = (environment.parent / f"{kind}-{number}" for kind in ("script", "log"))
            script.write_text(text)
            code = server.run([str(script)], str(environment.parent), {}, log)
            found.append((code, log.read_text()))
    return found


def test_what_a_backend_prints_is_no_answer(environment: Path) -> None:
    scripts = ["import noisy; print('built')", "import noisier; print('built')", "print('again')"]
    assert [code for code, _ in run(environment, *scripts)] == [0, 0, 0]


def test_a_script_prints_to_its_log_and_ends_as_it_says(environment: Path) -> None:
    scripts = ["print('one')", "raise SystemExit(3)", "import os; os._exit(4)", "1 / 0"]
    found = run(environment, *scripts)
    assert [code for code, _ in found] == [0, 3, 4, 1]
    assert found[0][1] == "one\n"
    assert "ZeroDivisionError" in found[3][1]


def test_a_script_can_neither_read_requests_nor_answer_them(environment: Path) -> None:
    listing = "import os, json; print(json.dumps(os.listdir('/dev/fd')))"
    ((code, output),) = run(environment, listing)
    assert code == 0
    assert {*json.loads(output)} <= {"0", "1", "2", "3"}  # 3 is the listing's own


def test_a_server_that_was_ended_answers_no_more(environment: Path) -> None:
    with closing(ForkServer(environment, "noisy", {})) as server:
        server.kill()
        log = environment.parent / "log"
        assert server.run(["script"], str(environment), {}, log) == 1
