"""A made-up year of a repository: two trains, an independent member, nightlies, maintenance.

``core`` and ``sdk`` are the stable train, ``lab`` and ``mods`` the unstable one, which needs the
stable one by ranges; ``tool`` goes its own way. Branches go on at development versions.
"""

from __future__ import annotations

from typing import NamedTuple

NEEDS = {
    "core": (),
    "sdk": ("core==1.0.0.dev0",),
    "lab": ("core>=1.0.0.dev0",),
    "mods": ("lab==0.1b0.dev0", "sdk>=1.0.0.dev0"),
    "tool": ("core",),
}
"""What each member requires at the beginning."""

VERSIONS = {
    "core": "1.0.0.dev0", "sdk": "1.0.0.dev0", "lab": "0.1b0.dev0", "mods": "0.1b0.dev0",
    "tool": "0.9",
}  # fmt: skip

SETTINGS = """\
independent = ["tool"]
branch = ["main", "release/*"]
after = "dev"
verify = "metadata"

[tool.release-sync.pins]
lab = { core = "compatible" }
mods = { sdk = "compatible" }
tool = { core = "any" }

[tool.release-sync.groups.stable]
members = ["core", "sdk"]
tag = "v{version}"

[tool.release-sync.groups.unstable]
members = ["lab", "mods"]
"""

TRAINS = {"stable": ("core", "sdk"), "unstable": ("lab", "mods"), "tool": ("tool",)}


class Release(NamedTuple):
    """A release by one command: its group, its words, and what it is to be.

    It ``lands`` as it says; ``after`` is the development version that its branch goes on at. What
    is ``beside`` it is of another group, in the same act.
    """

    group: str
    words: str
    version: str
    after: str = ""
    lands: str = "push"
    beside: tuple[Release, ...] = ()

    @property
    def groups(self) -> tuple[Release, ...]:
        """What is released of each group."""
        return (self, *self.beside)

    @property
    def tag(self) -> str:
        """The name of its tag."""
        return f"v{self.version}" if self.group == "stable" else f"{self.group}-v{self.version}"

    @property
    def subject(self) -> str:
        """The subject of its commit."""
        told = (f"{' and '.join(TRAINS[one.group])} {one.version}" for one in self.groups)
        return f"Published {', '.join(told)}"

    @property
    def development(self) -> str:
        """The subject of the commit that follows it."""
        told = ", ".join(f"{one.group} {one.after}" for one in self.groups)
        return f"Back to development: {told}"


class Commit(NamedTuple):
    """A commit on the branch that is checked out: of a file, or of a text in place of another."""

    file: str
    old: str = ""
    new: str = ""


class Switch(NamedTuple):
    """Another branch is checked out; it is made ``at`` a tag where that is said."""

    branch: str
    at: str = ""


class Tagged(NamedTuple):
    """Somebody tags the tip of the branch, and pushes the tag."""

    tag: str


YEAR: tuple[Release | Commit | Switch | Tagged, ...] = (
    Release("stable", "", "1.0.0", "1.0.1.dev0"),
    Release("tool", "minor", "0.10", "0.10.1.dev0"),
    Release("unstable", "", "0.1b0", "0.1b1.dev0"),
    Commit("packages/core/one.txt"),
    Release("stable", "dev", "1.0.1.dev1", lands="tag"),
    Release("stable", "dev", "1.0.1.dev2", lands="tag"),
    Release("stable", "dev", "1.0.1.dev3", lands="none"),
    Release("unstable", "dev", "0.1b1.dev1", lands="tag"),
    Release("stable", "minor rc", "1.1.0rc1", "1.1.0rc2.dev0"),
    Commit("packages/sdk/two.txt"),
    Release("stable", "rc", "1.1.0rc2", "1.1.0rc3.dev0"),
    Release("stable", "stable", "1.1.0", "1.1.1.dev0"),
    Commit("packages/core/three.txt"),
    Release("stable", "major", "2.0.0", "2.0.1.dev0"),
    Release("unstable", "", "0.1b1", "0.1b2.dev0"),
    Switch("release/1.x", at="v1.1.0"),
    Commit("packages/core/fix.txt"),
    Release("stable", "patch", "1.1.1", "1.1.2.dev0"),
    Release("stable", "dev", "1.1.2.dev1", lands="tag"),
    Switch("main"),
    Release("stable", "dev", "2.0.1.dev1", lands="tag"),
    Switch("release/1.x"),
    Commit("packages/core/another.txt"),
    Release("stable", "", "1.1.2", "1.1.3.dev0"),
    Switch("main"),
    Commit("packages/tool/four.txt"),
    Release("tool", "patch", "0.10.1", "0.10.2.dev0"),
    Release("unstable", "minor beta", "0.2b1", "0.2b2.dev0"),
    Release("stable", "2.1.0.dev20261124", "2.1.0.dev20261124", lands="none"),
    Release("stable", "2.1.0.dev20261125", "2.1.0.dev20261125", lands="tag"),
    Commit("packages/sdk/five.txt"),
    Release("stable", "patch", "2.0.1", "2.0.2.dev0"),
    Switch("release/1.x"),
    Release("stable", "minor", "1.2.0", "1.2.1.dev0"),
    Switch("main"),
    Release("tool", "major", "1.0.0", "1.0.1.dev0"),
    Commit("packages/lab/six.txt"),
    Release("unstable", "", "0.2b2", "0.2b3.dev0"),
    Release("stable", "dev", "2.0.2.dev1", lands="none"),
    Release("stable", "minor", "2.1.0", "2.1.1.dev0"),
    Release("tool", "dev", "1.0.1.dev1", lands="tag"),
    Commit("packages/core/seven.txt"),
    Tagged("v2.2.0"),
    Release("stable", "--tag v2.2.0 --stamp", "2.2.0", lands="stamped"),
    Commit("packages/core/eight.txt"),
    Release("stable", "", "2.2.1", "2.2.2.dev0"),
    Switch("release/1.x"),
    Release("stable", "patch", "1.2.1", "1.2.2.dev0"),
    Switch("main"),
    Commit("packages/mods/pyproject.toml", "sdk>=1.0.0.dev0", "sdk==2.2.2.dev0"),
    Release(
        "stable",
        "dev",
        "2.2.2.dev1",
        lands="tag",
        beside=(Release("unstable", "dev", "0.2b3.dev1"),),
    ),
    Release(
        "stable",
        "",
        "2.2.2",
        "2.2.3.dev0",
        beside=(Release("unstable", "", "0.2b3", "0.2b4.dev0"),),
    ),
)
"""The year, in order."""

RELEASES = tuple(one for act in YEAR if isinstance(act, Release) for one in act.groups)


def subjects(branch: str) -> list[str]:
    """Return the subjects of a branch's history at the end, the newest first."""
    found, here = ["Begin"], "main"
    history = {"main": found}
    for act in YEAR:
        if isinstance(act, Switch):
            here = act.branch
            if act.at:
                made = next(one for one in RELEASES if one.tag == act.at)
                main = history["main"]
                history[here] = main[: main.index(made.subject) + 1]
        elif isinstance(act, Commit):
            history[here].append(f"Change {act.file}")
        elif isinstance(act, Release) and act.lands == "push":
            history[here].append(act.subject)
            history[here].append(act.development)
    return history[branch][::-1]
