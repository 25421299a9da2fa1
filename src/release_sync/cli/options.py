"""The options that several commands share."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from release_sync.cli import completions
from release_sync.cli.requests import EVERY_LEVEL, asked, spoken
from release_sync.errors import Unreadable
from release_sync.standards.versions import is_version

if TYPE_CHECKING:
    from collections.abc import Callable

    from release_sync.plan.facts import Request

HERE = "."
"""The folder that a command is about: ``-C`` has changed to it before."""


class Folder(click.Path):
    """A folder that exists; where a level or a version was given for it, the option is named."""

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401 - the same
        """Return the path. Raises Unreadable, or click's BadParameter."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            taken = {name for one in ctx.command.params for name in one.opts} if ctx else set()
            option = "--bump" if value in EVERY_LEVEL else "--version" if is_version(value) else ""
            if option not in taken:
                raise
            raise Unreadable(
                f"there is no folder {value!r}", f"write `{option} {value}`"
            ) from error


workspace = click.argument(
    "path", default=HERE, type=Folder(exists=True, file_okay=False), metavar="[PATH]"
)
yes = click.option("-y", "--yes", is_flag=True, help="Don't ask.")
dry_run = click.option(
    "-n", "--dry-run", is_flag=True, help="Show what would be done, and do nothing."
)
group = click.option(
    "--group",
    default="",
    metavar="NAME",
    shell_complete=completions.groups,
    help="The group of members to release.",
)
groups = click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="NAME",
    shell_complete=completions.groups,
    help="A group of members to release; with several of them, all in one release.",
)
_every = click.option("--all", "every", is_flag=True, help="Release all groups, in one release.")
_changed = click.option(
    "--changed",
    is_flag=True,
    help="Release the groups that were changed since their last release, and those whose pins that"
    " would break.",
)
_versions = click.option(
    "--version",
    "versions",
    multiple=True,
    metavar="[GROUP=]V",
    help="The version itself, of the group that is released, or of the one named.",
)
_levels = click.option(
    "--bump",
    "levels",
    multiple=True,
    metavar="[GROUP=]LEVEL",
    shell_complete=completions.levels,
    help="How to bump the version: major, minor, patch, stable, alpha, beta, rc, post or dev; of"
    " every group that is released, or of the one named. Without any, a pre-release is counted up,"
    " and else it is `patch`. `minor` and `rc` can be combined. `none` releases the current"
    " version.",
)
_index = click.option(
    "--index",
    default="",
    metavar="NAME",
    shell_complete=completions.indexes,
    help="The index to release to.",
)
_test_pypi = click.option(
    "--test-pypi", is_flag=True, help="Release to TestPyPI: the same as `--index testpypi`."
)
land = click.option(
    "--land",
    default="",
    metavar="WAY",
    type=click.Choice(["", "push", "branch", "tag", "none"]),
    help="push: the branch and the tag; branch: a branch for a pull request, and the tag; tag: only"
    " the tag; none: neither, only the index.",
)
_tag = click.option(
    "--tag",
    default="",
    metavar="TAG",
    shell_complete=completions.tags,
    help="Release the commit of a tag that exists already, as it is.",
)
_if_new = click.option(
    "--if-new",
    is_flag=True,
    help="Release HEAD as it is, unless its version is released already.",
)
_stamp = click.option(
    "--stamp",
    is_flag=True,
    help="With --tag: write the tag's version into the files first, in a commit beside the branch.",
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
_words = click.argument("words", nargs=-1, metavar="[LEVEL|VERSION]",
                        shell_complete=completions.levels)  # fmt: skip
as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")


def index(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the two options that name an index; the command gets an ``index``, empty for none."""

    @functools.wraps(function)
    def command(*, index: str = "", test_pypi: bool = False, **others: object) -> object:
        if not test_pypi:
            return function(index=index, **others)
        from release_sync.effects.index.address import TESTS  # noqa: PLC0415 - 50 ms, for a check

        if index not in {"", TESTS}:
            raise Unreadable(
                f"`--test-pypi` and `--index {index}` exclude each other", hint="give one of them"
            )
        return function(index=TESTS, **others)

    return _index(_test_pypi(command))


def as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that release a commit as it is, to the ``request``: below ``what``."""

    @functools.wraps(function)
    def command(
        *, request: Request, tag: str, if_new: bool, stamp: bool, **others: object
    ) -> object:
        given = [f"`--tag {tag}`"] if tag else []
        given += ["`--if-new`"] if if_new else []
        given += ["several groups"] if tag and (request.others or request.every) else []
        given += ["`--changed`"] if given and request.changed else []
        given += ["a level"] if given and (request.levels or request.group_levels) else []
        version = request.version is not None or bool(request.group_versions)
        given += ["a version"] if given and version else []
        if len(given) > 1:
            raise Unreadable(f"{' and '.join(given)} exclude each other", hint="give one of them")
        if stamp and not tag:
            raise Unreadable("`--stamp` stamps the version of a tag", hint="add `--tag TAG`")
        request = replace(request, tag=tag, if_new=if_new, stamp=stamp)
        return function(request=request, **others)

    return _tag(_stamp(_if_new(command)))


def what(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add what says what is to be released, options and words; the command gets a ``request``."""
    return _changed(_words(index(what_but_index(function))))


def version(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add what says which version, options and words, for a command that asks no index."""
    return _words(what_but_index(function))


def what_but_index(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options alone, for a command that has an index of its own."""

    @functools.wraps(function)
    def command(
        *,
        levels: tuple[str, ...],
        versions: tuple[str, ...],
        groups: tuple[str, ...],
        every: bool,
        changed: bool = False,
        index: str = "",
        land: str = "",
        reproduce: bool = False,
        words: tuple[str, ...] = (),
        **others: object,
    ) -> object:
        request = asked(spoken(words, levels, versions), groups, every=every, changed=changed)
        return function(
            request=replace(request, index=index, land=land, reproduce=reproduce), **others
        )

    for option in (_every, groups, _versions, _levels):
        command = option(command)
    return command
