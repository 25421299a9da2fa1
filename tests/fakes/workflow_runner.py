"""Runs a workflow of GitHub Actions here: its ``run:`` steps by bash, job by job.

Each job has a fresh clone, a HOME and variables of its own, and of the jobs before it only what
they handed over: outputs and artifacts. Of actions, the few that our workflows use are emulated. An
action, an expression or a key that this does not know fails the test.
"""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement
from ruamel.yaml import YAML
from tests.fakes.git_http import READER, WRITER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fakes.git_http import GitServer

PROGRAMS = Path(sys.executable).parent
"""Where release-sync and uv are, in the environment of the tests."""

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
KNOWN = {
    "workflow": {"name", "on", "permissions", "concurrency", "env", "jobs"},
    "job": {"name", "needs", "if", "runs-on", "timeout-minutes", "environment", "permissions",
            "outputs", "steps"},
    "step": {"name", "id", "if", "uses", "with", "env", "run"},
}  # fmt: skip
"""The keys that the runner carries out, or need not."""

GH = """\
#!/bin/sh
# Stands in for gh: writes down what it is called with; there is a release where one was created.
printf '%s\\n' "$*" >>"$GH_CALLS"
case "$1 $2" in
    "release view") grep -q "^release create $3 " "$GH_CALLS" ;;
esac
"""


@dataclass
class Job:
    """A job that was run: what became of it, and all that its steps wrote."""

    name: str
    folder: Path
    result: str = "success"
    outputs: dict[str, str] = field(default_factory=dict)
    log: str = ""

    @property
    def clone(self) -> Path:
        """The folder that its steps run in."""
        return self.folder / "work"


def machine(folder: Path, forge: str, script: str) -> dict[str, str]:
    """Return the variables of a machine that has uv, git, a forge's program, and a HOME."""
    tools, home = folder / "tools", folder / "home"
    for one in (tools, home):
        one.mkdir(parents=True)
    (tools / "uv").symlink_to(PROGRAMS / "uv")
    (tools / forge).write_text(script, encoding="utf-8")
    (tools / forge).chmod(0o755)
    return {
        "PATH": f"{home}/.local/bin:{tools}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(home),
        "CI": "true",
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def must_install(text: str) -> None:
    """Make sure that a line installs release-sync from a repository, with the extra."""
    found = re.fullmatch(r"uv tool install '(.*)'", text)
    assert found is not None, text
    wanted = Requirement(found[1])
    assert (wanted.name, str(wanted.url).startswith("git+")) == ("release-sync", True), text


def install(home: Path) -> None:
    """Put the release-sync of the tests where the installation would put it."""
    place = home / ".local" / "bin"
    place.mkdir(parents=True)
    (place / "release-sync").symlink_to(PROGRAMS / "release-sync")


@dataclass
class WorkflowRunner:
    """Runs workflows against the remote of a git server; all that it makes is below ``folder``.

    ``secrets`` are those of each environment; ``traced`` are variables that a job gets, too, by
    its name. ``installs`` says whether a job's installation is carried out; else the release-sync
    of the tests takes its place.
    """

    folder: Path
    server: GitServer
    secrets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    traced: dict[str, Mapping[str, str]] = field(default_factory=dict)
    base: Mapping[str, str] = field(default_factory=dict)
    installs: bool = False
    is_private: bool = False
    artifacts: dict[str, Path] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    attempts: int = 0
    repository: str = "remote.git"

    @property
    def calls(self) -> Path:
        """What ``gh`` was called with, a line for each call."""
        return self.folder / "gh-calls"

    def address(self, name: str) -> str:
        """Return an address of the server by which it is taken for GitHub (RFC 6761: loopback)."""
        return self.server.url(name).replace("127.0.0.1", "github.localhost")

    def run(
        self, file: Path, github: Mapping[str, str], inputs: Mapping[str, str] | None = None
    ) -> dict[str, Job]:
        """Run all jobs of a workflow, in the order in which it has them.

        ``github`` has at least ``ref``, ``ref_name`` and ``sha``.
        """
        self.jobs, self.artifacts = {}, {}
        workflow = YAML(typ="safe", pure=True).load(file)
        _only("workflow", workflow)
        assert workflow["permissions"] == {}, "rights are given to jobs"
        for name in workflow["jobs"]:
            self.run_job(file, name, github, inputs)
        return self.jobs

    def run_job(
        self,
        file: Path,
        name: str,
        github: Mapping[str, str],
        inputs: Mapping[str, str] | None = None,
    ) -> Job:
        """Run one job, after those that it needs; again, where it was run before."""
        workflow = YAML(typ="safe", pure=True).load(file)
        told = workflow["jobs"][name]
        _only("job", told)
        self.attempts += 1
        job = self.jobs[name] = Job(name, self.folder / f"job-{self.attempts}-{name}")
        needed = told.get("needs", [])
        needs = {one: self.jobs[one] for one in ([needed] if isinstance(needed, str) else needed)}
        token = WRITER if told["permissions"].get("contents") == "write" else READER
        values: dict[str, Any] = {
            "github": {**github, "token": token.password, "repository": "a/b",
                       "event": {"repository": {"private": self.is_private}}},
            "inputs": dict(inputs or {}),
            "needs": {one: {"outputs": needs[one].outputs} for one in needs},
            "secrets": dict(self.secrets.get(told.get("environment", ""), {})),
            "runner": {"temp": str(job.folder / "temporary")},
            "steps": {},
        }  # fmt: skip
        is_due = all(one.result == "success" for one in needs.values())
        if not is_due or not _truth(told.get("if", "true"), values):
            job.result = "skipped"
            return job
        running = _Running(self, job, values, self._environ(job, workflow, values))
        for step in told["steps"]:
            _only("step", step)
            if not running.step(step):
                job.result = "failure"
                return job
        job.outputs = {key: _filled(text, values) for key, text in told.get("outputs", {}).items()}
        return job

    def _environ(
        self, job: Job, workflow: Mapping[str, Any], values: Mapping[str, Any]
    ) -> dict[str, str]:
        """Return the variables of a job: nothing of the tests' own but where uv keeps its cache."""
        job.clone.mkdir(parents=True)
        (job.folder / "temporary").mkdir()
        return {
            **machine(job.folder, "gh", GH),
            "GITHUB_ACTIONS": "true",
            "RUNNER_TEMP": values["runner"]["temp"],
            "GH_CALLS": str(self.calls),
            **self.base,
            **{key: _filled(text, values) for key, text in workflow.get("env", {}).items()},
            **self.traced.get(job.name, {}),
        }


@dataclass
class _Running:
    runner: WorkflowRunner
    job: Job
    values: dict[str, Any]
    environ: dict[str, str]

    def step(self, step: Mapping[str, Any]) -> bool:
        """Run a step, unless its condition says no, and return whether it went well."""
        if not _truth(step.get("if", "true"), self.values):
            return True
        if "uses" in step:
            name, _, commit = step["uses"].partition("@")
            assert re.fullmatch(r"[0-9a-f]{40}", commit), step["uses"]
            given = {key: _filled(text, self.values) for key, text in step.get("with", {}).items()}
            ACTIONS[name](self, given)
            return True
        return self._script(step)

    def _script(self, step: Mapping[str, Any]) -> bool:
        text = step["run"]
        assert "${{" not in text, "what comes from outside goes by way of a variable"
        if text.startswith("uv tool install ") and not self.runner.installs:
            return self._as_installed(text)
        outputs = self.job.folder / "outputs"
        outputs.write_text("", encoding="utf-8")
        own = {key: _filled(value, self.values) for key, value in step.get("env", {}).items()}
        done = self.call(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text],
                         {**self.environ, "GITHUB_OUTPUT": str(outputs), **own})  # fmt: skip
        lines = outputs.read_text(encoding="utf-8").splitlines()
        found = dict(line.split("=", 1) for line in lines)
        self.values["steps"][step.get("id", "")] = {"outputs": found}
        return done

    def _as_installed(self, text: str) -> bool:
        """Put the release-sync of the tests where the installation would put it."""
        must_install(text)
        install(Path(self.environ["HOME"]))
        return True

    def call(self, line: list[str], environ: Mapping[str, str]) -> bool:
        """Run a program in the job's clone, keep what it writes, and return whether it ended 0."""
        done = subprocess.run(line, cwd=self.job.clone, env=environ, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False, timeout=300)  # fmt: skip
        self.job.log += done.stdout
        return done.returncode == 0

    def git(self, *arguments: str) -> None:
        """Run git; what an action does is in no trace of the job's programs."""
        environ = {key: self.environ[key] for key in ("PATH", "HOME", "GIT_CONFIG_NOSYSTEM")}
        assert self.call(["git", *arguments], environ), self.job.log

    def checkout(self, given: Mapping[str, str]) -> None:
        """Clone as actions/checkout does: what it persists is in a file below RUNNER_TEMP."""
        assert given.keys() <= {"fetch-depth", "persist-credentials", "token"}
        github = self.values["github"]
        token = given.get("token", github["token"])
        (user,) = (one for one in self.runner.server.users.values() if one.password == token)
        login = base64.b64encode(f"{user.name}:{user.password}".encode()).decode()
        secret = Path(self.environ["RUNNER_TEMP"], "credentials.config")
        of_host = f'[http "{self.runner.address("")}"]'
        header = f"\textraheader = AUTHORIZATION: basic {login}"
        secret.write_text(f"{of_host}\n{header}\n", encoding="utf-8")
        self.git("init", "-q", ".")
        self.git("remote", "add", "origin", self.runner.address(self.runner.repository))
        self.git("config", "include.path", str(secret))
        if given.get("fetch-depth", "1") == "0":
            refs = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"]
            self.git("fetch", "-q", "--no-tags", "--prune", "origin", *refs)
        depth = [] if given.get("fetch-depth", "1") == "0" else ["--depth=1"]
        name = github["ref_name"]
        if github["ref"].startswith("refs/pull/"):
            self.git("fetch", "-q", "--no-tags", *depth, "origin", github["sha"])
            self.git("checkout", "-q", "--force", "--detach", github["sha"])
        elif github["ref"].startswith("refs/tags/"):
            into = f"+{github['sha']}:{github['ref']}" if depth else github["ref"]
            self.git("fetch", "-q", "--no-tags", *depth, "origin", into)
            self.git("checkout", "-q", "--force", github["ref"])
        else:
            into = f"+{github['sha']}:refs/remotes/origin/{name}"
            self.git("fetch", "-q", "--no-tags", *depth, "origin", into)
            self.git("checkout", "-q", "--force", "-B", name, f"refs/remotes/origin/{name}")
        if given["persist-credentials"] != "true":
            secret.unlink()
            self.git("config", "--unset", "include.path")

    def set_up_uv(self, given: Mapping[str, str]) -> None:
        """Do nothing: uv is on PATH. The cache is off where somebody else could fill it."""
        assert given == {"enable-cache": "false"}

    def upload(self, given: Mapping[str, str]) -> None:
        """Keep a folder for later jobs."""
        assert given.keys() == {"name", "path", "if-no-files-found", "overwrite"}
        kept = self.runner.folder / "artifacts" / given["name"]
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(given["path"], kept)
        self.runner.artifacts[given["name"]] = kept

    def download(self, given: Mapping[str, str]) -> None:
        """Take a folder of an earlier job."""
        assert given.keys() == {"name", "path"}
        shutil.copytree(self.runner.artifacts[given["name"]], given["path"])

    def attest(self, given: Mapping[str, str]) -> None:
        """Write down what is attested."""
        folder, _, glob = given["subject-path"].rpartition("/")
        names = sorted(one.name for one in Path(folder).glob(glob))
        self.job.log += f"attested {' '.join(names)}\n"


ACTIONS = {
    "actions/checkout": _Running.checkout,
    "astral-sh/setup-uv": _Running.set_up_uv,
    "actions/upload-artifact": _Running.upload,
    "actions/download-artifact": _Running.download,
    "actions/attest": _Running.attest,
}


def _only(kind: str, found: Mapping[str, Any]) -> None:
    more = {*found} - KNOWN[kind]
    assert not more, f"a {kind} has {sorted(more)}, which this does not know"


def _value(expression: str, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - of JSON's types
    """Return what a path of names stands for; what an output or a secret lacks is empty.

    Of two with ``||`` between them that is the first, unless it is empty.
    """
    first, _, second = expression.partition(" || ")
    if second:
        return _value(first, values) or _value(second, values)
    found: Any = values
    names = expression.split(".")
    assert names[0] in values, f"{expression} is not known here"
    for at, name in enumerate(names):
        is_open = at and names[at - 1] in {"outputs", "secrets", "steps"}
        if name not in found and is_open:
            return {"outputs": {}} if names[at - 1] == "steps" else ""
        found = found[name]
    return found


def _filled(text: object, values: Mapping[str, Any]) -> str:
    if isinstance(text, bool):
        return str(text).lower()
    return EXPRESSION.sub(lambda found: str(_value(found[1], values)), str(text))


def _truth(condition: str, values: Mapping[str, Any]) -> bool:
    """Return whether a condition holds: ``true``, a path, ``!`` before one, ``PATH != ''``."""
    text = EXPRESSION.sub(r"\1", condition)
    if text == "true":
        return True
    if text.startswith("!"):
        return not _value(text[1:], values)
    path, sign, right = text.partition(" != ")
    assert (sign, right) == (" != ", "''"), f"{condition!r} is not known here"
    return bool(_value(path, values) != "")
