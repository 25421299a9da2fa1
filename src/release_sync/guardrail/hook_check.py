"""Check a tree and say what was found: what every hook does when the verdict is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.fixes.findings import check
from release_sync.guardrail.cache import Recording
from release_sync.guardrail.report.formats import count, summary, text
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from release_sync.rules.finding import Finding
    from release_sync.trees.index import IndexTree
    from release_sync.trees.working_tree import WorkingTree
    from release_sync.workspace.model import Workspace


class Verdict(NamedTuple):
    """What a hook says: ``output`` for stdout, ``talk`` for stderr, and its exit code."""

    code: int = 0
    output: str = ""
    talk: str = ""


GREEN = Verdict()


def guard(tree: WorkingTree | IndexTree, folder: str = "") -> Verdict:
    """Check a tree, and remember it when nothing was found. Raises Unreadable.

    ``folder`` is the workspace's in its repository, for paths that mean something to the user.
    """
    recording = Recording(tree)
    workspace = read(recording)
    findings = check(workspace, recording)
    if not findings:
        recording.remember()
    return verdict(workspace, findings, folder)


def verdict(workspace: Workspace, findings: tuple[Finding, ...], folder: str = "") -> Verdict:
    """Put findings into words; there are none for a green workspace."""
    if not findings:
        return GREEN
    seen = [one.below(folder) for one in findings]
    return Verdict(1, text(seen), f"{summary(workspace, seen)}\n")


def joined(verdicts: Iterable[Verdict]) -> Verdict:
    """Return several verdicts as one; the gravest code counts."""
    found = list(verdicts)
    return Verdict(
        max((one.code for one in found), default=0),
        "".join(one.output for one in found),
        "".join(one.talk for one in found),
    )


def mend(root: str) -> Verdict:
    """Mend what can be mended on disk; not green when anything was changed, or is left."""
    from release_sync.fixes.atomic_write import write  # noqa: PLC0415 - the same
    from release_sync.fixes.fix import fixes  # noqa: PLC0415 - only for a fix
    from release_sync.trees.working_tree import WorkingTree  # noqa: PLC0415 - the same

    tree = WorkingTree(root)
    changes = fixes(read(tree), tree)
    write(root, changes)
    workspace = read(tree)
    left = verdict(workspace, check(workspace, tree))
    if not changes:
        return left
    files = "".join(f"mended {edit.path}\n" for edit in changes)
    talk = f"{count(len(changes), 'file')} changed: look at them, and add them\n"
    return Verdict(1, files + left.output, talk + left.talk)
