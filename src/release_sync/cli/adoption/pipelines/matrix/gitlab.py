"""The jobs of GitLab CI/CD that reserve a version, build it on many machines, and seal that."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from release_sync.cli.adoption.pipelines.actions import CIBUILDWHEEL, IMAGES
from release_sync.cli.adoption.pipelines.filling import block, filled
from release_sync.cli.adoption.pipelines.matrix.builds import Tool
from release_sync.cli.adoption.pipelines.matrix.lines import job_suffix, pure_lines, runner
from release_sync.cli.adoption.pipelines.matrix.machines import Machine
from release_sync.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from release_sync.cli.adoption.pipelines.kind import Pipeline
    from release_sync.cli.adoption.pipelines.matrix.builds import Build, Native

RUNNERS = {
    Machine("linux", "x86_64"): "saas-linux-small-amd64",
    Machine("linux", "i686"): "saas-linux-small-amd64",
    Machine("linux", "aarch64"): "saas-linux-small-arm64",
    Machine("macos", "arm64"): "saas-macos-medium-m1",
    Machine("macos", "universal2"): "saas-macos-medium-m1",
    Machine("windows", "amd64"): "saas-windows-medium-amd64",
    Machine("windows", "win32"): "saas-windows-medium-amd64",
}
"""The tags of the runners that GitLab hosts, by what they build without emulation."""

ACROSS = {**RUNNERS, Machine("macos", "x86_64"): "saas-macos-medium-m1"}
"""The same, with what cibuildwheel builds there for another machine."""


class System(NamedTuple):
    """How a job of a system begins and ends: shells differ, and what is installed there.

    What is built lies beside the clone until all is built, or it would be built into the rest.
    """

    machine: str
    installation: str
    checked_out: str
    moved: str
    folder: str


CHECKED_OUT = """\
- test -n "$commit" || exit 0
- git fetch --quiet origin "$ref" && git checkout --quiet --detach "$commit"
"""
BESIDE = '"$CI_PROJECT_DIR.built"'
MOVED = f"- mv {BESIDE} built"

TAGGED = '- git tag --force "$tag" # the tag is the version\n'

SYSTEMS = {
    "linux": System("image: {uv-image}", "- uv --version", CHECKED_OUT, MOVED, BESIDE),
    "macos": System(
        "image: macos-15-xcode-16",
        "- curl -LsSf https://astral.sh/uv/{uv}/install.sh | sh\n"
        '- export PATH="$HOME/.local/bin:$PATH"',
        CHECKED_OUT,
        MOVED,
        BESIDE,
    ),
    "windows": System(
        "# its scripts are for PowerShell",
        "- irm https://astral.sh/uv/{uv}/install.ps1 | iex\n"
        '- $env:Path = "$env:USERPROFILE\\.local\\bin;$env:Path"',
        "- if (-not $env:commit) { exit 0 }\n"
        "- git fetch --quiet origin $env:ref\n"
        "- git checkout --quiet --detach $env:commit\n",
        '- Move-Item "$env:CI_PROJECT_DIR.built" built',
        '"$env:CI_PROJECT_DIR.built"',
    ),
}

DOCKER = """\
services: # cibuildwheel builds in containers
  - name: {docker-image}
    alias: docker
    entrypoint: ["env", "-u", "DOCKER_HOST"]
    command: ["dockerd-entrypoint.sh"]
"""
DOCKER_CLIENT = "- apt-get update -qq && apt-get install -qq --yes docker.io"
CLONED = 'GIT_STRATEGY: clone\nGIT_DEPTH: "0"\n'
TO_DOCKER = 'DOCKER_HOST: tcp://docker:2375\nDOCKER_TLS_CERTDIR: ""\n'


def sealing(pipeline: Pipeline, words: Mapping[str, str], rule: Callable[[str], str]) -> str:
    """Return the jobs up to the seal; ``rule`` has the rule for a group's jobs."""
    made = {name: text for build in pipeline.builds for name, text in _of(pipeline, build, rule)}
    several = len(pipeline.builds) > 1
    needs = [f"{{job: {one}, optional: true}}" if several else one for one in made]
    more = {
        "builds": "\n\n".join(one.strip("\n") for one in made.values()),
        "built": f"[{', '.join([f'candidate{pipeline.suffix}', *needs])}]",
    }
    text = filled("matrix/gitlab-candidate.yml", {**words, **more})
    return text.decode().rstrip("\n")


def _of(pipeline: Pipeline, build: Build, rule: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    rules = block(rule(build.group), 4)
    suffix = pipeline.suffix or job_suffix(pipeline, build)
    lines = "".join(f"- {one}\n" for one in pure_lines(pipeline, build, BESIDE))
    tagged = TAGGED if pipeline.tags_are_versions else ""
    words = {
        "of": pipeline.suffix,
        "suffix": suffix,
        "rules": rules,
        "checked-out": block(CHECKED_OUT + tagged, 4),
        "pure": block(lines + MOVED, 4),
    }
    yield f"pure{suffix}", filled("matrix/gitlab-pure.yml", words).decode()
    for native in build.native:
        for machine in sorted(native.wheels):
            name = f"build-{native.name}-{machine}"
            job = {
                "name": name,
                "of": pipeline.suffix,
                "rules": rules,
                **_job(pipeline, native, machine),
            }
            yield name, filled("matrix/gitlab-build.yml", job).decode()


def _job(pipeline: Pipeline, native: Native, machine: Machine) -> dict[str, str]:
    """Return what differs from job to job: the machine, and the lines that build there."""
    if native.tool is Tool.MATURIN:
        raise Unreadable(
            f"{native.name} is built by maturin, and the images of GitLab's jobs have no Rust",
            hint="configure cibuildwheel for it ([tool.cibuildwheel]), or write these jobs"
            " yourself: docs/ci.md, `Built on many machines`",
        )
    system = SYSTEMS[machine.system]
    is_ci = native.tool is Tool.CIBUILDWHEEL
    is_docker = is_ci and machine.system == "linux"
    made = native.wheels[machine]
    tag = runner(machine, ACROSS if is_ci else RUNNERS, "GitLab")
    head = f"tags: [{tag}]\n{system.machine.format(**IMAGES)}\n"
    if is_docker:
        head += DOCKER.format(**IMAGES)
    variables = CLONED + (TO_DOCKER if is_docker else "")
    if is_ci:
        names = " ".join(one.identifier for one in made)
        variables += f'CIBW_BUILD: "{names}"\nCIBW_ARCHS: all # of those that CIBW_BUILD names\n'
    tagged = TAGGED if pipeline.tags_are_versions else ""
    if machine.system == "windows":
        tagged = tagged.replace('"$tag"', "$env:tag")
    script = [*_lines(pipeline, native, machine, system.folder), system.moved]
    client = f"\n{DOCKER_CLIENT}" if is_docker else ""
    return {
        "machine": block(head, 2),
        "variables": block(variables, 4),
        "installation": block(system.installation.format(**IMAGES) + client, 4),
        "script": block(system.checked_out + tagged + "\n".join(script), 4),
    }


def _lines(pipeline: Pipeline, native: Native, machine: Machine, folder: str) -> Iterator[str]:
    place = quote(pipeline.path(native.folder))
    if native.tool is Tool.CIBUILDWHEEL:
        settings = quote(pipeline.path("pyproject.toml"))
        more = f" --config-file {settings}" if native.is_at_root else ""
        yield f"- uv tool run {CIBUILDWHEEL} {place}{more} --output-dir {folder}"
        return
    for one in native.wheels[machine]:
        yield f"- uv build {place} --wheel --python {one.python} --out-dir {folder}"
