from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from devclikit.everywhere import Command


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
    done = CliRunner().invoke(release, given)
    assert (done.exit_code, "is empty" in done.output) == (2, True)


def test_an_option_may_need_no_value() -> None:
    assert CliRunner().invoke(release, []).output == "('', None, '')\n"
    assert CliRunner().invoke(release, ["--branch"]).output == "('', '', '')\n"
