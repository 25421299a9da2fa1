"""The jobs of GitHub Actions that reserve a version, build it on many machines, and seal that."""

from __future__ import annotations

import json
from shlex import quote
from typing import TYPE_CHECKING

from release_sync.cli.adoption.pipelines.actions import ACTIONS, CIBUILDWHEEL
from release_sync.cli.adoption.pipelines.filling import block, filled
from release_sync.cli.adoption.pipelines.matrix.builds import Tool
from release_sync.cli.adoption.pipelines.matrix.lines import job_suffix, pure_lines, runner
from release_sync.cli.adoption.pipelines.matrix.machines import Machine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.cli.adoption.pipelines.kind import Pipeline
    from release_sync.cli.adoption.pipelines.matrix.builds import Build, Native

RUNNERS = {
    Machine("linux", "x86_64"): "ubuntu-latest",
    Machine("linux", "i686"): "ubuntu-latest",
    Machine("linux", "aarch64"): "ubuntu-24.04-arm",
    Machine("linux", "armv7l"): "ubuntu-24.04-arm",
    Machine("macos", "arm64"): "macos-latest",
    Machine("macos", "universal2"): "macos-latest",
    Machine("macos", "x86_64"): "macos-15-intel",
    Machine("windows", "amd64"): "windows-latest",
    Machine("windows", "win32"): "windows-latest",
    Machine("windows", "arm64"): "windows-11-arm",
}
"""The runners that GitHub hosts, by what they build without emulation."""

CHECKED_OUT = """\
- uses: {checkout}
  with:
    ref: ${{{{ needs.candidate.outputs.commit }}}}
    fetch-depth: {depth}
    persist-credentials: false
- uses: {setup-uv}
  with:
    enable-cache: false # who can write to the cache must not be able to change what is built
"""

TAGGED = """\
- name: Tag it here, for the tag is the version
  env:
    TAG: ${{ needs.candidate.outputs.tag }}
  run: git tag --force "$TAG"
"""

MACHINE = """\
- machine: {name}
  runner: {runner}
"""

NATIVE = """\
- name: Build {name}
  if: matrix.{key} != ''
  env:
    {variable}: ${{{{ matrix.{key} }}}}
"""

BY = {
    Tool.UV: """\
run: |
  for python in $PYTHONS; do
    uv build {folder} --wheel --python "$python" --out-dir "$RUNNER_TEMP/built"
  done
""",
    Tool.MATURIN: """\
working-directory: {place}
run: |
  case "$RUNNER_OS" in Linux) portable=--zig ;; *) portable= ;; esac
  for python in $PYTHONS; do
    uv python find "$python" >/dev/null || uv python install "$python"
    uv tool run --from '{requirement}' maturin build --release $portable \\
      --interpreter "$(uv python find "$python")" --out "$RUNNER_TEMP/built"
  done
""",
    Tool.CIBUILDWHEEL: """\
run: uv tool run {cibuildwheel} {folder}{settings} --output-dir "$RUNNER_TEMP/built"
""",
}
"""How wheels are built of one member on one machine."""


def sealing(pipeline: Pipeline, words: Mapping[str, str]) -> str:
    """Return the jobs up to the seal; ``words`` are those of the whole workflow."""
    built = [name for build in pipeline.builds for name in _names(pipeline, build)]
    more = {
        "builds": "\n\n".join(_of(pipeline, build) for build in pipeline.builds),
        "built": ", ".join(built),
        "collects": when(pipeline, "needs.candidate.outputs.commit != ''"),
    }
    text = filled("matrix/github-candidate.yml", {**words, **more})
    return text.decode().rstrip("\n")


def _names(pipeline: Pipeline, build: Build) -> tuple[str, ...]:
    suffix = job_suffix(pipeline, build)
    return (f"pure{suffix}", *([f"build{suffix}"] if build.native else []))


def when(pipeline: Pipeline, condition: str) -> str:
    """Return a condition for a job after those of several groups, of which all but one are skipped.

    GitHub skips what comes after a skipped job, however far, unless it asks for a status itself.
    """
    several = len(pipeline.builds) > 1
    return f"${{{{ !failure() && !cancelled() && {condition} }}}}" if several else condition


def _of(pipeline: Pipeline, build: Build) -> str:
    condition = "needs.candidate.outputs.commit != ''"
    if len(pipeline.builds) > 1:
        condition = f"needs.candidate.outputs.group == '{build.group}'"
    words = {
        **ACTIONS,
        "suffix": job_suffix(pipeline, build),
        "condition": condition,
        "checked-out": block(_checked_out(pipeline), 6),
        "pure": block("\n".join(pure_lines(pipeline, build, '"$RUNNER_TEMP/built"')), 10),
        "machines": block("".join(_machine(build, one) for one in build.machines), 10),
        "natives": block("".join(_native(pipeline, one) for one in build.native), 6),
    }
    text = filled("matrix/github-build.yml", words)
    text += filled("matrix/github-machines.yml", words) if build.native else b""
    return text.decode().rstrip("\n")


def _checked_out(pipeline: Pipeline) -> str:
    depth = "0 # versions are tags" if pipeline.tags_are_versions else "1"
    text = CHECKED_OUT.format(depth=depth, **ACTIONS)
    return text + TAGGED if pipeline.tags_are_versions else text


def _machine(build: Build, machine: Machine) -> str:
    text = MACHINE.format(name=machine, runner=runner(machine, RUNNERS, "GitHub"))
    for one in build.native:
        if machine in one.wheels:
            text += f"  {_key(one)}: {json.dumps(_values(one, machine))}\n"
    return text


def _values(one: Native, machine: Machine) -> str:
    by_identifier = one.tool is Tool.CIBUILDWHEEL
    return " ".join(
        each.identifier if by_identifier else each.python for each in one.wheels[machine]
    )


def _key(one: Native) -> str:
    return f"of-{one.name}"


def _native(pipeline: Pipeline, one: Native) -> str:
    is_ci = one.tool is Tool.CIBUILDWHEEL
    variable = "CIBW_BUILD" if is_ci else "PYTHONS"
    settings = quote(pipeline.path("pyproject.toml"))
    head = NATIVE.format(name=one.name, key=_key(one), variable=variable)
    head += "    CIBW_ARCHS: all # of those that CIBW_BUILD names\n" if is_ci else ""
    body = BY[one.tool].format(
        folder=quote(pipeline.path(one.folder)),
        place=json.dumps(pipeline.path(one.folder)),
        requirement=one.requirement,
        cibuildwheel=CIBUILDWHEEL,
        settings=f" --config-file {settings}" if one.is_at_root else "",
    )
    return head + block(body, 2) + "\n"
