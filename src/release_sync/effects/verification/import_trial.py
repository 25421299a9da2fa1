"""The import of released packages, each in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from release_sync.effects.build.archives import entry_points, extra_of, modules_of
from release_sync.effects.isolation import cell
from release_sync.effects.isolation.hidden import without_agents
from release_sync.effects.isolation.view import Mount, View
from release_sync.effects.secrets import indented_tail, masked, without_upload_secrets
from release_sync.lines import split_lines
from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from devclikit.children import Start
    from release_sync.effects.uv.commands import Uv
    from release_sync.steps.observed import Report

MARKS = re.compile(r"[\s^~]*")
"""What Python writes below the code that failed, differently from version to version."""

SECONDS = 120
"""How long one import may take."""


LARGEST = 256 << 20
"""How large a file of an import may become, in bytes: what it prints is one, kept in memory."""

DRIVER = """\
import _signal, mmap, os, resource, site, sys
seconds, folder, largest, fresh, *codes = sys.argv[1:]
sys.argv[1:] = []
del sys.modules["mmap"], sys.modules["resource"]
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
limits = min(one for one in (int(largest), hard) if one >= 0), hard
places = [one for one in fresh.split(":") if os.path.isdir(one)]
def there():
    return [sorted(os.listdir(one)) for one in places], places and os.listdir("/proc")
before = there()
ended = mmap.mmap(-1, 1)
for code in codes:
    if hasattr(os, "memfd_create"):
        said = os.memfd_create("said")
    else:
        said = os.open(folder + "/said", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    ended[0] = 0
    child = os.fork()
    if not child:
        _signal.alarm(int(seconds))
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        os.dup2(said, 1)
        os.dup2(said, 2)
        site.main()
        exec(code, {"__name__": "__main__"})
        ended[0] = 1
        break
    how = os.waitpid(child, 0)[1]
    status = -os.WTERMSIG(how) if os.WIFSIGNALED(how) else os.WEXITSTATUS(how)
    size = os.fstat(said).st_size
    if size >= limits[0]:
        size += os.pwrite(said, f"\\nit printed more than {size} bytes\\n".encode(), size)
    start = max(size - 20000, 0)
    text = os.pread(said, 20000, start)
    told = "" if ended[0] and not status else status
    os.write(1, f"{told} {text.hex()}\\n".encode())
    os.close(said)
    if there() != before:
        break
"""
"""What tries one code after the other, each in a fork of itself, and tells how each ended: its exit
code, or nothing where the code came to its end, and the end of what it wrote, in hex. It imports
nothing that a trial could lean on, needs nothing that Python 3.8 lacks, and runs nothing of the
environment (``-S``): its ``.pth`` files and ``sitecustomize`` are run in each fork. The last one
is that which leaves a process, or something in the folders that are ``fresh`` in a cell."""

_TOLD = re.compile(r"(-?\d*) ([0-9a-f]*)")
"""A line of that."""

SCRIPTS = ("console_scripts", "gui_scripts")
"""The groups of entry points of which an installer makes programs."""

_LATE = "it did not end within {} seconds"


class Trial(NamedTuple):
    """What is tried, as code of Python; and what is said where it ``fails``."""

    fails: str
    code: str


def importing(module: str) -> Trial:
    """Return the import of a module."""
    return Trial(f"{module} can't be imported", f"import {module}")


def loading(group: str, name: str, value: str) -> Trial:
    """Return the loading of an entry point, as whoever calls it does (importlib.metadata).

    A script is called then.
    """
    code = f"from importlib.metadata import EntryPoint\nfound = EntryPoint({name!r}, {value!r}, "
    code += f"{group!r}).load()"
    if group in SCRIPTS:
        code += "\nif not callable(found): raise SystemExit('it is nothing to call')"
    return Trial(f"the entry point `{name} = {value}` ({group}) can't be loaded", code)


class ImportTrial:
    """Imports modules in an environment: isolated from everything else, and without a network."""

    def __init__(self, uv: Uv, environment: Path, hidden: tuple[str, ...]) -> None:
        """Import in a virtual ``environment``; ``hidden`` is what no import is to see.

        Its files are links into uv's cache, which is shown.
        """
        self.uv = uv
        self.environment = environment
        inside = f"{cell.INSIDE}/environment" if uv.isolation.isolates else str(environment)
        self.python = f"{inside}/bin/python"
        places = (_installed(environment), *uv.own_folders(environment.parent))
        shown = _shown(places, hidden)
        mounts = (*shown, Mount(str(environment), inside))
        self.view = View(mounts, hidden, cell.FRESH)

    def failures(self, tried: Sequence[Trial]) -> list[str]:
        """Try each (``python -I``); return what is wrong with it, or nothing, in their order.

        Each is in a process of its own: the one that they are forked from has imported nothing.
        They share the processes and the files of a cell: so what fails there is tried alone, too.
        """
        found = self._beside(tried)
        if len(tried) == 1:
            return found
        late = _LATE.format(SECONDS)
        return [
            self._beside([one])[0] if words and not words.endswith(late) else words
            for one, words in zip(tried, found, strict=True)
        ]

    def _beside(self, tried: Sequence[Trial]) -> list[str]:
        codes = [trial.code for trial in tried]
        environ = without_agents(without_upload_secrets(os.environ))
        with TemporaryDirectory(prefix="release-sync-import-") as root:
            fresh = ":".join(cell.FRESH) if self.uv.isolation.isolates else ""
            told = [str(SECONDS), root, str(LARGEST), fresh]
            line = [self.python, "-I", "-S", "-c", DRIVER, *told, *codes]
            seconds = (SECONDS + 1) * len(codes)
            start = self._start(root)
            try:
                done = self.uv.children.run(line, Path("/"), environ, seconds, (), start)
            except subprocess.TimeoutExpired:  # one of them does not heed its alarm
                return [f"{trial.fails}: {_LATE.format(seconds)}" for trial in tried]
        ends = [one.groups() for one in map(_TOLD.fullmatch, done.stdout.split("\n")) if one]
        untold = [(str(done.returncode or 1), done.stderr.encode().hex())] * len(tried)
        found = zip(tried, [*ends, *untold], strict=False)
        return [_failure(one, status, bytes.fromhex(said)) for one, (status, said) in found]

    def _start(self, root: str) -> Start:
        def start(line: Sequence[str], **options: Any) -> subprocess.Popen[str]:  # noqa: ANN401 - Popen's
            where, environ = options.pop("cwd"), options.pop("env")
            return self.uv.isolation.start(
                line, where, environ, self.view, Path(root).resolve(), **options
            )

        return start


def interpreter(environment: Path, hidden: Sequence[str]) -> tuple[Mount, ...]:
    """Return where the Python of an environment is installed, if that would be hidden."""
    return _shown((_installed(environment),), hidden)


def _installed(environment: Path) -> str:
    return str(Path(os.path.realpath(environment / "bin" / "python")).parents[1])


def _shown(places: Sequence[str], hidden: Sequence[str]) -> tuple[Mount, ...]:
    """Return the places that would be hidden, to be shown all the same."""
    others = (*hidden, *cell.FRESH)
    below = [one for one in places if any(Path(one).is_relative_to(other) for other in others)]
    return tuple(Mount(one, one) for one in below)


def trials(wheels: Iterable[Path], but: Iterable[str], extra: str = "") -> list[Trial]:
    """Return what is tried of some wheels: each module, and each entry point.

    All ``but`` what is in some packages. An entry point that needs an extra is tried with it alone.
    """
    below = tuple(f"{one}." for one in but)
    every = list(wheels)
    modules = {module for wheel in every for module in modules_of(wheel)}
    points = {one for wheel in every for one in entry_points(wheel) if extra_of(one[2]) == extra}
    return [
        *(importing(one) for one in sorted(modules) if not f"{one}.".startswith(below)),
        *(loading(*one) for one in sorted(points)
          if not f"{one[2].partition(':')[0].strip()}.".startswith(below)),
    ]  # fmt: skip


def import_failures(
    uv: Uv,
    environment: Path,
    tried: Sequence[Trial],
    hidden: tuple[str, ...],
    report: Report = to_nobody,
) -> list[str]:
    """Try each in an environment, isolated from everything else (``python -I``).

    Each has a process of its own, and as many run at once as there are processors. Some share a
    cell, which takes as long to make as most imports.
    """
    trial = ImportTrial(uv, environment, hidden)
    processors = os.cpu_count() or 1
    size = max(len(tried) // (4 * processors), min(4, -(-len(tried) // processors)), 1)
    some = [tried[start : start + size] for start in range(0, len(tried), size)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            found: list[str] = []
            for words in pool.map(trial.failures, some):
                found += words
                report("import", len(found), len(tried), "modules")
            return [words for words in found if words]
        except BaseException:
            uv.children.stop()  # the pool waits for whatever is at work
            raise


def _failure(trial: Trial, status: str, said: bytes) -> str:
    """Return what is wrong with a trial that ended so; nothing where it came to its end."""
    if not status:
        return ""
    if status == "0":
        return f"{trial.fails}: it ends the whole process, with exit status 0"
    if int(status) == -signal.SIGALRM:
        return f"{trial.fails}: {_LATE.format(SECONDS)}"
    lines = split_lines(masked(said.decode("utf-8", "replace")))
    tail = indented_tail("\n".join(one for one in lines if not MARKS.fullmatch(one)), 2)
    return f"{trial.fails}: {tail}"
