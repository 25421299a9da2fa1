"""Runs a workflow of GitHub Actions here: its ``run:`` steps by bash, job by job.

Each job has a fresh clone, a HOME and variables of its own, and of the jobs before it only what
they handed over: outputs and artifacts. Of actions, the few that our workflows use are emulated. An
action, an expression or a key that this does not know fails the test.
"""

from __future__ import annotations

import base64
import fnmatch
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement
from ruamel.yaml import YAML
from tests.fakes.git_http import READER, WRITER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.fakes.git_http import GitServer

PROGRAMS = Path(sys.executable).parent
"""Where release-sync and uv are, in the environment of the tests."""

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
KNOWN = {
    "workflow": {"name", "on", "permissions", "concurrency", "env", "jobs"},
    "job": {"name", "needs", "if", "runs-on", "timeout-minutes", "environment", "permissions",
            "outputs", "steps", "strategy", "defaults"},
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
    """A job that was run: what became of it, and all that its steps wrote.

    ``reported`` are the variables that it sets for other jobs, as a dotenv report does.
    """

    name: str
    folder: Path
    result: str = "success"
    outputs: dict[str, str] = field(default_factory=dict)
    reported: dict[str, str] = field(default_factory=dict)
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
    of the tests takes its place. ``programs`` are folders with more of what a machine has.
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
    programs: Sequence[Path] = ()

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
            self.run_again(file, name, github, inputs)
        return self.jobs

    def run_again(
        self,
        file: Path,
        name: str,
        github: Mapping[str, str],
        inputs: Mapping[str, str] | None = None,
    ) -> Job:
        """Run a job; one with a matrix on each of its machines, and return the worst of them."""
        told = YAML(typ="safe", pure=True).load(file)["jobs"][name]
        if "strategy" not in told:
            return self.run_job(file, name, github, inputs)
        assert told["strategy"]["fail-fast"] is False
        rows = told["strategy"]["matrix"]["include"]
        legs = [self.run_job(file, name, github, inputs, row) for row in rows]
        found = min(legs, key=lambda one: ("failure", "success", "skipped").index(one.result))
        self.jobs[name] = replace(found, name=name)
        return found

    def run_job(
        self,
        file: Path,
        name: str,
        github: Mapping[str, str],
        inputs: Mapping[str, str] | None = None,
        row: Mapping[str, str] | None = None,
    ) -> Job:
        """Run one job, after those that it needs; again, where it was run before.

        ``row`` is what its matrix says of this leg.
        """
        workflow = YAML(typ="safe", pure=True).load(file)
        told = workflow["jobs"][name]
        _only("job", told)
        self.attempts += 1
        leg = f"{name} {row['machine']}" if row else name
        job = Job(leg, self.folder / f"job-{self.attempts}-{name}")
        self.jobs[leg] = job
        needs = {one: self.jobs[one] for one in _needed(told)}
        token = WRITER if told["permissions"].get("contents") == "write" else READER
        values: dict[str, Any] = {
            "github": {**github, "token": token.password, "repository": "a/b",
                       "event": {"repository": {"private": self.is_private}}},
            "inputs": dict(inputs or {}),
            "needs": {key: {"outputs": one.outputs, "result": one.result}
                      for key, one in needs.items()},
            "matrix": dict(row or {}),
            "status": self._status(workflow, name),
            "secrets": dict(self.secrets.get(told.get("environment", ""), {})),
            "runner": {"temp": str(job.folder / "temporary")},
            "steps": {},
        }  # fmt: skip
        if not _truth(told.get("if", "true"), values):
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

    def _status(self, workflow: Mapping[str, Any], name: str) -> set[str]:
        """Return what became of all jobs before one, however far before (GitHub's `success()`)."""
        before, left = set[str](), _needed(workflow["jobs"][name])
        while left:
            one = left.pop()
            before.add(one)
            left += _needed(workflow["jobs"][one])
        return {self.jobs[one].result for one in before}

    def _environ(
        self, job: Job, workflow: Mapping[str, Any], values: Mapping[str, Any]
    ) -> dict[str, str]:
        """Return the variables of a job: nothing of the tests' own but where uv keeps its cache."""
        job.clone.mkdir(parents=True)
        (job.folder / "temporary").mkdir()
        here = machine(job.folder, "gh", GH)
        return {
            **here,
            "PATH": ":".join([here["PATH"], *map(str, self.programs)]),
            "RUNNER_OS": "Linux",
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
        self.values["status"] = {"success"}
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
        assert given.keys() <= {"fetch-depth", "persist-credentials", "token", "ref"}
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
        commit = given.get("ref", github["sha"])
        if "ref" in given or github["ref"].startswith("refs/pull/"):
            assert re.fullmatch("[0-9a-f]{40}", commit), "what was reserved is named by its commit"
            self.git("fetch", "-q", "--no-tags", *depth, "origin", commit)
            self.git("checkout", "-q", "--force", "--detach", commit)
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
        hidden = shutil.ignore_patterns(".*")  # as the action has it, unless told otherwise
        shutil.copytree(given["path"], kept, ignore=hidden)
        self.runner.artifacts[given["name"]] = kept

    def download(self, given: Mapping[str, str]) -> None:
        """Take a folder of an earlier job, or all whose names begin so, into one."""
        kept = self.runner.artifacts
        if "pattern" not in given:
            assert given.keys() == {"name", "path"}
            shutil.copytree(kept[given["name"]], given["path"])
            return
        assert given.keys() == {"pattern", "path", "merge-multiple"}
        for name in fnmatch.filter(kept, given["pattern"]):
            shutil.copytree(kept[name], given["path"], dirs_exist_ok=True)

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
        is_open = at and names[at - 1] in {"outputs", "secrets", "steps", "matrix"}
        if name not in found and is_open:
            return {"outputs": {}} if names[at - 1] == "steps" else ""
        found = found[name]
    return found


def _filled(text: object, values: Mapping[str, Any]) -> str:
    if isinstance(text, bool):
        return str(text).lower()
    return EXPRESSION.sub(lambda found: str(_value(found[1], values)), str(text))


def _needed(job: Mapping[str, Any]) -> list[str]:
    needed = job.get("needs", [])
    return [needed] if isinstance(needed, str) else [*needed]


STATUSES = {
    "failure()": {"failure"},
    "cancelled()": set[str](),
    "(failure() || cancelled())": {"failure"},
}
"""What asks for what became of the jobs before; without one of them, all must be a success."""


def _truth(condition: str, values: Mapping[str, Any]) -> bool:
    """Return whether all parts hold: a status, a path, ``!`` before one, one compared with a text.

    Where none is a status, nothing before may have failed or have been skipped.
    """
    parts = EXPRESSION.sub(r"\1", condition).split(" && ")
    is_due = any(one in condition for one in STATUSES) or values["status"] <= {"success"}
    return is_due and all(_holds(one, values) for one in parts)


def _holds(text: str, values: Mapping[str, Any]) -> bool:
    if text == "true":
        return True
    if text in STATUSES:
        return bool(STATUSES[text] & values["status"])
    if text.startswith("!"):
        return not _holds(text[1:], values) if "()" in text else not _value(text[1:], values)
    found = re.fullmatch(r"(\S+) (!=|==) '(.*)'", text)
    assert found is not None, f"{text!r} is not known here"
    return (str(_value(found[1], values)) == found[3]) == (found[2] == "==")
