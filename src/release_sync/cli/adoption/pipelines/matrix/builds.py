"""What is built of each group, on which machines and with what."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from packaging.requirements import InvalidRequirement, Requirement

from release_sync.cli.adoption.pipelines.matrix.extensions import compiled_by
from release_sync.cli.adoption.pipelines.matrix.machines import (
    Machine,
    Wheel,
    is_of_a_platform,
    machine,
    wheels,
)
from release_sync.errors import Unreadable
from release_sync.run.bundle.gathered import EVERY
from release_sync.standards.specifiers import admits
from release_sync.toml.manifest import parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from release_sync.toml.manifest import Manifest
    from release_sync.trees.tree import Tree
    from release_sync.workspace.model import Member, Workspace

CIBUILDWHEEL = "cibuildwheel"
OTHERS = frozenset({"i686", "armv7l", "win32", "universal2"})
"""The architectures that the Pythons of a machine are not of, so that these build another wheel."""
USUAL = ("manylinux_*_x86_64", "macosx_*_arm64", "win_amd64")
"""The platforms that are shown as an example."""
TODAY = range(10, 15)
"""The Pythons that are shown there, 3.x."""


class Tool(StrEnum):
    """What builds the wheels of a member."""

    CIBUILDWHEEL = "cibuildwheel"
    MATURIN = "maturin"
    UV = "uv"


class Native(NamedTuple):
    """A member whose wheels are for one system each; ``folder`` is below the workspace's root.

    ``requirement`` is what of maturin is run; ``is_at_root`` is whether cibuildwheel finds its
    settings in the root's manifest, and not in the member's.
    """

    name: str
    folder: str
    tool: Tool
    wheels: Mapping[Machine, tuple[Wheel, ...]]
    requirement: str = ""
    is_at_root: bool = False


class Build(NamedTuple):
    """What is built of one group: everything of the members in the folders of ``pure``."""

    group: str
    pure: tuple[str, ...]
    native: tuple[Native, ...]

    @property
    def machines(self) -> tuple[Machine, ...]:
        """The machines that build it."""
        return tuple(sorted({one for member in self.native for one in member.wheels}))


def builds(tree: Tree, workspace: Workspace) -> tuple[Build, ...]:
    """Return what is built of each group; nothing where one machine builds everything.

    Raises Unreadable where it is not known what has to be built, or on what.
    """
    made = [
        Build(group.name, tuple(_folder(one) for one in pure), tuple(native))
        for group in workspace.groups
        if group.members
        for pure, native in [_sorted(tree, workspace, group.members)]
    ]
    return tuple(made) if any(one.native for one in made) else ()


def _folder(member: Member) -> str:
    return member.folder or "."


def _sorted(
    tree: Tree, workspace: Workspace, names: Iterable[str]
) -> tuple[list[Member], list[Native]]:
    pure: list[Member] = []
    native: list[Native] = []
    wanted = workspace.configuration.artifacts
    for member in map(workspace.member, names):
        manifest = parsed(member.manifest, tree.read(member.manifest) or b"")
        globs = wanted.get(member.name, wanted.get(EVERY, ()))
        asked = [glob for glob in globs if is_of_a_platform(glob)]
        if not asked:
            if not {member.name, EVERY} & wanted.keys():
                _refuse_unsaid(member, manifest, compiled_by(tree, manifest))
            pure.append(member)
        elif len(asked) < len(globs):
            raise Unreadable(
                f"`artifacts` asks for wheels of {member.name} for one system, and for any",
                hint="how both are built is yours to say: docs/ci.md, `Built on many machines`, has"
                " the jobs to write instead",
            )
        else:
            native.append(_native(workspace, member, manifest, asked))
    return pure, native


def _refuse_unsaid(member: Member, manifest: Manifest, compiler: str) -> None:
    """Raise Unreadable for a member that is compiled, for nobody knows which platforms."""
    if compiler:
        requires = manifest.project.string("requires-python")
        fit = [one for one in TODAY if admits(requires, f"3.{one}.99")]
        python = "cp31[{}]".format("".join(str(one - 10) for one in fit))
        tags = ", ".join(f'"{python}-{python}-{one}"' for one in USUAL)
        raise Unreadable(
            f"{member.name} is compiled ({compiler}), and `artifacts` does not say for what",
            hint=f"say it, for example:\n[tool.release-sync.artifacts]\n{member.name} = [{tags}]",
        )


def _native(workspace: Workspace, member: Member, manifest: Manifest, asked: list[str]) -> Native:
    requires = manifest.project.string("requires-python")
    found: dict[Machine, list[Wheel]] = {}
    for glob in asked:
        found.setdefault(machine(glob)[0], []).extend(wheels(glob, requires))
    tool = _tool(workspace.manifest, manifest, asked)
    return Native(
        member.name,
        _folder(member),
        tool,
        {key: tuple(dict.fromkeys(each)) for key, each in found.items()},
        _maturin(manifest) if tool is Tool.MATURIN else "",
        tool is Tool.CIBUILDWHEEL
        and manifest.path != workspace.manifest.path
        and not manifest.tools.has(CIBUILDWHEEL)
        and workspace.manifest.tools.has(CIBUILDWHEEL),
    )


def _tool(root: Manifest, manifest: Manifest, asked: list[str]) -> Tool:
    """Return cibuildwheel where it is configured, or alone makes such wheels there."""
    platforms = [glob.rpartition("-")[2] for glob in asked]
    is_maturin = manifest.build_backend == "maturin"
    portable = ("musllinux",) if is_maturin else ("manylinux", "musllinux")
    is_configured = any(one.tools.has(CIBUILDWHEEL) for one in (root, manifest))
    is_other = any(machine(glob)[0].arch in OTHERS for glob in asked)
    if is_configured or is_other or any(one.startswith(portable) for one in platforms):
        return Tool.CIBUILDWHEEL
    return Tool.MATURIN if is_maturin else Tool.UV


def _maturin(manifest: Manifest) -> str:
    """Return the maturin that the member itself is built with, and zig, by which it links."""
    for _, text in manifest.build_system.strings("requires"):
        try:
            found = Requirement(text)
        except InvalidRequirement:
            continue
        if found.name == "maturin":
            return f"maturin[zig]{found.specifier}"
    return "maturin[zig]"
