"""The files of a pipeline as changes: made where they are not there, and never written over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.cli.adoption.change import Change
from release_sync.cli.adoption.hook_source import HookSource, hook_source
from release_sync.cli.adoption.pipelines import github, gitlab
from release_sync.cli.adoption.pipelines.installation import UNREACHABLE, is_local
from release_sync.cli.adoption.pipelines.kind import Flow, Pipeline
from release_sync.cli.adoption.pipelines.matrix.builds import builds
from release_sync.errors import Problem, Unreadable
from release_sync.plan.branches import proposing
from release_sync.plan.together import pulled_along
from release_sync.plan.version import chosen
from release_sync.trees.git import content
from release_sync.trees.working_tree import WorkingTree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.cli.adoption.surroundings import Surroundings
    from release_sync.workspace.model import Workspace

HOSTS = {"github": github.workflows, "gitlab": gitlab.jobs}
"""What makes the files of each host, by their paths."""

LEFT = {
    "github": "GitHub: the environment is called `release`, and the workflow that a trusted"
    " publisher is told release.yml, or with several groups and --flow pull-request that of its"
    " group; docs/ci.md has what else to set",
    "gitlab": "GitLab: the environment is called `release`; a job's token can't push unless the"
    " project lets it (Settings, CI/CD, Job token permissions); docs/ci.md has what else to set",
}
"""What is to be set on each host."""


def with_pipelines(
    around: Surroundings, workspace: Workspace, host: str, flow: str, source: str
) -> Iterator[Change]:
    """Yield the files that are missing. Raises Problem for one that is there and differs.

    Raises Unreadable where it is not known what a job would install.
    """
    if not around.top:
        raise Unreadable("this is no git repository, so it has no pipelines", hint="git init")
    found = hook_source(around.top, source)
    made = HOSTS[host](_pipeline(around, workspace, Flow(flow or Flow.DISPATCH), found))
    lines = _lines(found)
    for path, text in made.items():
        there = Path(around.top, path)
        if not there.exists():
            yield Change(path, None, text, (f"{path}: made", *lines))
            lines = []
        elif path == gitlab.TOP:
            _must_include((content(str(there)) or b"").decode(errors="replace"))
        elif content(str(there)) != text:
            raise Problem(
                f"{path} is there already, and is not what this writes",
                hint="move it away, run this again, and take over what you had changed",
            )


def _pipeline(
    around: Surroundings, workspace: Workspace, flow: Flow, source: HookSource
) -> Pipeline:
    groups = tuple(one.name for one in workspace.groups if one.members)
    settings = workspace.configuration
    return Pipeline(
        flow=flow,
        source=source,
        below=around.below,
        index_name=settings.index,
        branches=settings.branch,
        tags=tuple(dict.fromkeys(workspace.tag(one, "*") for one in groups)),
        groups=groups,
        tags_are_versions=any(one.dynamic for one in workspace.members),
        proposals=proposing(workspace),
        together=_need_each_other(workspace, groups),
        builds=builds(WorkingTree(str(Path(around.top, around.below))), workspace),
        runs_after_land=bool(settings.steps.after_land),
    )


def _need_each_other(workspace: Workspace, groups: tuple[str, ...]) -> bool:
    """Return whether the pins between groups admit no release of one of them alone."""

    def next_version(group: str) -> str:
        return chosen(workspace.group(group).version or "0", ("patch",), None)

    return any(
        len(pulled_along(workspace, {one: next_version(one)}, next_version)) > 1 for one in groups
    )


def _lines(source: HookSource) -> list[str]:
    lines = [f"  its jobs install release-sync of {source.repo} at {source.rev}"]
    lines += [f"  {source.why}"] if source.why else []
    return [*lines, *([UNREACHABLE] if is_local(source) else [])]


def _must_include(text: str) -> None:
    """Raise Problem where a pipeline is there that does not include ours."""
    if gitlab.PATH not in text:
        raise Problem(
            f"{gitlab.TOP} is there already, and does not include {gitlab.PATH}",
            hint=f"add this to it, and run this again:\n{gitlab.INCLUDE}".rstrip(),
        )
