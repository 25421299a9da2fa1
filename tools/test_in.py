"""Run the tests in environments of their own: other Pythons, and other versions of what is needed.

    python tools/test_in.py 3.12 3.14 -- tests/guardrail -n 2

An environment is a Python (``3.11`` … ``3.14``: what development is pinned to), ``lowest`` (the
lowest versions that our manifests allow, of what they name), ``newest`` (no pins) or a requirement
(``uv==0.8.0``, in place of what is pinned). Each is made below ``.venvs``. What is not on this
machine is named and skipped; it ends with 1 when tests fail somewhere, or nowhere ran, and at once
where signals are ignored that tests wait for: under ``nohup``, and behind ``&`` in a script.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parents[1]
ENVIRONMENTS = HERE / ".venvs"
UV = HERE / ".tools" / "bin" / "uv"
PINS = HERE / "tools" / "development.txt"
MANIFESTS = (HERE / "pyproject.toml", HERE / "packages" / "devclikit" / "pyproject.toml")
EXTRAS = ("--extra", "release", "--extra", "attestations")
OURS = ("--editable", str(HERE), "--editable", str(HERE / "packages" / "devclikit"))
LOWEST = (
    *("pip", "compile", "--quiet", "--upgrade", "--resolution", "lowest-direct"),
    *("--no-annotate", "--no-header", "--no-emit-package", "devclikit"),
)
OLDER_TOOL = "check-jsonschema==0.38.0"
"""Later ones do not run with the click that is our lowest."""
KINDS = ("lowest", "newest")
HEARD = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
DEFAULT = ("-n", os.environ.get("PROCESSES", "3"), "--dist", "loadgroup")


def main(given: list[str]) -> int:
    """Run the tests in each environment that is named before ``--``, with pytest's arguments."""
    ignored = [one.name for one in HEARD if signal.getsignal(one) is signal.SIG_IGN]
    if ignored:
        _say(f"error: tests send signals that are ignored here: {', '.join(ignored)}")
        _say("hint: `env --default-signal python tools/test_in.py …` hears them")
        return 1
    at = given.index("--") if "--" in given else len(given)
    arguments = given[at + 1 :] or [*DEFAULT]
    results = {name: _tested(name, arguments) for name in given[:at]}
    for name, result in results.items():
        _say(f"{name}: {result}")
    ran = [one for one in results.values() if not one.startswith("skipped")]
    return int(not ran or any(one != "passed" for one in ran))


def _tested(name: str, arguments: list[str]) -> str:
    """Return how the tests went in one environment, or why they were skipped."""
    is_here = name in KINDS or "==" in name
    python = Path(sys.executable) if is_here else _python(name)
    if python is None:
        return f"skipped: there is no Python {name} on PATH or below ~/.pyenv/versions"
    environment = ENVIRONMENTS / name
    _say(f"{name}: {environment.relative_to(HERE)}, by {python}")
    own = environment / "bin" / "python"
    if not own.exists():
        _uv("venv", "--quiet", "--no-project", "--clear", "--python", str(python), str(environment))
    _install(name, own)
    path = f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"
    for program in (own.name, "uv", "git"):
        said = _said([shutil.which(program, path=path) or program, "--version"])
        _say(f"{name}: {said.strip()}")
    line = [str(own), "-m", "pytest", *arguments]
    code = subprocess.run(line, cwd=HERE, env={**os.environ, "PATH": path}, check=False).returncode
    return "passed" if code == 0 else f"failed: pytest ended with {code}"


def _install(name: str, python: Path) -> None:
    """Bring an environment to what it is to have."""
    pip = ("--quiet", "--python", str(python))
    if name == "newest":
        group = ("--group", f"{MANIFESTS[0]}:dev")
        mirrors = [f"{HERE}[release,attestations]", str(HERE / "packages" / "devclikit")]
        editable = [word for one in mirrors for word in ("--editable", one)]
        _uv("pip", "install", *pip, "--upgrade", *group, *editable)
        return
    _uv("pip", "sync", *pip, "--require-hashes", "--only-binary", ":all:", str(PINS))
    if name == "lowest":
        chosen = ENVIRONMENTS / "lowest.txt"
        line = [*LOWEST, *EXTRAS, "--python", str(python), "--output-file", str(chosen)]
        _uv(*line, *map(str, MANIFESTS))
        # Beside the pinned tools, whose own needs are no matter here, but for one.
        _uv("pip", "install", *pip, "--no-deps", "--requirement", str(chosen), OLDER_TOOL)
    if "==" in name:
        _uv("pip", "install", *pip, "--no-deps", name)
    _uv("pip", "install", *pip, "--no-deps", "--no-build-isolation", *OURS)


def _python(version: str) -> Path | None:
    """Return a Python of this version that runs; pyenv's shims may only say which ones it has."""
    for candidate in _candidates(version):
        line = [str(candidate), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        if _said(line).strip() == version:
            return candidate
    return None


def _candidates(version: str) -> Iterator[Path]:
    found = shutil.which(f"python{version}")
    if found:
        yield Path(found)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python"), reverse=True)


def _said(line: list[str]) -> str:
    return subprocess.run(line, capture_output=True, text=True, check=False).stdout


def _uv(*arguments: str) -> None:
    subprocess.run([str(UV), *arguments], cwd=HERE, check=True)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
