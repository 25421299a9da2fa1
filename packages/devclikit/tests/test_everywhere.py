from __future__ import annotations

import click
import pytest

from devclikit.everywhere import Command
from devclikit.testing import run


@click.command(cls=Command)
@click.option("--tag", default="")
@click.option("--group", multiple=True)
@click.option("--branch", is_flag=False, flag_value="", default=None)
@click.argument("version", default="")
def release(tag: str, group: tuple[str, ...], branch: str | None, version: str) -> None:
    """Show what it was given."""
    click.echo(repr((tag, *group, branch, version)))


@pytest.mark.parametrize(
    "given", [["--tag", ""], ["--tag="], [""], ["--group", "a", "--group", ""]]
)
def test_an_empty_value_is_not_the_same_as_none(given: list[str]) -> None:
    done = run(release, *given)
    assert (done.exit_code, "is empty" in done.stderr) == (2, True)


def test_an_option_may_need_no_value() -> None:
    assert run(release).stdout == "('', None, '')\n"
    assert run(release, "--branch").stdout == "('', '', '')\n"
