"""The result of a hook: the check of a tree, its findings as text, and an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.fixes.findings import check
from release_sync.guardrail.cache import RecordingTree
from release_sync.guardrail.report.formats import count, summary, text
from release_sync.rules.unseen import unjudged
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from release_sync.rules.finding import Finding
    from release_sync.toml.manifest import Manifest
    from release_sync.trees.index import IndexTree
    from release_sync.trees.working_tree import WorkingTree
    from release_sync.workspace.model import Workspace


class HookResult(NamedTuple):
    """What a hook says: ``stdout``, ``stderr``, and its exit code."""

    code: int = 0
    stdout: str = ""
    stderr: str = ""


GREEN = HookResult()


def guard(tree: WorkingTree | IndexTree, folder: str = "") -> HookResult:
    """Check a tree, and remember it when nothing was found. Raises Unreadable.

    ``folder`` is the workspace's in its repository; files are named from the working directory.
    """
    recording = RecordingTree(tree)
    workspace = read(recording)
    findings = check(workspace, recording)
    green = not findings and not unjudged(workspace)
    if green and _is_told(tree, workspace.manifest, folder):
        recording.save()
    return _told(workspace, _from_here(tree.root, findings), folder)


def _from_here(root: str, findings: tuple[Finding, ...]) -> list[Finding]:
    if not findings:
        return []
    from release_sync.guardrail.report.from_here import from_here  # noqa: PLC0415 - only for a fault

    return [one._replace(path=from_here(root, one.path)) for one in findings]


def _is_told(tree: WorkingTree | IndexTree, manifest: Manifest, folder: str) -> bool:
    """Return whether what was read says that this is the workspace to check.

    That a package stands alone, files elsewhere say: it is not remembered, unless what is staged is
    looked through before the memory is asked.
    """
    return manifest.declares_workspace or (tree.kind == "index" and bool(folder))


def hook_result(
    workspace: Workspace, findings: tuple[Finding, ...], folder: str = ""
) -> HookResult:
    """Put findings of a commit into words, and what could not be looked at; a green one has none.

    ``folder`` is the workspace's in its repository, which may have no working tree.
    """
    return _told(workspace, [one.below(folder) for one in findings], folder)


def _told(workspace: Workspace, seen: Sequence[Finding], folder: str) -> HookResult:
    if not seen and not unjudged(workspace):
        return GREEN
    words = f"{summary(workspace, seen, folder)}\n"
    return HookResult(exit_code(workspace, seen), text(seen), words)


def exit_code(workspace: Workspace, findings: Sequence[Finding]) -> int:
    """Return the verdict: 2 where nothing was found because tags are missing that may be there."""
    if findings:
        return 1
    return 0 if workspace.has_all_tags or not unjudged(workspace) else 2


def joined(results: Iterable[HookResult]) -> HookResult:
    """Return several results as one; the gravest code counts."""
    found = list(results)
    return HookResult(
        max((one.code for one in found), default=0),
        "".join(one.stdout for one in found),
        "".join(one.stderr for one in found),
    )


def apply_fixes(root: str, folder: str = "") -> HookResult:
    """Fix what can be fixed on disk; not green when anything was changed, or is left.

    ``folder`` is the workspace's, as above.
    """
    from release_sync.fixes.atomic_write import write  # noqa: PLC0415 - the same
    from release_sync.fixes.fix import fixes  # noqa: PLC0415 - only for a fix
    from release_sync.guardrail.report.from_here import from_here  # noqa: PLC0415 - the same
    from release_sync.trees.working_tree import WorkingTree  # noqa: PLC0415 - the same

    tree = WorkingTree(root)
    changes = fixes(read(tree), tree)
    write(root, changes)
    workspace = read(tree)
    left = _told(workspace, _from_here(root, check(workspace, tree)), folder)
    if not changes:
        return left
    files = "".join(f"fixed {from_here(root, edit.path)}\n" for edit in changes)
    stderr = f"{count(len(changes), 'file')} changed: review and `git add` them\n"
    return HookResult(1, files + left.stdout, stderr + left.stderr)
