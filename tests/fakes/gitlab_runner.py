"""Runs a pipeline of GitLab here: the scripts of its jobs by bash, stage by stage.

Each job has a fresh clone at a detached HEAD, a HOME and variables of its own, and of the jobs that
it needs only their artifacts and dotenv reports. What this does not know fails the test.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from tests.fakes.git_http import WRITER
from tests.fakes.workflow_runner import Job, install, machine, must_install

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.fakes.git_http import GitServer

STAGES = (".pre", "build", "test", "deploy", ".post")
"""The stages of a pipeline that names none."""

KNOWN = {"extends", "image", "variables", "before_script", "script", "stage", "rules", "needs",
         "resource_group", "environment", "artifacts", "id_tokens", "tags", "services",
         "dependencies"}  # fmt: skip
"""The keys of jobs that the runner carries out, or need not."""

GLAB = '#!/bin/sh\nprintf "%s\\n" "$*" >>"$GLAB_CALLS"\n'


@dataclass
class GitLabRunner:
    """Runs the pipeline of a clone against the remote of a git server.

    ``secrets`` are the variables of each environment; the rest is as for ``WorkflowRunner``.
    """

    folder: Path
    server: GitServer
    secrets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    traced: dict[str, Mapping[str, str]] = field(default_factory=dict)
    base: Mapping[str, str] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    attempts: int = 0
    programs: Sequence[Path] = ()

    @property
    def calls(self) -> Path:
        """What ``glab`` was called with, a line for each call."""
        return self.folder / "glab-calls"

    def run(self, clone: Path, predefined: Mapping[str, str]) -> dict[str, Job]:
        """Run all jobs whose rules hold, in the order of their stages; somebody starts manual ones.

        ``predefined`` are GitLab's own variables, ``CI_COMMIT_SHA`` among them.
        """
        self.jobs = {}
        found = pipeline(clone)
        names = [
            name for name in found if isinstance(found[name], dict) and "script" in found[name]
        ]
        variables = {**_defaults(found), **predefined}
        for name in sorted(names, key=lambda name: STAGES.index(found[name]["stage"])):
            due = [one for one in found[name]["rules"] if holds(one["if"], variables)]
            if due and (self._has_failed() or due[0].get("when") != "on_failure"):
                self.run_job(clone, name, predefined)
        return self.jobs

    def _has_failed(self) -> bool:
        return any(one.result == "failure" for one in self.jobs.values())

    def run_job(self, clone: Path, name: str, predefined: Mapping[str, str]) -> Job:
        """Run one job, after those that it needs."""
        found = pipeline(clone)
        told = found[name]
        assert {*told} <= KNOWN, {*told} - KNOWN
        self.attempts += 1
        job = self.jobs[name] = Job(name, self.folder / f"job-{self.attempts}-{name}")
        job.clone.mkdir(parents=True)
        needed = [self.jobs[one] for one in self._needed(told)]
        if any(one.result != "success" for one in needed):
            job.result = "skipped"
            return job
        environ = machine(job.folder, "glab", GLAB)
        environ |= {**self.base, **predefined, "CI_PROJECT_DIR": str(job.clone),
                    "PATH": ":".join([environ["PATH"], *map(str, self.programs)]),
                    "GLAB_CALLS": str(self.calls), **self.traced.get(name, {})}  # fmt: skip
        environ |= self.secrets.get(told.get("environment", ""), {})
        given = {**_defaults(found), **told.get("variables", {})}
        for key, value in {**given, **_form(predefined)}.items():
            environ[key] = re.sub(r"\$(\w+)", lambda at: environ.get(at[1], ""), value)
        if told.get("variables", {}).get("GIT_STRATEGY") != "none":
            self._clone(job, environ)
        for one in needed:
            shutil.copytree(one.folder / "artifacts", job.clone, dirs_exist_ok=True)
            environ |= one.reported
        lines = [*told.get("before_script", []), *told["script"]]
        if lines[0].startswith("uv tool install "):
            must_install(lines.pop(0))
            install(Path(environ["HOME"]))
        done = _call(job, ["bash", "-eo", "pipefail", "-c", "\n".join(lines)], environ)
        job.result = "success" if done else "failure"
        self._keep(job, told.get("artifacts", {}))
        return job

    def _needed(self, told: Mapping[str, Any]) -> Iterator[str]:
        """Yield the jobs that one needs; what is optional only where it is in the pipeline."""
        for one in told.get("needs", told.get("dependencies", [])):
            name = one if isinstance(one, str) else one["job"]
            if isinstance(one, str) or not one["optional"] or name in self.jobs:
                yield name

    def _clone(self, job: Job, environ: Mapping[str, str]) -> None:
        """Clone as a runner does: the job's token is in the address, HEAD is detached."""
        address = self.server.url().replace("://", f"://{WRITER.name}:{WRITER.password}@")
        assert environ["GIT_DEPTH"] == "0"
        refs = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"]
        quiet = {key: environ[key] for key in ("PATH", "HOME", "GIT_CONFIG_NOSYSTEM")}
        for line in (
            ["init", "-q", "."],
            ["remote", "add", "origin", address],
            ["fetch", "-q", "--no-tags", "origin", *refs],
            ["checkout", "-q", "-f", "--detach", environ["CI_COMMIT_SHA"]],
        ):
            assert _call(job, ["git", *line], quiet), job.log

    def _keep(self, job: Job, told: Mapping[str, Any]) -> None:
        kept = job.folder / "artifacts"
        kept.mkdir()
        for path in told.get("paths", []):
            if (job.clone / path).is_dir():
                shutil.copytree(job.clone / path, kept / path)
            elif (job.clone / path).is_file():
                shutil.copy(job.clone / path, kept / path)
                job.outputs = _lines(kept / path)
        report = job.clone / told.get("reports", {}).get("dotenv", "none")
        if report.is_file():
            job.outputs = job.reported = _lines(report)


def _lines(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def pipeline(clone: Path) -> dict[str, Any]:
    """Return the pipeline of a clone, with what it includes and what its jobs extend."""
    yaml = YAML(typ="safe", pure=True)
    top = yaml.load(clone / ".gitlab-ci.yml")
    found: dict[str, Any] = {}
    for one in top.pop("include", []):
        found |= yaml.load(clone / one["local"])
    found |= top
    return {
        name: {**found[one["extends"]], **one, "variables": _variables(found, one)}
        if isinstance(one, dict) and "extends" in one
        else one
        for name, one in found.items()
        if not name.startswith(".")
    }


def _variables(found: Mapping[str, Any], job: Mapping[str, Any]) -> dict[str, str]:
    return {**found[job["extends"]].get("variables", {}), **job.get("variables", {})}


def _defaults(found: Mapping[str, Any]) -> dict[str, str]:
    return {name: one["value"] for name, one in found.get("variables", {}).items()}


def _form(variables: Mapping[str, str]) -> dict[str, str]:
    """Return what somebody has filled in, which goes above what a pipeline says."""
    return {key: value for key, value in variables.items() if not key.startswith("CI_")}


def holds(rule: str, variables: Mapping[str, str]) -> bool:
    """Return whether a rule holds: comparisons by ``==``, ``=~`` and ``!~`` between ``&&``."""
    for part in rule.split(" && "):
        found = re.fullmatch(r'\$(\w+) (==|=~|!~) (?:"(.*)"|/(.*)/)', part)
        assert found is not None, f"{part!r} is not known here"
        value = variables.get(found[1], "")
        if found[2] == "==":
            is_so = value == found[3]
        else:
            is_so = bool(value and re.search(found[4], value)) == (found[2] == "=~")
        if not is_so:
            return False
    return True


def _call(job: Job, line: list[str], environ: Mapping[str, str]) -> bool:
    done = subprocess.run(line, cwd=job.clone, env=environ, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, timeout=300)  # fmt: skip
    job.log += done.stdout
    return done.returncode == 0
