"""Workspaces that mean harm: a clear answer, in bounded time and memory."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 20
"""Of the processor; what is measured here takes less than two on an idle machine."""

MEGABYTES = 600

BUILD = '[build-system]\nrequires = ["hatchling"]\n'
MODULES = ["release_sync.hook", "release_sync.cli.main"]


class Answer(NamedTuple):
    """What a process said, and how many seconds it took."""

    code: int
    text: str
    seconds: float


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))


def ask(root: Path, module: str = MODULES[0], *arguments: str) -> Answer:
    """Check a workspace in a process that may not use more than its share."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", module, *(arguments or ("check",))],
        check=False,
        cwd=root,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        preexec_fn=_limited,
        timeout=3 * SECONDS,
    )
    text = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert "Traceback" not in text
    return Answer(done.returncode, text, time.monotonic() - started)


def lay_out(root: Path, members: str = '["packages/*"]', more: str = "") -> Path:
    """Write a root that globs ``packages/*``, or what it is told to."""
    write(root / "pyproject.toml", f"[tool.uv.workspace]\nmembers = {members}\n{more}")
    return root


def member(folder: Path, name: str = "low", more: str = "") -> Path:
    """Write a member, and return its manifest."""
    text = f'[project]\nname = "{name}"\nversion = "1.0"\n{more}\n{BUILD}'
    return write(folder / "pyproject.toml", text)


def write(path: Path, text: str) -> Path:
    """Write a file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize(
    "pattern", ["../*", "packages/../../*", "/etc/*", "/", "a/..", "a\\u0000b", "../../../../**"]
)
def test_a_glob_that_leads_out_is_refused(tmp_path: Path, pattern: str, module: str) -> None:
    member(tmp_path / "outside")
    answer = ask(lay_out(tmp_path / "work", f'["{pattern}"]'), module)
    assert answer.code == 2
    assert "leads out of the workspace" in answer.text


@pytest.mark.parametrize("pattern", ["[", "[!", "[z-a]", "***", "*" * 500, "?" * 5000, "{a,b}"])
def test_an_odd_glob_is_answered(tmp_path: Path, pattern: str) -> None:
    member(tmp_path / "packages/low")
    assert ask(lay_out(tmp_path, f'["packages/{pattern}"]')).code in {0, 1, 2}


def test_a_glob_of_many_stars_takes_no_exponential_time(tmp_path: Path) -> None:
    member(tmp_path / "packages" / ("a" * 200))
    assert ask(lay_out(tmp_path, f'["packages/{"*a" * 60}b"]')).code in {0, 1, 2}
    nested = "/".join(["**"] * 12)
    folder = tmp_path
    for _ in range(12):
        folder /= "d"
    member(folder)
    assert ask(lay_out(tmp_path, f'["{nested}"]')).code in {0, 1, 2}


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    lay_out(tmp_path, '["**"]')
    member(tmp_path / "packages/low")
    (tmp_path / "packages/self").symlink_to(".")
    (tmp_path / "packages/up").symlink_to("..")
    (tmp_path / "packages/one").symlink_to("two")
    (tmp_path / "packages/two").symlink_to("one")
    assert ask(tmp_path).code in {0, 1, 2}


@pytest.mark.parametrize("absolute", [True, False])
def test_a_link_out_of_the_workspace_is_not_followed(tmp_path: Path, *, absolute: bool) -> None:
    member(tmp_path / "outside", "stranger", "nonsense")
    member(tmp_path / "work/packages/low")
    root = lay_out(tmp_path / "work")
    target = tmp_path / "outside" if absolute else "../../outside"
    (root / "packages/stranger").symlink_to(target)
    (root / "packages/other").mkdir()
    way = tmp_path / "outside" if absolute else "../../../outside"
    (root / "packages/other/pyproject.toml").symlink_to(f"{way}/pyproject.toml")
    answer = ask(root)
    assert "stranger" not in answer.text
    assert answer.code == 0


@pytest.mark.parametrize("staged", [False, True])
def test_a_manifest_of_fifty_megabytes_is_named(tmp_path: Path, *, staged: bool) -> None:
    root = lay_out(tmp_path)
    manifest = member(root / "packages/low")
    with manifest.open("a") as file:
        file.write("# so long\n" * 5_000_000)
    if staged:
        _git(root, "init", "-q")
        _git(root, "add", "-A")
    answer = ask(root, MODULES[0], "pre-commit" if staged else "check")
    assert answer.code in {1, 2}
    assert "bytes" in answer.text


def test_a_root_of_fifty_megabytes_is_an_error(tmp_path: Path) -> None:
    lay_out(tmp_path, more="# so long\n" * 5_000_000)
    answer = ask(tmp_path)
    assert answer.code == 2
    assert "pyproject.toml" in answer.text


@pytest.mark.parametrize("open_", ["[", "{a=", "[{a="])
def test_toml_that_is_nested_deeply_is_reported(tmp_path: Path, open_: str) -> None:
    root = lay_out(tmp_path)
    member(root / "packages/low", more=f"x = {open_ * 100_000}")
    answer = ask(root)
    assert answer.code == 1
    assert "RS001" in answer.text


@pytest.mark.parametrize("depth", [50, 500, 50_000])
def test_keys_that_are_nested_deeply_are_answered(tmp_path: Path, depth: int) -> None:
    root = lay_out(tmp_path)
    member(root / "packages/low", more=f"[{'.'.join(['a'] * depth)}]\nb = 1\n")
    member(root / "packages/odd", "odd", 'dependencies = ["low"]')
    member(root / "packages/last", "last", f"dependencies = [{'[' * depth}{']' * depth}]")
    assert ask(root).code == 1


@pytest.mark.parametrize(
    "name", ["../../etc", "a b", "-", "x" * 100_000, "a\\u0000b", "é", "\\u202Egpj", "a;b", "{}"]
)
def test_a_name_that_is_none_is_reported_in_few_words(tmp_path: Path, name: str) -> None:
    root = lay_out(tmp_path)
    member(root / "packages/low", name)
    answer = ask(root)
    if name == "x" * 100_000:  # PEP 508 sets no limit
        assert answer.code == 0
    else:
        assert answer.code == 1
        assert "RS001" in answer.text
        assert len(answer.text) < 1000


@pytest.mark.parametrize("version", ["9" * 5000, "1." * 3000 + "1", "1" * 100 + "!1", "v" * 10_000])
def test_a_version_of_many_digits_is_answered(tmp_path: Path, version: str) -> None:
    root = lay_out(tmp_path)
    manifest = member(root / "packages/low")
    manifest.write_text(manifest.read_text().replace("1.0", version))
    member(root / "packages/top", "top", f'dependencies = ["low=={version}"]')
    assert ask(root).code == 1


def test_digits_of_other_scripts_make_no_version(tmp_path: Path) -> None:
    root = lay_out(tmp_path)
    manifest = member(root / "packages/low")
    manifest.write_text(manifest.read_text().replace("1.0", "1.\u0663"))
    member(root / "packages/top", "top")
    answer = ask(root)
    assert answer.code == 1
    assert "RS003" in answer.text
    assert "fixed packages/low/pyproject.toml" in ask(root, MODULES[0], "fix").text
    assert 'version = "1.0"' in manifest.read_text()
    assert ask(root).code == 0


def test_null_characters_are_answered(tmp_path: Path) -> None:
    root = lay_out(tmp_path)
    member(root / "packages/low").write_bytes(b"\0" * 100)
    (root / "uv.lock").write_bytes(b"\0" * 100)
    member(root / "packages/odd", "odd", 'dependencies = ["lo\\u0000w==1.0"]')
    answer = ask(root)
    assert answer.code == 1
    assert "packages/low/pyproject.toml:1:" in answer.text


def test_a_lock_that_is_no_utf8_is_answered(tmp_path: Path) -> None:
    root = lay_out(tmp_path)
    member(root / "packages/low")
    (root / "uv.lock").write_bytes(b'version = 1\n\n[manifest]\nmembers = [\n    "lo\xfew",\n]\n')
    answer = ask(root)
    assert answer.code == 1
    assert "RS402" in answer.text


@pytest.mark.parametrize(
    "where",
    ["packages/low/pyproject.toml", "uv.lock", "packages/low/src/low/__init__.py", ".git"],
)
@pytest.mark.parametrize("kind", ["fifo", "socket", "folder", "device"])
def test_what_is_no_file_does_not_hang(tmp_path: Path, where: str, kind: str) -> None:
    root = lay_out(tmp_path)
    member(root / "packages/low")
    target = root / where
    target.unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    _special(target, kind)
    answer = ask(root)
    assert answer.code in {0, 1, 2}
    assert answer.seconds < SECONDS


def test_a_root_that_is_a_fifo_is_no_workspace(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pyproject.toml")
    assert ask(tmp_path).code == 2


def test_a_memory_that_is_a_fifo_does_not_hang(tmp_path: Path) -> None:
    root = lay_out(tmp_path)
    member(root / "packages/low")
    _git(root, "init", "-q")
    assert ask(root).code == 0
    (memory,) = (root / ".git/release-sync/checked").iterdir()
    memory.unlink()
    os.mkfifo(memory)
    assert ask(root).code == 0


def test_a_memory_of_hostile_questions_asks_for_nothing_outside(tmp_path: Path) -> None:
    root = lay_out(tmp_path)
    member(root / "packages/low")
    _git(root, "init", "-q")
    ask(root)
    (memory,) = (root / ".git/release-sync/checked").iterdir()
    words = memory.read_bytes().split(b"\0")
    memory.write_bytes(b"\0".join([*words, b"r../../etc/passwd", b"e/", b"r/dev/zero", b"", b"x"]))
    assert ask(root).code == 0


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("a" * 40 + "!", "(?P<version>(a+)+$)"),
        ("1" * 20_000, "(1*)*(?P<version>x)"),
        ("x = 1\n", "(?P<version>"),
        ("x = 1\n", "(?P<other>1)"),
    ],
)
def test_a_pattern_that_never_ends_is_given_up(tmp_path: Path, text: str, pattern: str) -> None:
    root = lay_out(tmp_path)
    more = f"[tool.hatch.version]\npath = 'v.py'\npattern = '{pattern}'\n"
    dynamic = f'[project]\nname = "low"\ndynamic = ["version"]\n{BUILD}'
    hatch = 'build-backend = "hatchling.build"\n'
    write(root / "packages/low/pyproject.toml", dynamic + hatch + more)
    write(root / "packages/low/v.py", text)
    answer = ask(root)
    assert answer.code == 1
    assert "RS001" in answer.text


@pytest.mark.parametrize("quotes", ['"""', "'''", "('", "a='"])
def test_a_module_of_many_quotes_takes_no_quadratic_time(tmp_path: Path, quotes: str) -> None:
    root = lay_out(tmp_path)
    member(root / "packages/low")
    write(root / "packages/low/low/__init__.py", f"__version__ = 1\n{quotes * 300_000}\n")
    assert ask(root).code in {0, 1}


@pytest.mark.slow
def test_ten_thousand_members_are_checked(tmp_path: Path) -> None:
    root = _many(tmp_path, 10_000)
    assert ask(root)[:2] == (0, "")
    names = ", ".join(f'"member-{number}"' for number in range(10_000))
    with (root / "pyproject.toml").open("a") as file:
        file.write(f"[tool.release-sync]\nindependent = [{names}]\n")
    assert ask(root)[:2] == (0, "")


def test_two_thousand_members_that_are_all_wrong_are_all_reported(tmp_path: Path) -> None:
    answer = ask(_many(tmp_path, 2_000, pin="0.9"))
    assert answer.code == 1
    assert answer.text.count("RS202") == 1_999


def test_a_member_of_twenty_thousand_requirements_is_checked(tmp_path: Path) -> None:
    root = lay_out(tmp_path)
    member(root / "packages/low")
    needs = ", ".join(f'"low==0.{number}"' for number in range(20_000))
    member(root / "packages/top", "top", f"dependencies = [{needs}]")
    answer = ask(root)
    assert answer.code == 1
    assert answer.text.count("RS202") == 20_000


def _many(root: Path, count: int, pin: str = "1.0") -> Path:
    """Write members in a chain: each needs the one before it."""
    lay_out(root, more="[tool.uv.sources]\n")
    with (root / "pyproject.toml").open("a") as file:
        for number in range(count):
            file.write(f"member-{number} = {{ workspace = true }}\n")
    member(root / "packages/0", "member-0")
    for number in range(1, count):
        needs = f'dependencies = ["member-{number - 1}=={pin}"]'
        member(root / f"packages/{number}", f"member-{number}", needs)
    return root


def _special(path: Path, kind: str) -> None:
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "socket":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            with socket.socket(socket.AF_UNIX) as one:
                one.bind(f"/proc/self/fd/{folder}/{path.name}")
        finally:
            os.close(folder)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero")


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)
