from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from devclikit.boundary import Boundary
from devclikit.errors import Stop
from devclikit.testing import Ended, run


@click.command("show")
@click.argument("words", nargs=-1)
def show(words: tuple[str, ...]) -> int:
    """Show what it was given."""
    click.echo(f"{words} {os.environ.get('COLOUR')} {Path.cwd()}")
    click.echo(sys.stdin.read(), err=True, nl=False)
    sys.stdout.flush()
    subprocess.run(["sh", "-c", "echo out; echo err >&2"], check=True)
    sys.stdout.buffer.write(b"bytes\n")
    if "stop" in words:
        raise Stop("it can't be", "try another", exit_code=4)
    if "bug" in words:
        raise ValueError("no")
    return len(words)


def test_it_is_given_all_that_a_shell_gives(tmp_path: Path) -> None:
    before = (Path.cwd(), dict(os.environ), sys.argv, sys.stdin, sys.stdout, sys.stderr)
    done = run(show, "a", tmp_path, stdin="é\n", environ={"COLOUR": "red"}, folder=tmp_path)
    assert done == Ended(2, f"('a', '{tmp_path}') red {tmp_path}\nout\nbytes\n", "é\nerr\n")
    unset = run(show, environ={"COLOUR": None, "HOME": None}).stdout
    assert before == (Path.cwd(), dict(os.environ), sys.argv, sys.stdin, sys.stdout, sys.stderr)
    folder = Path(unset.partition("None ")[2].partition("\n")[0])
    assert not folder.exists(), "it was empty, and of its own"


def test_it_ends_as_it_does_for_its_user(tmp_path: Path) -> None:
    done = run(show, "stop")
    assert (done.exit_code, done.stderr) == (4, "err\nerror: it can't be\nhint: try another\n")
    done = run(show, "--wrong")
    assert (done.exit_code, "no such option" in done.stderr) == (2, True)
    done = run(lambda: Boundary("showing", reports=tmp_path).run(show), "bug")
    assert (done.exit_code, "a bug in showing: ValueError: no" in done.stderr) == (3, True)


def test_what_a_console_script_calls_is_run_as_that() -> None:
    assert run(lambda: Boundary("show").run(show), "a", "b").exit_code == 2
    assert run(lambda: sys.exit(Boundary("show").run(show)), "a").exit_code == 1
    assert run(lambda: None).exit_code == 0
    assert run(lambda: sys.exit("no")) == Ended(1, "", "no\n")
    with pytest.raises(ZeroDivisionError):
        run(lambda: 1 // 0)
