"""What a build that means harm tries: copied beside a backend, and run by it.

Each attempt returns what it has reached, or raises. ``targets.json`` beside it says where the user
has what. What it leaves running waits a minute at most.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sysconfig
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
PATIENCE = 0.3
"""How long it waits for a sibling, in seconds."""


def targets() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / "targets.json").read_text())
    return found


def read_an_environment() -> str:
    """Read the environment of a user's process: another one than builds have."""
    own = Path("/proc/self/environ").read_bytes()
    for process in processes():
        try:
            found = (process / "environ").read_bytes()
        except OSError:
            continue
        if b"HOME=" in found and found != own:
            return str(process)
    raise LookupError("no process is in sight")


def processes() -> Iterator[Path]:
    return (path for path in Path("/proc").iterdir() if path.name.isdigit())


def write_into_siblings() -> str:
    """Plant a file in the sources and in the output of a member that is built at the same time."""
    places = [Path("/release-sync/members"), *(one for one in HERE.parents if one.name)]
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for place in (one for one in places if one.name == "members" and one.is_dir()):
            for site in place.iterdir():
                if not HERE.is_relative_to(site):
                    (site / "source/planted").write_text("")
                    (site / "out/planted").write_text("")
                    return str(site)
        time.sleep(0.01)
    raise LookupError("no sibling is in sight")


def tag_the_repository() -> str:
    line = ["git", f"--git-dir={targets()['repository']}/.git", "tag", f"evil-{time.time_ns()}"]
    subprocess.run(line, check=True, capture_output=True)
    return line[-1]


def write_a_ref() -> str:
    refs = Path(targets()["remote"], "refs/heads")
    (refs / "evil").write_bytes((refs / "main").read_bytes())
    return str(refs)


def write_into_the_candidate() -> str:
    """Leave a tag and a hook where the build's own git finds them, and change a manifest."""
    top = next(path for path in (HERE, *HERE.parents) if path.name == "source")
    (top / ".git/hooks").mkdir(exist_ok=True)
    (top / ".git/hooks/pre-push").write_text("#!/bin/sh\n")
    (top / ".git/refs/tags/evil").write_bytes((top / ".git/HEAD").read_bytes())
    (HERE / "README.md").write_text("changed")
    return str(top)


def replace_the_answers() -> str:
    """Put another folder where its answers are read from outside: a link could lead anywhere."""
    own = next(path for path in (HERE, *HERE.parents) if path.name in {"source", "sdist"})
    site = own.parent
    control, aside = site / "control", site / "aside"
    control.rename(aside)
    control.symlink_to(aside)
    control.unlink()
    aside.rename(control)
    return str(site)


def rule_the_machine() -> str:
    """Open what root may write: the program that the kernel runs when another one crashes."""
    path = "/proc/sys/kernel/core_pattern"
    os.close(os.open(path, os.O_WRONLY))
    return path


def connect() -> str:
    with socket.create_connection(("127.0.0.1", targets()["port"]), 2) as stream:
        return str(stream.getpeername())


def poison_the_cache() -> str:
    return planted(Path(targets()["cache"]))


def poison_the_environment() -> str:
    return planted(Path(sysconfig.get_path("purelib")))


def planted(folder: Path) -> str:
    (folder / "evil.pth").write_text("# it could import anything")
    return str(folder)


def leave_a_daemon() -> str:
    """Be nobody's child, deaf to what ends others, and wait for an upload to edit its wheels."""
    if os.fork() == 0:
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if os.fork() == 0:
            call_itself(targets()["daemon"])
            edit_what_is_uploaded()
        os._exit(0)
    os.wait()
    return "it forked twice"


def call_itself(name: str) -> None:
    ctypes.CDLL(None).prctl(15, name.encode(), 0, 0, 0)  # PR_SET_NAME: prctl(2)


def edit_what_is_uploaded() -> None:
    """Add to each wheel that a process is to publish: only below the folder of the scene."""
    folder, until = targets()["folder"], time.monotonic() + 60
    while time.monotonic() < until:
        wheels = {wheel for process in processes() for wheel in published_by(process)}
        for wheel in (one for one in wheels if one.is_relative_to(folder)):
            wheel.chmod(0o600)
            with wheel.open("ab") as stream:
                stream.write(b"backdoor")
        time.sleep(0.01)


def published_by(process: Path) -> Iterator[Path]:
    try:
        line = (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return
    if b"publish" in line:
        yield from (Path(os.fsdecode(one)) for one in line if one.endswith(b".whl"))


ATTEMPTS = (
    read_an_environment,
    write_into_siblings,
    tag_the_repository,
    write_a_ref,
    write_into_the_candidate,
    replace_the_answers,
    rule_the_machine,
    connect,
    poison_the_cache,
    poison_the_environment,
    leave_a_daemon,
)


def attempt(one: Callable[[], str]) -> str:
    try:
        return f"reached {one()}"
    except Exception as error:  # noqa: BLE001 - whatever kept it from it
        return f"failed: {type(error).__name__}: {error}"


def attempt_all(hook: str) -> None:
    """Write down beside the package what every attempt came to."""
    (folder,) = (HERE / "src").iterdir()
    said = {one.__name__: attempt(one) for one in ATTEMPTS}
    (folder / f"{hook}.json").write_text(json.dumps(said))


if __name__ == "__main__":
    attempt_all("plain")
