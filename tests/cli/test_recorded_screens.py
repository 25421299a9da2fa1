"""The screens in ``docs/screens``, as a terminal of 80 columns shows them; `make pages` draws them.

What is shown is a release in memory: neither a machine nor a time is in it.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
from tests.fakes.recording import terminal
from tests.fakes.world import MAIN, FakeIndex, cloned
from tests.misbehaving.table import REWRITE
from tests.run.story import Story
from tests.run.told import Told

from devclikit.step_report import DONE, FAILED, NOT_RUN, StepScreen
from devclikit.terminal.activity import SPINNER
from devclikit.terminal.medium import medium
from release_sync.cli.checking.check import command as check
from release_sync.cli.releasing.dry_run import show as show_pending
from release_sync.cli.releasing.plan import show as show_plan
from release_sync.cli.reporting.doctor import text as doctor_text
from release_sync.cli.reporting.status import text as status_text
from release_sync.cli.screen import Screen
from release_sync.effects.doctor.rows import Row, State
from release_sync.errors import Problem
from release_sync.plan.facts import Request
from release_sync.run.publishing import prepare, publish
from release_sync.run.status import status

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.context import FakeContext
    from tests.fakes.small_workspace import SmallWorkspace

PAGES = Path(__file__).parents[2] / "docs" / "screens"

BACKEND = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n'
FILES = {
    "pyproject.toml": f"""\
{BACKEND}[project]
name = "workstack"
version = "0.1.10"
dependencies = [
    "devclikit==0.1.10",
]

[tool.uv.workspace]
members = ["packages/*"]

[tool.uv.sources]
devclikit = {{ workspace = true }}
""",
    "packages/devclikit/pyproject.toml": f"""\
{BACKEND}[project]
name = "devclikit"
version = "0.1.10"
""",
    "uv.lock": """\
version = 1
requires-python = ">=3.11"

[manifest]
members = [
    "devclikit",
    "workstack",
]

[[package]]
name = "devclikit"
version = "0.1.10"
source = { editable = "packages/devclikit" }

[[package]]
name = "workstack"
version = "0.1.10"
source = { editable = "." }
dependencies = [
    { name = "devclikit" },
]

[package.metadata]
requires-dist = [{ name = "devclikit", editable = "packages/devclikit" }]
""",
}


FINE, WRONG, OPEN = State.FINE, State.WRONG, State.OPEN
REFUSED = "git.example will refuse the push to main: changes come by pull request (ruleset main)"
EXAMINED = (
    Row("git", FINE, "2.39.5 (2.38 to 2.55 were tried)"),
    Row("uv", FINE, "0.13.9 (0.12 to 0.13 were tried)"),
    Row("workspace", FINE, "default 0.1.10 (devclikit, workstack)"),
    Row("branch", FINE, "main"),
    Row("working tree", FINE, "clean"),
    Row("hooks", OPEN, "nothing checks what is committed here",
        "run `release-sync init --git-hooks`, or `--pre-commit`"),
    Row("remote", FINE, "origin answers: https://git.example/acme/workstack.git"),
    Row("atomic push", FINE, "origin supports it"),
    Row("pending refs", FINE, "origin let one below refs/release-sync/ be made and removed"),
    Row("branch rules", WRONG, REFUSED,
        "`--land branch` fits, which pushes a branch for a pull request, and the tag"),
    Row("tag rules", FINE, "no rule of git.example is against the creation of v0.1.10"),
    Row("index", FINE, "pypi answers for devclikit"),
    Row("credentials", FINE, "this job uploads to pypi, as a trusted publisher"),
)  # fmt: skip


def workspace() -> FakeContext:
    """Return a clone of the workspace of the README, and an index without any file."""
    story = Story(index=FakeIndex(name="pypi"))
    story.remote.objects.numbers = count(0xA1B2C3D << 132, 0x0713D5B9 << 124)
    files = {path: text.encode() for path, text in FILES.items()}
    story.remote.refs[MAIN] = story.remote.objects.commit("Begin", tree=files)
    story.here = cloned(story.remote)
    return story.context()


def publishing(context: FakeContext) -> None:
    with context.locked(), Screen(yes=True) as screen:
        publish(context, Request(), screen)


def planning(context: Any) -> None:  # noqa: ANN401 - it takes the place of a real one
    show_plan(context, Request(), as_json=False)


def asking_for_status(context: FakeContext) -> None:
    with context.locked():
        prepare(context, Request(), Told())
    click.echo(status_text(status(context), medium(sys.stdout)), color=True)


def looking_at_what_is_pending(context: Any) -> None:  # noqa: ANN401 - it takes that place, too
    """Show what `resume --dry-run` does where the index refused the second package."""
    context.served_by.trouble = lambda name: "refused" if name.startswith("workstack") else ""
    with suppress(Problem), context.locked():
        publish(context, Request(), Told())
    show_pending(context, "", as_json=False)


def examining(context: FakeContext) -> None:
    """Show an examination, as it is on a machine that nobody has."""
    del context
    click.echo(doctor_text(EXAMINED, medium(sys.stdout)), color=True)


def checking(context: FakeContext) -> None:
    del context
    check.main([], standalone_mode=False)


def stepping(context: FakeContext) -> None:
    """Show steps as devclikit's page has them, and a moment that none of them took."""
    del context
    wrong = "$ mypy\nsrc/acme/sums.py:3: error: Incompatible return value type\n"
    with StepScreen(["lint", "types", "tests", "wheel"]) as screen:
        screen.ended("lint", DONE, "", "", 0.4)
        screen.ended("types", FAILED, "exit code 1", wrong, 2.1)
        screen.ended("tests", DONE, "", "", 3.2)
        screen.ended("wheel", NOT_RUN, "not run, because types failed", "", 0.0)
    click.secho("error: ", fg="red", bold=True, nl=False)
    click.echo("types failed; not run: wheel")


SCREENS: dict[str, Callable[[Any], None]] = {
    "publish": publishing,
    "plan": planning,
    "status": asking_for_status,
    "resume": looking_at_what_is_pending,
    "check": checking,
    "doctor": examining,
    "steps": stepping,
}
TITLES = {"steps": "dev check", "resume": "release-sync resume --dry-run"}


@pytest.mark.parametrize("name", SCREENS)
def test_the_page_shows_what_a_terminal_does(
    name: str, monkeypatch: pytest.MonkeyPatch, make: Callable[..., SmallWorkspace]
) -> None:
    stale = FILES["pyproject.toml"].replace("==0.1.10", "==0.1.9")
    monkeypatch.chdir(make({**FILES, "pyproject.toml": stale}).root)
    with terminal(monkeypatch) as recording:
        SCREENS[name](workspace())
    drawn = recording.svg(TITLES.get(name, f"release-sync {name}"))
    page = PAGES / f"{name}.svg"
    if os.environ.get(REWRITE):
        page.parent.mkdir(exist_ok=True)
        page.write_text(drawn, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == drawn, f"{page.name} is old: `make pages` draws it"
    assert len(recording.lines) > 1
    assert not {*recording.text} & {*SPINNER}
