"""The jobs of GitLab CI/CD, in a file that ``.gitlab-ci.yml`` includes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from release_sync.cli.adoption.pipelines.actions import IMAGES
from release_sync.cli.adoption.pipelines.filling import block, filled
from release_sync.cli.adoption.pipelines.kind import LEVELS, Flow
from release_sync.cli.adoption.pipelines.matrix.gitlab import sealing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.cli.adoption.pipelines.kind import Pipeline

PATH = ".gitlab/release-sync.yml"
TOP = ".gitlab-ci.yml"

INCLUDE = f"include:\n  - local: {PATH}\n"

BY_HAND = '- if: $CI_PIPELINE_SOURCE == "web" && $CI_COMMIT_BRANCH =~ {names}'
OF_GROUP = ' && $GROUP == "{group}"'
BY_PUSH = '- if: $CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH =~ {names}'
BY_TAG = "- if: $CI_COMMIT_TAG =~ {names}"

INPUTS = """\
variables: # the form of `Run pipeline`
  BUMP:
    description: How to bump the version
    value: patch
    options: [{levels}]
"""

GROUP = """\
  GROUP:
    description: The packages to release
    value: {first}
    options: {groups}
"""

TRUSTED = """\
id_tokens: # the index's trusted publisher
  {name}_ID_TOKEN:
    aud: {audience}
"""

SWITCH = '- git switch --quiet --force-create "$CI_COMMIT_BRANCH" "$CI_COMMIT_SHA"'
"""A runner leaves a detached HEAD; a release is made from a branch."""

PREPARE = """\
- >-
  {first}{program} prepare {what} --yes
  {more}
"""

BUNDLE = '--output "$CI_PROJECT_DIR/bundle" --outputs "$CI_PROJECT_DIR/release-sync.env"'
CANDIDATE = '--candidate --outputs "$CI_PROJECT_DIR/candidate.env"'
COLLECTED = f'--artifacts "$CI_PROJECT_DIR/built" --seal "$seal"\n  {BUNDLE}'

BUMP = """
bump: # proposes the next version
  extends: .release-sync
  stage: build
  rules:
    {rule}
  script:
    {switch}
    - >-
      {first}{program} bump --bump "$BUMP"{more} --branch --yes
"""


def jobs(pipeline: Pipeline) -> dict[str, bytes]:
    """Return the files by their paths from the repository's top."""
    by_hand = BY_HAND.format(names=expression(pipeline.branches)) + _no_proposal(pipeline)
    first, which = pipeline.chosen
    bump = BUMP.format(
        rule=by_hand,
        switch=SWITCH,
        first=f"{first}\n      " if first else "",
        program=pipeline.program,
        more=which,
    )
    words = {
        **IMAGES,
        "flow": pipeline.flow,
        "release-sync": pipeline.program,
        "release": pipeline.requirement("release"),
        "inputs": "" if pipeline.flow == Flow.TAG else _inputs(pipeline),
        "bump": bump if pipeline.flow == Flow.PULL_REQUEST else "",
    }
    words["releases"] = "\n\n".join(_release(one, words, by_hand) for one in pipeline.parts)
    return {PATH: filled("gitlab-release.yml", words), TOP: INCLUDE.encode()}


def _release(pipeline: Pipeline, words: Mapping[str, str], by_hand: str) -> str:
    rules = block(_rule(pipeline, by_hand), 4)
    words = {
        **words,
        "of": pipeline.suffix,
        "rules": rules,
        "on-failure": f"{rules}\n      when: on_failure",
        "prepare": block(_prepare(pipeline, BUNDLE), 4),
        "reserve": block(_prepare(pipeline, CANDIDATE), 4),
        "collect": block(_prepare(pipeline, COLLECTED), 4),
        "credentials": _credentials(pipeline),
    }
    words["sealing"] = (
        sealing(pipeline, words, lambda group: _rule_of(pipeline, by_hand, group))
        if pipeline.builds
        else filled("gitlab-seal.yml", words).decode().rstrip("\n")
    )
    words["after-land"] = ""
    if pipeline.runs_after_land:
        words["after-land"] = filled("gitlab-after.yml", words).decode().rstrip("\n")
    return filled("gitlab-group.yml", words).decode().rstrip("\n")


def _rule(pipeline: Pipeline, by_hand: str) -> str:
    match pipeline.flow:
        case Flow.DISPATCH:
            return by_hand
        case Flow.TAG:
            return BY_TAG.format(names=expression(pipeline.tags))
        case Flow.PULL_REQUEST:
            rule = BY_PUSH.format(names=expression(pipeline.branches))
            return rule + _no_proposal(pipeline)


def _no_proposal(pipeline: Pipeline) -> str:
    """Return what else a branch must not be: one that a glob means, and that brings a version."""
    names = expression(pipeline.proposals)
    return f" && $CI_COMMIT_BRANCH !~ {names}" if pipeline.proposals else ""


def _rule_of(pipeline: Pipeline, by_hand: str, group: str) -> str:
    """Return the rule for the jobs that build one group."""
    several = len(pipeline.groups) > 1 and not pipeline.only
    if several and pipeline.flow == Flow.TAG:
        tags = pipeline.tags[pipeline.groups.index(group)]
        return BY_TAG.format(names=expression((tags,)))
    rule = _rule(pipeline, by_hand)
    return rule + OF_GROUP.format(group=group) if several else rule


def expression(globs: tuple[str, ...]) -> str:
    """Return a regular expression for any of these names: no ``*`` matches a slash."""
    names = "|".join(re.escape(one).replace(r"\*", "[^/]*") for one in globs)
    return "/^({})$/".format(names.replace("/", r"\/"))


def _inputs(pipeline: Pipeline) -> str:
    text = INPUTS.format(levels=", ".join(LEVELS))
    if len(pipeline.groups) > 1:
        text += GROUP.format(first=pipeline.groups[0], groups=json.dumps(list(pipeline.choices)))
    return f"\n{text}"


def _prepare(pipeline: Pipeline, more: str) -> str:
    first, which = pipeline.chosen if pipeline.flow == Flow.DISPATCH else ("", "")
    what = {
        Flow.DISPATCH: f'--bump "$BUMP"{which}',
        Flow.TAG: '--tag "$CI_COMMIT_TAG"',
        Flow.PULL_REQUEST: pipeline.merged,
    }[pipeline.flow]
    lines = PREPARE.format(
        first=f"{first}\n  " if first else "", program=pipeline.program, what=what, more=more
    )
    return lines if pipeline.flow == Flow.TAG else f"{SWITCH}\n{lines}"


def _credentials(pipeline: Pipeline) -> str:
    """Return what lets the job publish; a password is a variable of the environment, unnamed."""
    if not pipeline.is_trusted:
        return ""
    text = TRUSTED.format(name=pipeline.index_name.upper(), audience=pipeline.index_name)
    return block(text, 2) + "\n"
