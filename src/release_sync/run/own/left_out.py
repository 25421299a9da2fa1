"""Which of the workspace's own steps `resume` runs, and what it says of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.plan.own_steps import OwnScripts, own_scripts
from release_sync.run.release_state import ReleaseState
from release_sync.seals.pending import enumeration
from release_sync.steps.build import Build
from release_sync.steps.own.own_step import OwnStep

if TYPE_CHECKING:
    from collections.abc import Iterable

    from release_sync.run.context import Context
    from release_sync.run.pending import Found
    from release_sync.run.talk import Talk
    from release_sync.seals.pending import Sealed
    from release_sync.steps.step import Step


def trusted(context: Context, sealed: Sealed, refs: Iterable[str]) -> OwnScripts:
    """Return what may be run to finish a release: only what is trusted, of what it stands on."""
    workspace = context.source.workspace(sealed.base)
    return own_scripts(workspace, sealed, refs, trusted=True)


def without_code(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the steps that run nothing of the repository: files are handed over instead."""
    return tuple(one for one in steps if not isinstance(one, Build | OwnStep))


def say_left_out(context: Context, found: Found, talk: Talk, *, handed_over: bool) -> None:
    """Name the steps that are not run here, and the command that runs those that come last.

    Where files are ``handed_over``, none is.
    """
    sealed = found.sealed
    own = own_scripts(context.source.workspace(sealed.base), sealed)
    steps: list[OwnStep] = [*own.after_landing(sealed)]
    if found.state is ReleaseState.SEALED:
        steps = [*own.before_uploading(sealed), *steps]
    out = [one for one in steps if handed_over or not one.script.trusted]
    if not out:
        return
    why = "nothing of the repository is run" if handed_over else "only what is trusted is run"
    named = enumeration([f"{one.script.words} ({one.point})" for one in out])
    text = f"{why} here, so not {named}"
    if any(one in own.after_landing(sealed) for one in out):
        text += f"; a job without credentials runs {again(sealed)} in the end"
    talk.line("Note", text)


def say_last(context: Context, sealed: Sealed, talk: Talk) -> None:
    """Show how the last steps are run, of a release that is found to have landed."""
    own = own_scripts(context.source.workspace(sealed.base), sealed)
    if own.after_land:
        named = enumeration([one.words for one in own.after_land])
        talk.line("Note", f"whether {named} ran, nobody knows: {again(sealed)} does it")


def again(sealed: Sealed) -> str:
    """Return the command that runs what comes after the landing."""
    return f"`release-sync step after-land {sealed.tag}`"
