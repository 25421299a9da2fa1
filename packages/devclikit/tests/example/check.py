"""``dev check``: three commands side by side, and one that needs two of them."""

from __future__ import annotations

import sys

import click

from devclikit.boundary import Boundary
from devclikit.everywhere import Command
from devclikit.lazy import LazyGroup
from devclikit.steps import Step, run_steps


@click.command("check", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Write a JSON object a line.")
@click.argument("scripts", nargs=3)
def check(scripts: tuple[str, str, str], *, as_json: bool) -> None:
    """Run three scripts of a shell side by side, and a fourth after two of them."""
    lint, types, tests = scripts
    steps = [
        Step("lint", ["sh", "-c", lint]),
        Step("types", ["sh", "-c", types]),
        Step("tests", ["sh", "-c", tests]),
        Step("wheel", ["echo", "built"], after=["lint", "tests"]),
    ]
    run_steps(steps, at_once=3, as_json=as_json)


PROGRAM = LazyGroup("dev", lazy={}, commands=[check])

if __name__ == "__main__":
    sys.exit(Boundary("dev").run(PROGRAM))
