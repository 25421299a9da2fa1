"""The options that several commands share."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from release_sync.errors import Unreadable
from release_sync.plan.facts import Request
from release_sync.plan.version import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable

path = click.option(
    "-C",
    "path",
    default=".",
    type=click.Path(exists=True, file_okay=False),
    help="The workspace, instead of the current folder.",
)
yes = click.option("--yes", is_flag=True, help="Don't ask.")
group = click.option("--group", default="", metavar="NAME", help="The group of members to release.")
index = click.option("--index", default="", metavar="NAME", help="The index to release to.")
land = click.option(
    "--land",
    default="",
    metavar="WAY",
    type=click.Choice(["", "push", "branch", "none"]),
    help="push: the branch and the tag; branch: a branch for a pull request, and the tag; none:"
    " neither, only the index.",
)
reproduce = click.option(
    "--reproduce",
    is_flag=True,
    help="Build everything twice, in two places, and refuse what does not come out the same.",
)
pull = click.option(
    "--pull",
    is_flag=True,
    help="With --yes: release the branch as the remote has it, where this clone is behind.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")


def what(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what is to be released; the command gets them as ``request``."""
    return index(what_but_index(function))


def what_but_index(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the same for a command that has an index of its own."""

    @functools.wraps(function)
    def command(
        *,
        levels: tuple[str, ...],
        version: str | None,
        group: str,
        index: str = "",
        land: str = "",
        reproduce: bool = False,
        **others: object,
    ) -> object:
        request = _request(levels, version, group, index, land)
        return function(request=replace(request, reproduce=reproduce), **others)

    for option in (
        group,
        click.option("--version", "version", default=None, metavar="V", help="The version itself."),
        click.option(
            "--bump",
            "levels",
            multiple=True,
            type=click.Choice([*LEVELS, "none"]),
            help="How to bump the version; `patch` by default. `minor` and `rc` can"
            " be combined. `none` releases the current version.",
        ),
    ):
        command = option(command)
    return command


def _request(
    levels: tuple[str, ...], version: str | None, group: str, index: str, land: str
) -> Request:
    """Make a request of the options. Raises Unreadable for options that exclude each other."""
    if levels and version is not None:
        raise Unreadable("`--bump` and `--version` exclude each other", hint="pass one of them")
    if "none" in levels and len(levels) > 1:
        raise Unreadable("`--bump none` goes with no other level", hint="pass one of them")
    return Request(group=group, levels=levels, version=version, index=index, land=land)
