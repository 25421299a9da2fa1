"""Workspaces of every shape that can be built: where versions come from, and how they lie."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

VERSION = "1.4.0"
"""The version of all that is in the group ``default``."""


class Source(NamedTuple):
    """Where a package's version comes from.

    In ``tables`` and ``files`` stand ``{name}``, ``{module}``, ``{version}``; ``{top}``, the way up
    to the repository's top; ``{of}``, the name of the sibling whose version is read; and, where a
    build hook fills them in, the requirements: ``{needs}``.
    """

    requires: str
    backend: str
    tables: str = ""
    files: tuple[tuple[str, str], ...] = ()
    is_tag: bool = False


LITERAL = "src/{module}/__init__.py"
HATCH = ("hatchling", "hatchling.build")
SETUPTOOLS = ("setuptools>=80", "setuptools.build_meta")
DESCRIBE = "git describe --dirty --tags --long --match {name}-v*"

SOURCES = {
    "project": Source("uv_build>=0.8", "uv_build"),
    "hatch": Source(*HATCH, f'[tool.hatch.version]\npath = "{LITERAL}"\n'),
    "hatch.toml": Source(*HATCH, "", (("hatch.toml", f'[version]\npath = "{LITERAL}"\n'),)),
    "nodejs": Source(
        'hatchling", "hatch-nodejs-version',
        HATCH[1],
        '[tool.hatch.version]\nsource = "nodejs"\n',
        (("package.json", '{{\n  "name": "{name}",\n  "version": "{version}"\n}}\n'),),
    ),
    "code": Source(*HATCH, f'[tool.hatch.version]\nsource = "code"\npath = "{LITERAL}"\n'),
    "sibling": Source(*HATCH, '[tool.hatch.version]\npath = "../{of}/src/{of}/__init__.py"\n'),
    "setup.cfg": Source(
        *SETUPTOOLS, "", (("setup.cfg", "[metadata]\nname = {name}\nversion = {version}\n"),)
    ),
    "setup.py": Source(
        *SETUPTOOLS,
        "",
        (("setup.py", 'from setuptools import setup\n\nsetup(version="{version}")\n'),),
    ),
    "attr": Source(
        *SETUPTOOLS, '[tool.setuptools.dynamic]\nversion = {{ attr = "{module}.__version__" }}\n'
    ),
    "flit": Source("flit_core>=3.9", "flit_core.buildapi"),
    "pdm": Source(
        "pdm-backend", "pdm.backend", f'[tool.pdm.version]\nsource = "file"\npath = "{LITERAL}"\n'
    ),
    "poetry": Source(
        "poetry-core>=2", "poetry.core.masonry.api", '[tool.poetry]\nversion = "{version}"\n'
    ),
    "hatch-vcs": Source(
        'hatchling", "hatch-vcs',
        HATCH[1],
        "[tool.hatch.version]\nsource = 'vcs'\ntag-pattern = '{name}-v(?P<version>.*)'\n"
        f'raw-options = {{{{ root = "{{top}}", git_describe_command = "{DESCRIBE}" }}}}\n',
        is_tag=True,
    ),
    "setuptools-scm": Source(
        'setuptools>=80", "setuptools-scm>=8',
        SETUPTOOLS[1],
        "[tool.setuptools_scm]\nroot = '{top}'\ntag_regex = '^{name}-v(?P<version>.+)$'\n"
        f'git_describe_command = "{DESCRIBE}"\n',
        is_tag=True,
    ),
    "versioningit": Source(
        'setuptools>=80", "versioningit',
        SETUPTOOLS[1],
        "[tool.versioningit.vcs]\nmatch = ['{name}-v*']\n"
        "[tool.versioningit.tag2version]\nrmprefix = '{name}-v'\n",
        is_tag=True,
    ),
    "git-versioning": Source(
        'setuptools>=80", "setuptools-git-versioning',
        SETUPTOOLS[1],
        "[tool.setuptools-git-versioning]\ntag_filter = '^{name}-v.*$'\n"
        "tag_formatter = '^{name}-v(?P<tag>.+)$'\n",
        is_tag=True,
    ),
    "dynamic-versioning": Source(
        'hatchling", "uv-dynamic-versioning',
        HATCH[1],
        '[tool.hatch.version]\nsource = "uv-dynamic-versioning"\n'
        '[tool.uv-dynamic-versioning]\npattern-prefix = "{name}-"\n'
        "[tool.hatch.metadata.hooks.uv-dynamic-versioning]\ndependencies = [{needs}]\n",
        is_tag=True,
    ),
}
"""Every place of a version that is read, moved and built."""


class Package(NamedTuple):
    """A package: its name, the source of its version, and what it requires.

    What is ``needed`` is pairs of a name and a specifier.
    """

    name: str
    source: str = "project"
    needed: tuple[tuple[str, str], ...] = ()
    folder: str = ""
    version: str = VERSION

    @property
    def module(self) -> str:
        """The import package."""
        return self.name.replace("-", "_")

    @property
    def place(self) -> str:
        """The folder below the workspace's: ``packages/NAME``, unless it is said."""
        return self.folder or f"packages/{self.name}"

    def files(self, top: str, sources: str) -> dict[str, str]:
        """Return its files by path; ``top`` leads up to the repository's top."""
        source = SOURCES[self.source]
        needs = ", ".join(f'"{name}{said}"' for name, said in self.needed)
        words = {"name": self.name, "module": self.module, "version": self.version, "top": top}
        words |= {"of": self.needed[0][0] if self.needed else "", "needs": needs}
        is_literal = not source.is_tag and self.source != "sibling"
        literal = f'__version__ = "{self.version}"\n' if is_literal else ""
        manifest = (
            f'[project]\nname = "{self.name}"\ndescription = "A package"\n'
            f'requires-python = ">=3.11"\n{self._said(needs)}\n'
            f'[build-system]\nrequires = ["{source.requires}"]\n'
            f'build-backend = "{source.backend}"\n\n{source.tables.format(**words)}\n'
        )
        return {
            "pyproject.toml": f"{manifest}{sources}",
            f"src/{self.module}/__init__.py": f'"""A package."""\n\n{literal}',
            **{path: text.format(**words) for path, text in source.files},
        }

    def _said(self, needs: str) -> str:
        """Return what ``[project]`` says of the version and of the requirements."""
        if "{needs}" in SOURCES[self.source].tables:
            return 'dynamic = ["version", "dependencies"]\n'
        is_static = self.source == "project"
        version = f'version = "{self.version}"' if is_static else 'dynamic = ["version"]'
        return f"{version}\ndependencies = [{needs}]\n"


class Shape(NamedTuple):
    """A workspace: its packages, and what its root says beside them.

    ``folder`` is where in the repository it lies. ``locks`` is what has a ``uv.lock``: ``one``, the
    workspace of uv's; ``each`` package; or ``none``. ``options`` are those of the rehearsal, which
    releases what is ``released``; ``published`` is what was before.
    """

    packages: tuple[Package, ...]
    released: tuple[str, ...]
    root: str = ""
    settings: str = ""
    folder: str = ""
    locks: str = "one"
    options: tuple[str, ...] = ()
    published: tuple[tuple[str, str], ...] = ()
    more: tuple[tuple[str, str], ...] = ()

    def files(self) -> dict[str, str]:
        """Return the files by path, from the repository's top."""
        found = dict(self.more)
        for package in self.packages:
            place = f"{self.folder}/{package.place}".strip("/")
            top = "/".join([".."] * (place.count("/") + 1))
            for path, text in package.files(top, self._paths(package)).items():
                found[f"{place}/{path}"] = text
        found[f"{self.folder}/pyproject.toml".strip("/")] = self._root()
        return {".gitignore": ".venv/\n*.egg-info/\n", **found}

    def tags(self) -> list[str]:
        """Return the tags that the versions of packages are read from."""
        tagged = [one for one in self.packages if SOURCES[one.source].is_tag]
        return [f"{one.name}-v{one.version}" for one in tagged]

    def locked(self) -> list[str]:
        """Return the folders in which ``uv lock`` is to be run, from the repository's top."""
        each = [one.place for one in self.packages]
        own = {"one": [""], "each": each, "none": []}[self.locks]
        return [f"{self.folder}/{one}".strip("/") for one in own]

    def _root(self) -> str:
        globs = sorted({f"{one.place.partition('/')[0]}/*" for one in self.packages})
        rows = "".join(f"{one.name} = {{ workspace = true }}\n" for one in self.packages)
        ours = f"\n[tool.release-sync]\npackages = {globs}\n{self.settings}"
        if self.locks != "one":
            return self.root + ours
        uv = f"\n[tool.uv.workspace]\nmembers = {globs}\n\n[tool.uv.sources]\n{rows}"
        return self.root + uv + ours

    def _paths(self, package: Package) -> str:
        """Return where uv finds the siblings of a package with a lock of its own."""
        if self.locks != "each":
            return ""
        names = {one.name for one in self.packages}
        rows = [
            f'{name} = {{ path = "../{name}" }}\n'
            for name, said in package.needed
            if name in names and said == PIN
        ]
        return f"[tool.uv.sources]\n{''.join(rows)}\n" if rows else ""


PIN = f"=={VERSION}"

ROOT = f'[project]\nname = "dev-root"\nversion = "{VERSION}"\nrequires-python = ">=3.11"\n'
"""A root that is a package, is private, and requires nobody."""

IN_A_FOLDER = Shape(
    (
        Package("low", "hatch.toml"),
        Package("by-code", "code", (("by-setup", PIN), ("low", PIN))),
        Package("by-setup", "setup.py", (("low", PIN),)),
        Package("by-cfg", "setup.cfg"),
        Package("show", "project", (("low", ""),), "samples/show", "0.0.1"),
    ),
    ("by-cfg", "by-code", "by-setup", "low"),
    ROOT + '[tool.uv]\nexclude-newer = "2026-01-01T00:00:00Z"\n',
    'private = ["samples/*"]\nskip-import = ["by_code.gui"]\n'
    '[tool.release-sync.groups.default]\nmembers = ["dev-root", "by-*"]\n',
    "python",
    more=(
        ("python/packages/by-code/src/by_code/gui/__init__.py", "raise SystemExit('no screen')\n"),
        ("tools/pyproject.toml", "[tool.uv.workspace]\nmembers = []\n"),
    ),
)
"""One of two workspaces; its root is private, of the group, and requires nobody."""

OWN_LOCKS = Shape(
    (
        Package("low", "flit"),
        Package("twin", "sibling", (("low", PIN),)),
        Package("top", "project", (("twin", PIN), ("scene-kit", "==0.9"))),
        Package("scene-kit", "attr", version="1.0"),
    ),
    ("low", "top", "twin"),
    settings='independent = ["*-k?t"]\npins = { top = { scene-kit = "released" } }\n',
    locks="each",
    options=("--group", "default"),
    published=(("scene-kit", "0.9"),),
)
"""No workspace of uv's; one pins an older version of a sibling, which an index has."""

OWN_TAGS = Shape(
    (
        Package("scene-vcs", "hatch-vcs", version="2.0"),
        Package("by-scm", "setuptools-scm", version="3.1"),
        Package("by-uv", "dynamic-versioning", (("scene-vcs", ">=2.0"),), version="0.3.0"),
        Package("low", needed=(("by-uv", "==0.3.0"),)),
    ),
    ("by-uv",),
    settings='pin = "compatible"\n',
    options=("--group", "by-uv"),
    published=(("scene-vcs", "2.0"),),
)
"""Each version but one is the tag of a package; a release of it moves a pin."""


def of_one_tag(source: str) -> Shape:
    """Return a shape that releases a package with tags of its own, beside one that has none."""
    return Shape(
        (Package("own", source, version="2.0.0"), Package("low")),
        ("own",),
        options=("--group", "own"),
    )


SEVERAL_TAGS = Shape(
    (
        Package("scene-vcs", "hatch-vcs", version="2.0"),
        Package("by-scm", "setuptools-scm", (("scene-vcs", ""),), version="3.1"),
        Package("low", needed=(("by-scm", ""),)),
    ),
    ("scene-vcs", "by-scm", "low"),
    settings='pin = "any"\n',
    options=("--all",),
)
"""Groups that are released in one act, each with its version; those of two are their tags."""

DRAWN = [name for name, source in SOURCES.items() if not source.is_tag]
"""Sources of versions, of which each draw has one more than by chance."""


def drawn(number: int) -> Shape:
    """Return the shape of a number: packages of one group, each with a source of its own."""
    chance = Random(number)  # noqa: S311 - the same each time
    sources = [DRAWN[number % len(DRAWN)], *chance.sample(DRAWN, chance.randint(1, 3))]
    low = Package("low", chance.choice(["project", "hatch", "flit"]))  # which others can read
    packages = [low]
    for at, source in enumerate(sources):
        others = [one.name for one in packages[1:]]
        needed = ["low", *chance.sample(others, chance.randint(0, len(others)))]
        packages.append(Package(f"of-{at}", source, tuple((one, PIN) for one in needed)))
    names = tuple(one.name for one in packages)
    locks = chance.choice(["one", "each", "none"])
    if chance.random() < 0.5:  # who is in nobody's way
        packages.append(Package("aside", chance.choice(["hatch-vcs", "setuptools-scm"])))
    options = ("--group", "default") if len(packages) > len(names) else ()
    return Shape(
        tuple(packages),
        names,
        chance.choice(["", ROOT]),
        folder=chance.choice(["", "deep/python"]),
        locks=locks,
        options=options,
    )
