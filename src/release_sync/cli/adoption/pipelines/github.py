"""The workflows of GitHub Actions, in ``.github/workflows``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from release_sync.cli.adoption.pipelines.actions import ACTIONS
from release_sync.cli.adoption.pipelines.filling import block, filled
from release_sync.cli.adoption.pipelines.kind import LEVELS, Flow
from release_sync.cli.adoption.pipelines.matrix.github import sealing, when

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.cli.adoption.pipelines.kind import Pipeline

FOLDER = ".github/workflows"

DISPATCH = """\
workflow_dispatch:
  inputs:
    bump:
      description: How to bump the version
      type: choice
      options: [{levels}]
      default: patch
"""

GROUP = """\
    group:
      description: The packages to release
      type: choice
      options: {groups}
"""

PREPARE = """\
env:
{variables}
run: >-
  {first}{program} prepare {what} --yes
  {more} --outputs "$GITHUB_OUTPUT"
"""

PROPOSE = """\
env:
  BUMP: ${{{{ inputs.bump }}}}
{group}  GH_TOKEN: ${{{{ github.token }}}}
run: >-
  {first}{program} bump --bump "$BUMP"{more} --branch --open --yes
"""

BUNDLE = '--output "$RUNNER_TEMP/bundle"'
COLLECTED = f'--artifacts "$RUNNER_TEMP/built" --seal "$RESERVED" {BUNDLE}'
RESERVED = "RESERVED: ${{ needs.candidate.outputs.seal }}"

TRUSTED = """\
contents: write # pushes the branch and the tag
id-token: write # the index's trusted publisher
"""

SECRETS = """\
UV_PUBLISH_USERNAME: ${{ secrets.UV_PUBLISH_USERNAME }} # secrets of the environment
UV_PUBLISH_PASSWORD: ${{ secrets.UV_PUBLISH_PASSWORD }}
"""


def workflows(pipeline: Pipeline) -> dict[str, bytes]:
    """Return the workflows by their paths from the repository's top."""
    words = {
        **ACTIONS,
        "release-sync": pipeline.program,
        "guardrail": pipeline.requirement(),
        "release": pipeline.requirement("release"),
        "depth": "0 # versions are tags" if pipeline.tags_are_versions else "1",
        "on": block(_dispatch(pipeline), 2),
        "bump": _bump(pipeline),
    }
    made = {f"{FOLDER}/lockstep.yml": filled("github-check.yml", words)}
    for one in pipeline.parts:
        made[f"{FOLDER}/release{one.suffix}.yml"] = _release(one, words)
    if pipeline.flow == Flow.PULL_REQUEST:
        made[f"{FOLDER}/propose-release.yml"] = filled("github-bump.yml", words)
    return made


def _release(pipeline: Pipeline, words: Mapping[str, str]) -> bytes:
    announces = when(pipeline, "needs.publish.result == 'success'")
    words = {
        **words,
        "flow": pipeline.flow,
        "name": f"Release {pipeline.only}".rstrip(),
        "concurrency": _concurrency(pipeline),
        "on": block(_triggers(pipeline), 2),
        "prepare": block(_prepare(pipeline, BUNDLE), 8),
        "reserve": block(_prepare(pipeline, "--candidate"), 8),
        "collect": block(_prepare(pipeline, COLLECTED, RESERVED), 8),
        "publishes": when(pipeline, "needs.prepare.outputs.seal != ''"),
        "announces": f"    if: {announces}\n" if len(pipeline.builds) > 1 else "",
        "rights": block(TRUSTED if pipeline.is_trusted else TRUSTED.partition("id-")[0], 6),
        "credentials": "" if pipeline.is_trusted else block(SECRETS, 10) + "\n",
    }
    words["sealing"] = sealing(pipeline, words) if pipeline.builds else _sealing(words)
    words["after-land"] = ""
    if pipeline.runs_after_land:
        words["after-land"] = filled("github-after.yml", words).decode().rstrip("\n")
    return filled("github-release.yml", words)


def _triggers(pipeline: Pipeline) -> str:
    match pipeline.flow:
        case Flow.DISPATCH:
            return _dispatch(pipeline)
        case Flow.TAG:
            return f"push:\n  tags: {json.dumps(list(pipeline.tags))}"
        case Flow.PULL_REQUEST:
            others = [f"!{one}" for one in pipeline.proposals]
            return f"push:\n  branches: {json.dumps([*pipeline.branches, *others])}"


def _concurrency(pipeline: Pipeline) -> str:
    """Return whom a run waits for; of those that wait, GitHub cancels all but the newest."""
    match pipeline.flow:
        case Flow.DISPATCH:
            return "release-${{ inputs.group }}" if len(pipeline.groups) > 1 else "release"
        case Flow.TAG | Flow.PULL_REQUEST:
            return f"release{pipeline.suffix}-${{{{ github.ref_name }}}}"


def _dispatch(pipeline: Pipeline) -> str:
    text = DISPATCH.format(levels=", ".join(LEVELS))
    if len(pipeline.groups) > 1:
        text += GROUP.format(groups=json.dumps(list(pipeline.choices)))
    return text


def _bump(pipeline: Pipeline) -> str:
    """Return the step that proposes a version."""
    first, which = pipeline.chosen
    return block(
        PROPOSE.format(
            group="  GROUP: ${{ inputs.group }}\n" if which else "",
            first=f"{first}\n  " if first else "",
            program=pipeline.program,
            more=which,
        ),
        8,
    )


def _sealing(words: Mapping[str, str]) -> str:
    """Return the one job that builds, verifies and seals."""
    return filled("github-seal.yml", words).decode().rstrip("\n")


def _prepare(pipeline: Pipeline, more: str, variable: str = "") -> str:
    """Return a step that runs `prepare`, with the options that are the job's own."""
    variables, what, first = "", "", ""
    match pipeline.flow:
        case Flow.DISPATCH:
            variables, what = "BUMP: ${{ inputs.bump }}", '--bump "$BUMP"'
            first, which = pipeline.chosen
            if which:
                variables += "\nGROUP: ${{ inputs.group }}"
                what += which
        case Flow.TAG:
            variables, what = "TAG: ${{ github.ref_name }}", '--tag "$TAG"'
        case Flow.PULL_REQUEST:
            what = pipeline.merged
    variables = "\n".join(filter(None, (variables, variable)))
    text = PREPARE.format(
        variables=block(variables, 2),
        first=f"{first}\n  " if first else "",
        program=pipeline.program,
        what=what,
        more=more,
    )
    return text if variables else text.partition("\n\n")[2]
