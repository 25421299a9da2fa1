"""The options of every command, each tried for real, from another folder than the workspace's."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import shared_scene

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.end_to_end.conftest import Scene

NEITHER = "a level nor a version (PEP 440)"

Done = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Two packages, of which nothing is released."""
    with shared_scene(tmp_path_factory) as scene:
        yield scene


def run(scene: Scene, line: str, **environ: str) -> Done:
    """Run the program from above the clone; the name of the clone is written CLONE."""
    words = [word.replace("CLONE", str(scene.clone)) for word in line.split(" ")]
    return scene.run(*words, cwd=scene.folder, environ=environ)


def objects(done: Done) -> list[Mapping[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_before_and_after_the_command_they_are_the_same(here: Scene) -> None:
    for before, after in (
        ("-q -C CLONE check", "check -q -C CLONE"),
        ("--color always -C CLONE explain RS999", "explain RS999 --color always -C CLONE"),
        (f"-C {here.folder} -C clone -v check", "check --directory=CLONE --verbose"),
        ("-C CLONE -V", "status -V"),
        ("-C CLONE help plan", "-C CLONE plan -h"),
    ):
        one, other = run(here, before), run(here, after)
        assert (one.returncode, one.stdout, one.stderr) == (
            other.returncode,
            other.stdout,
            other.stderr,
        )
    assert run(here, "check").returncode == 2, "there is no workspace above the clone"


def test_quiet_leaves_results_and_errors(here: Scene) -> None:
    done = run(here, "-C CLONE check -q")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert run(here, "-C CLONE check").stderr == "2 packages: in lockstep at 0.1.10\n"
    done = run(here, "-q explain RS999")
    assert done.stderr.startswith("error: there is no rule 'RS999'")


def test_colour_is_wanted_or_not(here: Scene) -> None:
    assert "\x1b[" not in run(here, "explain RS999").stderr
    assert "\x1b[31m" in run(here, "explain RS999 --color always").stderr
    assert "\x1b[31m" in run(here, "explain RS999", FORCE_COLOR="1").stderr
    assert "\x1b[" not in run(here, "explain RS999 --color never", FORCE_COLOR="1").stderr


def test_what_is_released_is_said_with_an_option_or_without(here: Scene) -> None:
    for words, version in (
        ("plan minor rc", "0.2.0rc1"),
        ("publish v1.3 -n", "1.3"),
        ("prepare --bump minor --dry-run", "0.2.0"),
    ):
        plan, *more = objects(run(here, f"-C CLONE {words} --json"))
        assert (plan["event"], plan["version"]) == ("plan", version)
        assert more == []
    for words, says in (
        (
            "minro",
            "'minro' is neither a level nor a version (PEP 440)\nhint: did you mean `minor`?",
        ),
        ("minor 1.3", "a level and a version exclude each other\nhint: give one of them"),
        ("1.3 1.4", "two versions: 1.3 and 1.4\nhint: give one of them"),
        ("none patch", "`none` goes with no other level\nhint: give one of them"),
        (
            "--test-pypi --index scene",
            "`--test-pypi` and `--index scene` exclude each other\nhint: give one of them",
        ),
        (
            "--tag v1 --if-new minor",
            "`--tag v1` and `--if-new` and a level exclude each other\nhint: give one of them",
        ),
    ):
        done = run(here, f"-C CLONE plan {words}")
        assert (done.returncode, done.stderr) == (2, f"error: {says}\n")


def test_what_init_would_do_is_an_object(here: Scene) -> None:
    (made,) = objects(run(here, "-C CLONE init -n --json --git-hooks"))
    assert made["event"] == "init"
    assert "commit this: hooks/" in str(made["left"])
    assert objects(run(here, "init CLONE --check --json --git-hooks"))[0]["files"] != []
    assert not (here.clone / "hooks").exists()


def test_an_error_is_an_event_too(here: Scene) -> None:
    for line, code in (
        ("-C CLONE plan 0.1.9 --json", 1),
        ("-C CLONE abort --json", 1),
        ("-C CLONE plan --json --no-such-option", 2),
        ("check --json", 2),
    ):
        done = run(here, line)
        *_, last = objects(done)
        assert done.returncode == code == last["exit_code"]
        assert (last["event"], last["format"]) == ("error", 2)
        assert done.stderr.startswith(f"error: {last['message']}\n")
        assert not last["hint"] or f"hint: {last['hint']}\n" in done.stderr


def test_what_other_tools_call_it(here: Scene) -> None:
    for line, hint in (
        ("release", "`release-sync publish`"),
        ("version minor", "`release-sync publish minor` makes a new version"),
        ("publish --no-confirm", "`-y` doesn't ask"),
        ("publish --skip-publish", "`release-sync prepare` does all but upload"),
        ("publish --sign", "the tag is signed where git signs tags"),
        ("yank", "an index yanks on its own site"),
        ("verfy", "did you mean `verify`?"),
        ("help verfy", "did you mean `verify`?"),
    ):
        done = run(here, line)
        assert done.returncode == 2
        assert f"\nhint: {hint}" in done.stderr


def test_it_is_a_module_as_well(here: Scene) -> None:
    line = [sys.executable, "-m", "release_sync", "-C", str(here.clone), "check", "--json"]
    done = subprocess.run(line, capture_output=True, text=True, check=True, env=here.environ)
    assert json.loads(done.stdout)["findings"] == []
