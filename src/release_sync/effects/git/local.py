"""The user's repository, without its remote."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import git

from release_sync.effects.git.failures import git_output, translated
from release_sync.effects.git.history import ancestry, parents, reached_refs
from release_sync.effects.git.objects import read_object, write_object
from release_sync.effects.git.operation import operation
from release_sync.effects.secrets import last_lines, lines_of
from release_sync.effects.write_problem import full_disk, told_when_full
from release_sync.errors import Problem, with_causes
from release_sync.lines import split_lines, split_records
from release_sync.toml.edits import FileEdit
from release_sync.trees.git import ask, revision

if TYPE_CHECKING:
    from collections.abc import Mapping

    Files = Mapping[str, bytes | None]

_OBJECT_NAME = re.compile(rb"[0-9a-f]{40}|[0-9a-f]{64}")


class LocalRepository:
    """A repository with a working tree, without its remote."""

    def __init__(self, repo: git.Repo) -> None:
        """Hold an open repository; nothing is asked yet."""
        self.repo = repo

    @property
    def top(self) -> Path:
        """The root of the working tree."""
        return Path(self.repo.working_tree_dir or self.repo.git_dir)

    @property
    def is_checked_out(self) -> bool:
        """Return whether git has put files into a working tree here, or has none yet to put."""
        index = Path(self.repo.git_dir, "index")
        return not self.repo.bare and (index.exists() or self.local_ref("HEAD") is None)

    @property
    def common_dir(self) -> Path:
        """The git directory that all worktrees share."""
        return Path(self.repo.common_dir).resolve()

    def head(self) -> str:
        """Return the commit of HEAD. Raises Problem where there is none, or git can't read it."""
        commit = revision(str(self.top), "HEAD^{commit}")
        if not commit:
            branch = self.branch()
            if not branch or self.local_ref(f"refs/heads/{branch}"):
                ask(str(self.top), "log", "-1")  # git says what is broken
            if self.local_refs("refs"):
                hint = "run `git switch BRANCH`; if bare, `git symbolic-ref HEAD refs/heads/BRANCH`"
                raise Problem(f"there is no commit on {branch} here", hint=hint)
            raise Problem(
                "this repository has no commit yet",
                hint="a release is made of a commit: run `git add` and `git commit` first",
            )
        return commit

    def branch(self) -> str:
        """Return the short name of the current branch; empty for a detached HEAD."""
        try:
            # Not GitPython's: it reads refs as UTF-8, and strips what is a blank to Unicode.
            ref = str(self.repo.git.symbolic_ref("--quiet", "HEAD"))
        except git.GitCommandError:
            return ""
        return ref.removeprefix("refs/heads/")

    def operation(self) -> str:
        """Return git's command of what waits here to be continued, such as ``rebase``, if any."""
        return operation(Path(self.repo.git_dir))

    def snapshot(self) -> dict[str, object]:
        """Return everything here that an undone release must leave as it was."""
        refs: dict[str, object] = {
            **self.local_refs("refs"),
            "HEAD": Path(self.repo.git_dir, "HEAD").read_bytes(),
        }
        if self.repo.bare:
            return refs
        return {
            **refs,
            "what is staged": self.repo.git.ls_files("--stage", "-v", "-z"),
            "the working tree": self._status(),
        }

    def dirty(self) -> tuple[str, ...]:
        """Return the paths that are changed, staged or untracked (and not ignored)."""
        listing = "" if self.repo.bare else self._status("--untracked-files=normal")
        return tuple(entry[3:] for entry in split_records(listing) if entry[2:3] == " ")

    def _status(self, *options: str) -> str:
        """Ask what is changed. git would write the index for it, if it were allowed to."""
        line = ["git", "--no-optional-locks", "status", "--porcelain", "-z", *options]
        return str(self.repo.git.execute(line))

    def local_ref(self, ref: str) -> str | None:
        """Return what a ref points to (a tag object, not the commit behind it), or None."""
        return revision(str(self.top), ref) or None

    def local_refs(self, prefix: str, behind: str = "") -> Mapping[str, str]:
        """Return every ref below a prefix; with ``behind``, those that this commit reaches.

        Raises Problem where git has to read an object for that, and can't.
        """
        listing = self.repo.git.for_each_ref("--format=%(refname) %(objectname)", prefix)
        refs = dict(line.split(" ") for line in split_lines(listing))
        reached = reached_refs(self.repo, behind, prefix) if behind and refs else refs
        return {one: refs[one] for one in reached}

    def broken_refs_problem(self) -> Problem | None:
        """Return which refs name no object that is here: beside one, git fetches nothing."""
        line = ["git", "for-each-ref", "--format=%(if)%(objecttype)%(then)%(end)"]
        try:
            _, _, said = self.repo.git.execute(line, with_extended_output=True)
        except git.GitCommandError as error:
            said = git_output(error)
        if not said:
            return None
        return Problem(
            with_causes("a ref is broken here, and git fetches nothing", lines_of(str(said))),
            hint="remove the ref (a file below the git directory), or bring its object back from"
            " another clone; `git fsck` shows more",
        )

    def drop_broken(self, prefix: str) -> None:
        """Remove refs of ours that a crash of the machine emptied: git can't fetch beside one."""
        for file in filter(Path.is_file, (self.common_dir / prefix).glob("*")):
            if not _OBJECT_NAME.fullmatch(file.read_bytes().strip()):
                file.unlink(missing_ok=True)

    def set_local_ref(self, ref: str, new: str | None, old: str | None) -> None:
        """Move a ref by compare-and-swap; None stands for a ref that is absent."""
        if new is None and old is None:
            return
        before = old or "0" * len(new or "")
        arguments = ["-d", ref, before] if new is None else [ref, new, before]
        with translated(f"could not set {ref}"), told_when_full(self.common_dir):
            self.repo.git.update_ref(*arguments)

    def parents(self, commit: str) -> tuple[str, ...]:
        """Return the parents of a commit."""
        return parents(self.repo, commit)

    def differences(self, base: str, edits: Files, commit: str) -> dict[str, FileEdit]:
        """Return, by path, where a commit is not its base with these edits (path to content)."""
        with tempfile.TemporaryDirectory(prefix="release-sync-index-") as aside:
            environ = {"GIT_INDEX_FILE": str(Path(aside, "index"))}
            self.repo.git.execute(["git", "read-tree", base], env=environ)
            for path, content in edits.items():
                how = ["--force-remove", "--", path]
                if content is not None:
                    mode = str(self.repo.git.ls_tree("-z", base, "--", path)).partition(" ")[0]
                    blob = write_object(self.repo, ["git", "hash-object", "-w", "--stdin"], content)
                    how = ["--add", "--cacheinfo", f"{mode or '100644'},{blob},{path}"]
                self.repo.git.execute(["git", "update-index", *how], env=environ)
            expected = str(self.repo.git.execute(["git", "write-tree"], env=environ))
        # Else git hides what submodule.NAME.ignore says (gitmodules(5)), here or in the repository.
        listing = self.repo.git.diff_tree(
            "-r", "-z", "--name-only", "--no-renames", "--ignore-submodules=none", expected, commit
        )
        return {p: self._difference(p, expected, commit) for p in split_records(str(listing))}

    def _difference(self, path: str, before: str, after: str) -> FileEdit:
        old, new = (self._blob(tree, path) for tree in (before, after))
        return FileEdit(path, old or b"", new or b"", (), gone=new is None)

    def _blob(self, tree: str, path: str) -> bytes | None:
        """Return the content of a file in a tree; None where there is no such file."""
        try:
            return read_object(self.repo, ["git", "cat-file", "blob", f"{tree}:{path}"])
        except git.GitCommandError:
            return None

    def identity_problem(self) -> Problem | None:
        """Return what git says when it does not know who commits here."""
        for variable in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
            try:
                self.repo.git.var(variable)
            except git.GitCommandError:
                return Problem(
                    "git does not know who you are, and a release is a commit and a tag",
                    hint='run `git config user.name "…"` and `git config user.email "…"`',
                )
        return None

    def is_set(self, key: str) -> bool:
        """Return whether a setting of git's is true; one that is no boolean is not."""
        try:
            return str(self.repo.git.config("--type=bool", key)) == "true"
        except git.GitCommandError:  # not set, or ``if-asked``
            return False

    def _has(self, name: str) -> bool:
        try:
            self.repo.git.cat_file("-e", name)
        except git.GitCommandError:
            return False
        return True

    def fast_forward(self, branch: str, commit: str) -> str:
        """Fast-forward a local branch to a commit, with the working tree.

        Returns what was done, or why it is left to the user. Raises Problem when the disk is full.
        """
        ref = f"refs/heads/{branch}"
        here = self.local_ref(ref)
        if here is None:
            return f"no local {branch} to move"
        is_behind = ancestry(self.repo, here, commit)
        if is_behind is None:
            return f"the history here is too short to move {branch}: run `git pull --unshallow`"
        if not is_behind:
            return f"the local {branch} has commits of its own: `git pull` brings the release in"
        if self.branch() == branch and not self.repo.bare:
            return self._move_here(branch, commit)
        if not self.repo.bare and self._checked_out_elsewhere(ref):
            return f"{branch} is checked out in another worktree: `git pull` there"
        self.set_local_ref(ref, commit, here)
        return f"the local {branch} is at {commit[:7]}"

    def _move_here(self, branch: str, commit: str) -> str:
        """Fast-forward the branch that is checked out, unless the disk is full."""
        places = (self.common_dir, self.top)
        if full := full_disk(*places):
            raise full  # before git has written half of the files
        try:
            with told_when_full(*places):
                self.repo.git.merge("--ff-only", "--quiet", commit)
        except git.GitCommandError as error:
            words = git_output(error)
            if "would be overwritten by merge" in words:
                return f"local changes are in the way: `git pull` brings {branch} up to date"
            return f"the local {branch} stays where it is, `git pull` moves it: {last_lines(words)}"
        return f"the local {branch} is at {commit[:7]}"

    def _checked_out_elsewhere(self, ref: str) -> bool:
        return bool(self.repo.git.for_each_ref(ref, format="%(worktreepath)"))
