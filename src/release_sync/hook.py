"""The program ``release-sync-hook``, which git hooks and pre-commit call on every commit.

A green run imports little more than the interpreter itself; everything else is imported when it is
needed. Exit codes: 0 nothing found, 1 findings, 2 usage or an unreadable workspace, 3 our bug,
141 nobody reads our output.
"""

from __future__ import annotations

import gc
import io
import os
import sys

from release_sync.errors import Problem, Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from release_sync.guardrail.hook_result import HookResult


BROKEN_PIPE = 141
"""128 + SIGPIPE, which is what a shell shows for a program that the signal ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a stage, and say what happened the way a hook should."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    gc.disable()  # a process of a tenth of a second has no garbage to look for
    try:
        return _run(given)
    except Problem as problem:
        _say(f"error: {problem.message}")
        if problem.hint:
            _say(f"hint: {problem.hint}")
        return problem.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _unread()
        return BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - the boundary: a bug is reported, not dumped
        return _report(error)


def _run(given: list[str]) -> int:
    stage = given[0] if given else ""
    if stage in {"-h", "--help"}:
        return _tell(_usage())
    if stage not in STAGES:
        raise Unreadable(
            f"unknown stage {stage!r}" if given else "which stage?",
            hint=f"release-sync-hook {' | '.join(STAGES)}",
        )
    _refuse_more(stage, given[1:])
    result = STAGES[stage]()
    if result is None:
        return 0
    return _tell(result.stdout, result.stderr, result.code)


def _tell(out: str, err: str = "", code: int = 0) -> int:
    """Write to both streams, either of which may be closed (``>&-``), and return the code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A path may hold what the terminal, or no one at all, has a character for.
        sys.stdout.reconfigure(errors="backslashreplace")
        sys.stdout.write(out)
        sys.stdout.flush()
    if sys.stderr is not None:
        sys.stderr.write(err)
    return code


def _usage() -> str:
    lines = ["Usage: release-sync-hook STAGE", "", "Stages:"]
    for name, run in STAGES.items():
        first, *_ = (run.__doc__ or "").split("\n")
        lines.append(f"  {name:<18}{first}")
    return "\n".join([*lines, ""])


def _refuse_more(stage: str, others: list[str]) -> None:
    """Refuse what no stage understands; pre-push is told a remote and its address (githooks(5))."""
    told = 2 if stage == "pre-push" else 0
    if len(others) > told or any(one.startswith("-") for one in others):
        raise Unreadable(
            f"the stage {stage} takes no {' '.join(others)!r:.100}",
            hint="call it alone (in pre-commit: `pass_filenames: false`, and no `args`);"
            " `release-sync check` has options",
        )


def _say(line: str) -> None:
    """Write a line, if anybody reads it: what it is about is worse than that nobody does."""
    try:
        _tell("", f"{line}\n")
    except BrokenPipeError:
        _unread()


def _unread() -> None:
    """Let what is still to be written go nowhere, which the interpreter does when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


def _report(error: Exception) -> int:
    """Write a bug's traceback to a file, and name it."""
    import tempfile  # noqa: PLC0415 - only for a bug
    import traceback  # noqa: PLC0415 - only for a bug

    with tempfile.NamedTemporaryFile(
        "w", prefix="release-sync-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        traceback.print_exception(error, file=file)
    _say(f"error: this is a bug in release-sync: {error!r}")
    _say(f"hint: please report it with {file.name}")
    return 3


def check() -> HookResult | None:
    """Check the working tree: pre-commit has put away what is not staged."""
    from release_sync.guardrail.cache import is_cached_green  # noqa: PLC0415
    from release_sync.trees.git import here  # noqa: PLC0415
    from release_sync.trees.working_tree import WorkingTree  # noqa: PLC0415

    folder = here()
    if os.path.exists(f"{folder}/pyproject.toml") and is_cached_green(WorkingTree(folder)):  # noqa: PTH110 - importing pathlib costs 10 ms
        return None
    from release_sync.guardrail.staged import guard_on_disk  # noqa: PLC0415

    return guard_on_disk(folder)


def staged() -> HookResult | None:
    """Check what is staged, whatever lies on disk: that also says where the workspace is."""
    from release_sync.guardrail.cache import is_cached_green  # noqa: PLC0415
    from release_sync.trees.index import IndexTree  # noqa: PLC0415

    whole = IndexTree(_top())
    if is_cached_green(whole):
        return None
    from release_sync.guardrail.staged import guard_staged  # noqa: PLC0415

    return guard_staged(whole)


def fix() -> HookResult | None:
    """Fix the working tree, and fail when something was changed, as formatters do."""
    from release_sync.guardrail.staged import fix_on_disk  # noqa: PLC0415
    from release_sync.trees.git import here  # noqa: PLC0415

    return fix_on_disk(here())


def pushed() -> HookResult | None:
    """Check every commit and tag that is pushed: git's lines on stdin (githooks(5))."""
    from release_sync.guardrail.pushed import guard_pushes, sent  # noqa: PLC0415

    return guard_pushes(_top(), sent(_given()))


def received() -> HookResult | None:
    """Check every commit and tag that arrives: git's lines on stdin (githooks(5))."""
    from release_sync.guardrail.pushed import guard_pushes, received  # noqa: PLC0415

    git = os.environ.get("GIT_DIR", ".")
    return guard_pushes(git, received(_given()))


def _given() -> bytes:
    """Return what git says on stdin; nothing there is an answer, and no stdin is none."""
    if sys.stdin is None:
        raise Unreadable("stdin is closed", hint="git tells this stage there what is pushed")
    return sys.stdin.buffer.read()


def _top() -> str:
    from release_sync.trees.git import here, toplevel  # noqa: PLC0415

    return toplevel(".")[0] or here()


STAGES: dict[str, Callable[[], HookResult | None]] = {
    "check": check,
    "pre-commit": staged,
    "pre-merge-commit": staged,
    "pre-push": pushed,
    "pre-receive": received,
    "fix": fix,
}
"""Every stage, by the name that git or pre-commit has for it."""


if __name__ == "__main__":
    sys.exit(main())
