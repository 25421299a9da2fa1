"""The sandbox of a rehearsal: a scratch remote, a clone of it, and an embedded index."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import git

from release_sync.effects.rehearsal.index_server import embedded_index
from release_sync.effects.scratch import of_this_process
from release_sync.effects.verification.import_trial import import_failures

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from release_sync.effects.index.address import Address
    from release_sync.effects.uv.commands import Uv
    from release_sync.effects.verification.import_trial import Trial

PREFIX = "release-sync-rehearsal-"

SETTINGS = ("user.name", "user.email", "user.signingkey", "gpg.format", "gpg.ssh.program",
            "gpg.program", "commit.gpgsign", "tag.gpgsign")  # fmt: skip
"""What of the repository's own git configuration a release depends on."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The sandbox of a rehearsal; all of it is below ``folder``."""

    folder: Path
    remote: Path
    checkout: Path
    packages: Path
    index: Address

    def opened(self) -> git.Repo:
        """Return the scratch remote; git is told that we mean it (``safe.bareRepository``)."""
        repo = git.Repo(self.remote)
        repo.git.update_environment(GIT_DIR=str(self.remote))
        return repo

    def environ(self) -> dict[str, str]:
        """Return the variables by which uv may upload to the embedded index."""
        return {
            "UV_PUBLISH_USERNAME": self.index.username,
            "UV_PUBLISH_PASSWORD": self.index.password,
        }


@contextmanager
def open_sandbox(
    repository: git.Repo, branch: str, remote: str, *, keep: bool
) -> Iterator[Sandbox]:
    """Make the sandbox from HEAD of a repository, and take it away afterwards unless ``keep``."""
    with of_this_process(PREFIX) as folder:
        try:
            yield from _made(folder, repository, branch, remote)
        finally:
            if not keep:
                shutil.rmtree(folder, ignore_errors=True)


def _made(folder: Path, repository: git.Repo, branch: str, remote: str) -> Iterator[Sandbox]:
    bare = git.Repo.init(folder / "remote.git", bare=True, initial_branch=branch)
    with bare.config_writer() as writer:
        writer.set_value("receive", "shallowUpdate", value=True)  # as much as there is here
    repository.git.execute(
        ["git", "-c", "push.pushOption=", "push", "--quiet", "--no-verify", "--no-signed",
         "--no-recurse-submodules", str(folder / "remote.git"), f"HEAD:refs/heads/{branch}",
         "refs/tags/*:refs/tags/*"]
    )  # fmt: skip
    checkout = bare.clone(str(folder / "checkout"), origin=remote)
    _take_over(repository, checkout)
    _identify(checkout)
    packages = folder / "packages"
    packages.mkdir()
    with embedded_index(packages) as index:
        yield Sandbox(folder, folder / "remote.git", folder / "checkout", packages, index)


def install(
    sandbox: Sandbox,
    uv: Uv,
    workspace: Path,
    released: Mapping[str, str],
    tried: Sequence[Trial],
    python: str,
) -> list[str]:
    """Install from the embedded index in a clean environment, import, and return the failures.

    ``released`` maps each package to its version, and ``workspace`` is where it is in the clone. uv
    takes a package from the first index that has its name, and the embedded one is the first: so
    the released packages come from nowhere else.
    """
    environment = sandbox.folder / "environment"
    uv.make_environment(environment, python)
    uv.install(
        environment,
        [f"{name}=={version}" for name, version in released.items()],
        workspace,
        sandbox.index.as_uv_index,
        released,
    )
    return import_failures(uv, environment, tried, ())


def _take_over(repository: git.Repo, checkout: git.Repo) -> None:
    """Give the clone the identity, signing and hooks of the repository that it stands for."""
    reader = repository.config_reader()
    with checkout.config_writer() as writer:
        for setting in (*SETTINGS, "core.hookspath"):
            section, _, option = setting.rpartition(".")
            value = reader.get_value(_section(section), option, "")
            if value != "":
                writer.set_value(_section(section), option, value)
    hooks = Path(repository.common_dir, "hooks")
    for hook in (one for one in hooks.glob("*") if one.suffix != ".sample"):
        shutil.copy2(hook, Path(checkout.git_dir, "hooks", hook.name))


def _identify(checkout: git.Repo) -> None:
    """Give the clone an identity where git knows none: on a fresh machine there is nobody yet.

    What is rehearsed is thrown away; a real release asks who makes it.
    """
    try:
        checkout.git.var("GIT_AUTHOR_IDENT")
        checkout.git.var("GIT_COMMITTER_IDENT")
    except git.GitCommandError:
        with checkout.config_writer() as writer:
            writer.set_value("user", "name", "A rehearsal")
            writer.set_value("user", "email", "rehearsal@localhost")


def _section(name: str) -> str:
    """Write ``gpg.ssh`` as git's file format does: ``gpg "ssh"``."""
    section, _, subsection = name.partition(".")
    return f'{section} "{subsection}"' if subsection else section
