"""An export of a commit in which git answers as in a clone, with the same bytes on every machine.

Tools list files by git while they build (setuptools-scm, hatchling's ``exclude``), or read the
history. So the export has a repository of its own, which borrows the objects of the user's: a ref
that is made there is made nowhere else.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import git

from release_sync.effects.git.failures import translated
from release_sync.errors import Problem
from release_sync.lines import split_lines, split_records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

AS_GIT_HAS_IT = {
    "core.attributesFile": os.devnull,
    "core.autocrlf": "false",
    "core.eol": "lf",
    "core.safecrlf": "false",
    "core.symlinks": "true",
    "core.fileMode": "true",
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.sparseCheckout": "false",
    "advice.detachedHead": "false",
}
"""What of a user's settings would change a file, or run something: git-config(1)."""

POINTER = b"version https://git-lfs.github.com/spec/v"
"""How a file begins that stands for one in Git LFS (Git LFS's specification)."""

_UMASK = 0o022


def export(
    repo: git.Repo, commit: str, folder: Path, objects: str, time: int, tags: Sequence[str] = ()
) -> None:
    """Write all files of a commit into a folder that is not there yet, and a repository.

    In that one the commit has ``tags``, too, which do not exist yet. ``objects`` is where it will
    find the objects of ``repo``: in a cell that is another place.
    ``time`` is the modification time of every file, in seconds. Filters apply where the commit's
    own attributes name them and they are configured. Raises Problem.
    """
    quiet = ["--quiet", "--template=", f"--object-format={_format(repo)}"]
    repo.git.execute(["git", "init", *quiet, str(folder)], umask=_UMASK)
    own = folder / ".git"
    borrowed = own / "objects" / "info" / "alternates"
    borrowed.parent.mkdir(parents=True, exist_ok=True)
    borrowed.write_text(f"{objects_of(repo)}\n", encoding="utf-8", errors="surrogateescape")
    shallow = Path(repo.common_dir, "shallow")
    if shallow.exists():
        shutil.copyfile(shallow, own / "shallow")
    (own / "packed-refs").write_text(_refs(repo, commit, tags), "utf-8", "surrogateescape")
    with (own / "config").open("a", encoding="utf-8") as file:  # what a build asks git holds, too
        for name, value in AS_GIT_HAS_IT.items():
            section, _, key = name.partition(".")
            file.write(f"[{section}]\n\t{key} = {value}\n")
    settings = {**AS_GIT_HAS_IT, **_filters(repo)}
    line = [
        "git",
        *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
    ]
    with translated("the files of the release commit can't be written"):
        git.Repo(folder).git.execute(
            [*line, "checkout", "--quiet", "--force", "--detach", commit], umask=_UMASK
        )
    borrowed.write_text(f"{objects}\n", encoding="utf-8", errors="surrogateescape")
    _date(folder, time)


def lay_out(repo: git.Repo, commit: str, folder: Path) -> None:
    """Write all files of a commit into a folder that is not there yet, and nothing else.

    It takes one process, where an export takes eight. Raises GitCommandError.
    """
    folder.mkdir(parents=True)
    alone = {**AS_GIT_HAS_IT, "core.splitIndex": "false"}  # else part of the index stays there
    settings = (word for one in alone.items() for word in ("-c", "=".join(one)))
    own = [f"--git-dir={repo.git_dir}", f"--work-tree={folder}"]
    with tempfile.TemporaryDirectory() as aside:
        repo.git.execute(
            ["git", *own, *settings, "checkout", "--quiet", commit, "--", "."],
            env={"GIT_INDEX_FILE": f"{aside}/index"},
        )


def lay(folder: Path, files: Mapping[str, bytes | None]) -> None:
    """Write files below a folder; None stands for one that is removed."""
    for path, content in files.items():
        target = folder / path
        if content is None:
            target.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def objects_of(repo: git.Repo) -> Path:
    """Return the folder with the objects of a repository."""
    return Path(repo.common_dir).resolve() / "objects"


def refuse_pointers(folder: Path, below: Sequence[Path]) -> None:
    """Raise Problem where an export has a pointer of Git LFS in place of a file that is built."""
    listing = git.Repo(folder).git.ls_files("-z", "--", *map(str, below))
    found = [path for path in split_records(listing) if _is_pointer(folder / path)]
    if found:
        raise Problem(
            f"Git LFS has not brought {', '.join(sorted(found))}: a pointer would be published",
            hint="install git-lfs, run `git lfs install` and `git lfs pull`, then release again",
        )


def _refs(repo: git.Repo, commit: str, tags: Sequence[str]) -> str:
    """Return the branches and tags as git packs them; the commit has the new ``tags``."""
    listing = repo.git.for_each_ref("refs/heads", "refs/tags", format="%(objectname) %(refname)")
    there = {name: oid for oid, _, name in (one.partition(" ") for one in split_lines(listing))}
    oid = repo.commit(commit).hexsha
    there |= {f"refs/tags/{tag}": oid for tag in tags}
    return "".join(f"{oid} {name}\n" for name, oid in there.items())


def _is_pointer(file: Path) -> bool:
    if file.is_symlink() or not file.is_file():
        return False
    with file.open("rb") as stream:
        return stream.read(len(POINTER)) == POINTER


def _format(repo: git.Repo) -> str:
    return str(repo.git.rev_parse("--show-object-format"))


def _filters(repo: git.Repo) -> dict[str, str]:
    """Return the filters that the repository itself configures: the export would not know them."""
    try:
        listing = repo.git.config("--local", "--null", "--get-regexp", r"^filter\.")
    except git.GitCommandError:
        return {}  # there are none
    return dict(entry.partition("\n")[::2] for entry in split_records(listing))


def _date(folder: Path, time: int) -> None:
    """Give every file and folder but git's own one modification time."""
    for parent, folders, files in os.walk(folder, topdown=True):
        if Path(parent) == folder:
            folders.remove(".git")
        for name in (*files, *folders):
            os.utime(Path(parent, name), (time, time), follow_symlinks=False)
    os.utime(folder, (time, time))
