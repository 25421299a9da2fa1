"""How often the program starts: once more where there are secrets to put away, and else not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from devclikit.completion import variable
from release_sync.cli.main import COMPLETES
from release_sync.cli.program import NAME

BESIDE = Path(sys.executable).parent
TRAMPOLINE = f"""\
#!/bin/sh
'''exec' "{sys.executable}" "$0" "$@"
' '''
import sys
from release_sync.cli.main import main
sys.exit(main())
"""
"""What installers write where the path of Python is longer than a line of ``#!`` may be."""


def starts(folder: Path, *line: str, **environ: str) -> int:
    """Run a program, and return how many times a Python was started for it."""
    log = folder / "log"
    log.write_text("", encoding="utf-8")
    (folder / "sitecustomize.py").write_text(f"open({str(log)!r}, 'a').write('.')\n")
    done = subprocess.run(
        line,
        env={**os.environ, "PYTHONPATH": str(folder), **environ},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return len(log.read_text(encoding="utf-8"))


@pytest.mark.parametrize("how", ["console script", "module", "trampoline"])
def test_whatever_started_it_starts_it_again_without_the_secrets(how: str, tmp_path: Path) -> None:
    script = tmp_path / "a long path" / "release-sync"
    script.parent.mkdir()
    script.write_text(TRAMPOLINE, encoding="utf-8")
    script.chmod(0o755)
    line = {
        "console script": [str(BESIDE / "release-sync")],
        "module": [sys.executable, "-m", "release_sync.cli.main"],
        "trampoline": [str(script)],
    }[how]
    assert starts(tmp_path, *line, "--version") == 1
    assert starts(tmp_path, *line, "--version", UV_PUBLISH_TOKEN="a-secret") == 2


@pytest.mark.parametrize("command", ["check", "explain", "init"])
def test_what_releases_nothing_starts_once(command: str, tmp_path: Path) -> None:
    line = [str(BESIDE / "release-sync"), command, "--help"]
    assert starts(tmp_path, *line, UV_PUBLISH_TOKEN="a-secret") == 1


def test_a_completion_is_known_before_what_completes_is_imported() -> None:
    assert variable(NAME) == COMPLETES


def test_who_is_interrupted_while_the_program_is_imported_sees_no_traceback(tmp_path: Path) -> None:
    interrupting = "import os, signal; os.kill(os.getpid(), signal.SIGINT)\n"
    (tmp_path / "click.py").write_text(interrupting, encoding="utf-8")
    done = subprocess.run(
        [str(BESIDE / NAME), "plan"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "error: interrupted\n")
