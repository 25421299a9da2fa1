"""The scratch checkout in which a release is built and committed."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import git

from release_sync.effects.build.artifact_store import sha256
from release_sync.effects.build.artifacts import Incomplete, build, files
from release_sync.effects.build.differing import all_differences
from release_sync.effects.build.environment import OBJECTS, Surroundings
from release_sync.effects.build.project import Sources, project_in
from release_sync.effects.git import committing
from release_sync.effects.git.source_tree import export, lay, objects_of, refuse_pointers
from release_sync.effects.git.submodules import refuse_submodules
from release_sync.effects.isolation.hidden import hidden_places
from release_sync.effects.landing.commits import LandingCommits
from release_sync.effects.scratch import tree_of
from release_sync.effects.uv.cell import folder_in_memory
from release_sync.effects.verification.place import Place
from release_sync.effects.verification.verify import incomplete, verify
from release_sync.effects.workspace_at import tags_to_come, withheld_at
from release_sync.effects.write_problem import is_full
from release_sync.errors import Problem
from release_sync.seals.artifact import Artifact, Artifacts, Level
from release_sync.steps.observed import to_nobody
from release_sync.trees.commit import CommitTree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from release_sync.effects.build.ahead import EnvironmentsAhead
    from release_sync.effects.build.artifact_store import ArtifactStore
    from release_sync.effects.build.member_build import Built
    from release_sync.effects.git.repository import Repository
    from release_sync.effects.scratch import Scratch
    from release_sync.effects.uv.commands import Uv
    from release_sync.seals.artifact import Expected
    from release_sync.seals.built_with import BuiltWith
    from release_sync.steps.observed import Report
    from release_sync.steps.ports.git import Merged
    from release_sync.steps.ports.workbench import Development, Rewrite


class ScratchWorkbench:
    """A detached worktree in a scratch folder. Implements the port ``Workbench``.

    ``prefix`` is the workspace's folder inside the repository, empty when it is the root.
    ``findings`` tells what the guardrail says of a commit. ``index`` is where the release goes, as
    ``UV_INDEX`` takes it. Builds take what was made ``ahead``, if it is what they need.
    """

    def __init__(
        self,
        repository: Repository,
        prefix: str,
        uv: Uv,
        store: ArtifactStore,
        scratch: Scratch,
        findings: Callable[[str], Sequence[str]],
        index: str,
        ahead: EnvironmentsAhead,
    ) -> None:
        """Hold what is needed; nothing is made yet."""
        self.repository = repository
        self.prefix = prefix
        self.uv = uv
        self.store = store
        self.scratch = scratch
        self.findings = findings
        self.index = index
        self.ahead = ahead
        self._folders: list[Path] = []
        self._from_trees: dict[str, Path] = {}
        self._builds = False

    @property
    def root(self) -> Path:
        """The workspace's root in the scratch checkout."""
        return self._tree / self.prefix

    @property
    def _tree(self) -> Path:
        return tree_of(self._folders[-1])

    def open(self, base: str) -> None:
        """Check all of ``base`` out in a new folder; no hook of the repository runs for it."""
        self._folders.append(self.scratch.make())
        self.repository.repo.git.execute(
            ["git", *committing.FULL, "-c", f"core.hooksPath={os.devnull}", "worktree", "add",
             "--quiet", "--detach", "--force", str(self._tree), base]
        )  # fmt: skip

    def write(self, rewrite: Rewrite) -> None:
        """Replace, make or remove one file. Raises Problem for a path that leads elsewhere."""
        file = (self.root / rewrite.path).resolve()
        if not file.is_relative_to(self._tree):
            raise Problem(f"{rewrite.path} leads out of the workspace")
        lay(self.root, {rewrite.path: rewrite.content})

    def commit(self, message: str, paths: Sequence[str]) -> str:
        """Commit exactly these paths; the repository's own hooks run, within a bound."""
        scratch = git.Repo(self._tree)
        tree = committing.stage(scratch, [str(Path(self.prefix, path)) for path in paths])
        committing.commit(scratch, message)
        candidate = scratch.head.commit
        if candidate.tree.hexsha != tree:
            raise Problem(
                "a commit hook changed the release commit, which must be exactly the edits",
                hint="run the hook on the branch first, so that it has nothing to change",
            )
        if wrong := self.findings(candidate.hexsha):
            raise Problem(f"the release commit is not in lockstep: {'; '.join(wrong)}")
        return str(candidate.hexsha)

    def build(
        self,
        members: Sequence[Expected],
        candidate: str,
        sealed: Sequence[BuiltWith] = (),
        report: Report = to_nobody,
    ) -> Artifacts:
        """Build sdists and wheels side by side; the store is to accept them. Raises Problem."""
        self._builds = True
        self.store.renew()
        try:
            built, environments = self._build(members, candidate, sealed, report)
        except Incomplete as error:
            others = {members[number]: one.files for number, one in error.built.items()}
            self._keep_trees(members, error.built)
            raise incomplete(error.problems, self.uv, others, self._place(), report) from error
        self._keep_trees(members, dict(enumerate(built)))
        kept = tuple(self._keep(member, file) for member, file in files(members, built))
        self._discard()
        return Artifacts(kept, tuple(note for one in built for note in one.notes), environments)

    def reproduce(
        self, members: Sequence[Expected], candidate: str, before: Artifacts, report: Report
    ) -> tuple[str, ...]:
        """Build once more, elsewhere; return in words what differs from what the store has."""
        built, _ = self._build(members, candidate, before.environments, report)
        again = {file.name: file for _, file in files(members, built)}
        kept = {one.filename: self.store.path(one) for one in before.files}
        found = all_differences(kept, again)
        self._discard()
        return found

    def _discard(self) -> None:
        for place in self._folders[-1].glob("build-*"):
            self.scratch.discard(place)

    def _build(
        self, members: Sequence[Expected], commit: str, sealed: Sequence[BuiltWith], report: Report
    ) -> tuple[list[Built], tuple[BuiltWith, ...]]:
        repo = git.Repo(self.repository.repo.git_dir)  # which no other thread uses
        refuse_submodules(repo, commit, self.prefix, members)
        versions = {one.name: one.version for one in members}
        sources = self._export(repo, commit, versions)
        refuse_pointers(sources.tree, [Path(self.prefix, one.folder) for one in members])
        folders = {member.name: member.folder for member in members}
        projects = [project_in(sources.workspace, name, folders) for name in folders]
        ahead = self.ahead.offered(self.uv, sources.workspace)
        surroundings = Surroundings(self._hidden(), str(objects_of(repo)), ahead)
        compared = not sealed and members[0].level is Level.FULL
        return build(self.uv, sources, versions, surroundings, projects, sealed, report, compared)

    def _export(self, repo: git.Repo, candidate: str, versions: Mapping[str, str]) -> Sources:
        """Write the files of the candidate as git has them, the same on every machine."""
        place = Path(tempfile.mkdtemp(dir=self._folders[-1], prefix="build-"))
        tree = place / "sources"
        epoch = repo.commit(candidate).committed_date
        objects = OBJECTS if self.uv.isolation.isolates else str(objects_of(repo))
        tags = tags_to_come(self._committed(candidate), versions)
        export(repo, candidate, tree, objects, epoch, tags)
        return Sources(place / "build", tree, tree / self.prefix, epoch)

    def _hidden(self) -> tuple[str, ...]:
        """Return what no build is to see: the user's repository, above all."""
        return hidden_places(self.uv.environ, (self.repository.top, self.repository.common_dir))

    def _keep_trees(self, members: Sequence[Expected], built: Mapping[int, Built]) -> None:
        aside = self._folders[-1]
        trees = {members[n].name: one.from_tree for n, one in built.items()}
        self._from_trees = {n: one.rename(aside / one.name) for n, one in trees.items() if one}

    def _keep(self, member: Expected, file: Path) -> Artifact:
        kept = Path(shutil.move(file, self.store.incoming / file.name))
        return Artifact(member.name, kept.name, kept.stat().st_size, sha256(kept))

    def verify(
        self, members: Sequence[Expected], artifacts: Sequence[Artifact], report: Report
    ) -> str:
        """Raise one Problem with all failures, of each and of the set; return what was tried."""
        paths = [(one.member, self.store.path(one)) for one in artifacts]
        built = {one: [path for name, path in paths if name == one.name] for one in members}
        memory = folder_in_memory()
        try:
            return verify(self.uv, built, self._place(memory), report)
        except (Problem, OSError) as error:
            if memory is None or not is_full(error):
                raise
        return verify(self.uv, built, self._place(), report)  # others have filled it meanwhile

    def _place(self, where: Path | None = None) -> Place:
        root, trees = self.root, self._from_trees
        own = self.index, self._hidden(), withheld_at(root)
        return Place(self.scratch.make(where), root, *own, trees, elsewhere=not self._builds)

    def make_tag(self, name: str, candidate: str, message: str) -> str:
        """Make an annotated tag object for the candidate, under no ref; return its oid.

        Two machines can make the same release of the same commit in the same second, and a push of
        the same object succeeds on both. So each seal says something that no other one does.
        """
        aside = self._folders[-1] / "tag"
        unique = f"{message}Nonce: {secrets.token_hex(16)}\n"
        return self.repository.make_tag(name, candidate, unique, aside)

    def probe(self) -> None:
        """Check that a branch can be created and deleted where pending refs are. Raises Problem."""
        if problem := self.repository.try_probe(self.repository.names.probe(secrets.token_hex(8))):
            raise problem

    def merge(self, tip: str, commit: str, message: str) -> Merged:
        """Merge a commit into the tip (see ``effects.landing.commits``). Raises Conflict."""
        return self._landing().merge(tip, commit, message)

    def develop(self, candidate: str, development: Development) -> str:
        """Make the commit that follows a candidate. Raises Problem."""
        return self._landing().develop(candidate, development)

    def _landing(self) -> LandingCommits:
        return LandingCommits(self.repository, self._committed, self.scratch.make())

    def _committed(self, rev: str) -> CommitTree:
        folder = "" if self.prefix == "." else self.prefix
        return CommitTree(str(self.repository.top), rev, folder)

    def close(self) -> None:
        """Remove every scratch folder of this run."""
        self.ahead.end()
        self.scratch.sweep()
        self._folders.clear()
