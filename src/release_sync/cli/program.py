"""The commands of ``release-sync`` by name, and the error boundary around them."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from typing import TYPE_CHECKING

from devclikit.boundary import Boundary
from devclikit.lazy import Lazy, LazyGroup
from release_sync.cli.instead import INSTEAD
from release_sync.cli.platforms import must_run_here
from release_sync.errors import Problem, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import click

NAME = "release-sync"

COMMANDS = {
    "check": Lazy(
        "release_sync.cli.checking.check:command",
        "Check that all packages of the workspace are in lockstep.",
    ),
    "explain": Lazy(
        "release_sync.cli.checking.explain:command",
        "Explain a rule, with a failing and a passing example; without a code, list all rules.",
    ),
    "init": Lazy(
        "release_sync.cli.adoption.init:command",
        "Write the configuration and, when asked, a hook or pipelines; twice changes nothing.",
    ),
    "doctor": Lazy(
        "release_sync.cli.reporting.doctor:command",
        "Examine everything that a release from here needs; changes nothing that stays.",
    ),
    "change": Lazy(
        "release_sync.cli.changing.change:command",
        "Note a change for the changelog, and for the level of the next release.",
    ),
    "plan": Lazy(
        "release_sync.cli.releasing.plan:command",
        "Show what a release would do, with every edit as a diff; changes nothing.",
    ),
    "bump": Lazy(
        "release_sync.cli.releasing.bump:command",
        "Bump, lock and commit as a release does, and stop there: for a pull request, or by hand.",
    ),
    "publish": Lazy(
        "release_sync.cli.releasing.publish:command",
        "Release: bump, lock, commit, build, verify, seal, upload, land.",
    ),
    "prepare": Lazy(
        "release_sync.cli.releasing.prepare:command",
        "Seal a release, and leave it pending for `resume`.",
    ),
    "resume": Lazy(
        "release_sync.cli.releasing.resume:command",
        "Finish the pending release, wherever it was begun.",
    ),
    "abort": Lazy(
        "release_sync.cli.releasing.abort:command",
        "Undo the pending release if its upload has not begun, and verify the result.",
    ),
    "step": Lazy(
        "release_sync.cli.releasing.step:command",
        "Run the workspace's own steps behind a release once more, or in a job of their own.",
    ),
    "rehearse": Lazy(
        "release_sync.cli.rehearsing.rehearse:command",
        "Rehearse a release with a scratch remote and an embedded index, and install the result.",
    ),
    "status": Lazy(
        "release_sync.cli.reporting.status:command",
        "Show each member's version here, on the remote, tagged and on the index.",
    ),
    "verify": Lazy(
        "release_sync.cli.reporting.verify:command",
        "Compare the files that the index serves with the hashes in TAG; works in a bare clone.",
    ),
    "audit": Lazy(
        "release_sync.cli.reporting.audit:command",
        "Judge every release that was ever made, by its tags and by what the index serves.",
    ),
    "notes": Lazy(
        "release_sync.cli.reporting.notes:command",
        "Print the notes of a release, as Markdown for the page of it on a forge.",
    ),
    "history": Lazy(
        "release_sync.cli.reporting.history:command",
        "Show the releases that were made of this repository, as its tags and seals tell them.",
    ),
    "help": Lazy(
        "release_sync.cli.helping.help:command",
        "Show how a command is used; without a command, list all of them.",
    ),
    "completion": Lazy(
        "devclikit.completion:command",
        "Print what bash, zsh or fish needs to complete the words of a command line.",
    ),
}
"""Every command, where it is, and its line in ``--help``: grep finds all of them here."""


def missing(name: str, error: ModuleNotFoundError) -> Problem:
    """Return the Problem of a command that needs what only the extra installs."""
    return Unreadable(
        f"`release-sync {name}` needs the extra `release`, which is not installed"
        f" (there is no module {error.name})",
        hint="install release-sync[release] where you installed release-sync",
    )


def version() -> str:
    """Return the installed version. importlib.metadata is slow to import: only when asked."""
    from importlib.metadata import version  # noqa: PLC0415 - 20 ms that only --version needs

    return version("release-sync")


def meaning(error: Exception) -> Exception:
    """Return a failure to write, or of git, as a Problem; any other stays as it is."""
    try:
        from release_sync.effects.write_problem import as_problem  # noqa: PLC0415 - only for what failed
    except ModuleNotFoundError:
        return error  # a check, without the extra
    except ImportError:  # GitPython asks git for its version, and got none
        return git_failure() or error
    return as_problem(error) or error


def git_failure() -> Problem | None:
    """Return what git says where it can't even tell its version, or that it is missing."""
    from release_sync.trees.git import ask  # noqa: PLC0415 - only for what failed

    try:
        ask(os.curdir, "version")
    except Problem as problem:
        return problem
    return None


class Program(LazyGroup):
    """The commands, each of which is refused where it can't run."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command. Raises Unreadable where this system lacks something for it."""
        if cmd_name in COMMANDS:
            must_run_here(cmd_name)
        try:
            return super().get_command(ctx, cmd_name)
        finally:
            gc.freeze()
            gc.enable()


program = Program(
    NAME,
    lazy=COMMANDS,
    missing=missing,
    help="Hold a multi-package Python repository in lockstep, and release it as one act.",
    epilog="Exit codes: 0 fine · 1 findings, or a release refused or undone · 2 usage, or a"
    " workspace that can't be read · 3 our bug · 4 a release is pending: run `resume` ·"
    " 130 interrupted (129: the terminal was closed, 143: by SIGTERM).",
)


def secrets() -> Mapping[str, str]:
    """Return the variables whose secrets no message may show."""
    from release_sync.effects.secrets import environment  # noqa: PLC0415 - only for what failed

    return environment()


def run() -> int:
    """Run the command line, and return its exit code.

    When the process ends, the system frees its memory at once: to have Python look through 60,000
    objects before takes 70 ms, a twentieth of a release of two members.
    """
    atexit.register(gc.freeze)
    boundary = Boundary(
        NAME,
        version,
        problem=Problem,
        meaning=meaning,
        environ=secrets,
        instead=INSTEAD,
        told=tell if "--json" in sys.argv else None,
        fitted=fitted,
    )
    return boundary.run(program)


def fitted(text: str, label: int) -> str:
    """Return an error or a hint in lines that fit the terminal, below its label."""
    from devclikit.terminal.medium import medium  # noqa: PLC0415 - only for what failed
    from devclikit.terminal.wrapping import wrapped  # noqa: PLC0415 - the same

    return wrapped(text, medium(sys.stderr).width, 4, label)


def tell(message: str, hint: str, code: int) -> None:
    """Write an error as an event, too, for who reads JSON."""
    from release_sync.cli.json_objects import write  # noqa: PLC0415 - only for what failed

    write("error", message=message, hint=hint, exit_code=code)
