"""Workspaces drawn by chance: whole files, and in each of them the places that a fix may touch."""

from __future__ import annotations

import re
from typing import NamedTuple

from hypothesis import strategies as st

NAMES = ("alpha", "beta-kit", "gamma_core", "Delta.io", "epsilon2", "zeta-x-y")
VERSIONS = ("1.2.3", "2.0", "0.10.0rc1", "3.4.5.post1", "1!2.0", "7")
OLDER = ("0.1", "0.0.9", "0.1.0a1", "0.0.1.dev3")
EXTRAS = ("", "[fast]", "[fast, slow]")
MARKERS = ("", "; python_version < '4'", " ; sys_platform == 'linux' and extra == 'x'")
OWN = ("0.1", "5.5")
"""Versions of private members that are in no group: nobody holds them to one."""

GROUPS = (("default",), ("default", "second"), ("second", "third"))
BACKENDS = ("static", "hatch", "hatch.toml", "setuptools", "flit", "poetry")
TAGGED = "tagged"
"""Whose version comes from tags of its own."""


class Slot(NamedTuple):
    """A part of a file that a fix may replace."""

    text: str


Part = str | Slot


class File(NamedTuple):
    """A file as parts: what a fix must leave alone, and slots."""

    parts: tuple[Part, ...]
    newline: str = "\n"
    mark: bool = False

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        text = "".join(part if isinstance(part, str) else part.text for part in self.parts)
        return self.bytes_of(text, mark=self.mark)

    def is_kept_by(self, data: bytes) -> bool:
        """Return whether other bytes differ from the file in nothing but its slots."""
        shape = b"".join(
            b"[^\"']*?" if isinstance(part, Slot) else re.escape(self.bytes_of(part))
            for part in self.parts
        )
        start = re.escape(self.bytes_of("", mark=self.mark))
        return re.fullmatch(start + shape, data) is not None

    def bytes_of(self, text: str, *, mark: bool = False) -> bytes:
        """Return a text's bytes as this file has them."""
        return (b"\xef\xbb\xbf" if mark else b"") + text.replace("\n", self.newline).encode()


class Place(NamedTuple):
    """Where a member stands: in a ``group`` or, private, in none; ``version`` is the right one."""

    name: str
    group: str
    private: bool
    version: str


class Generated(NamedTuple):
    """A workspace: its files by path, its members, and the tags of its commit."""

    files: dict[str, File]
    places: tuple[Place, ...]
    tags: tuple[str, ...] = ()


class Style(NamedTuple):
    """How a manifest is written."""

    quote: str
    newline: str
    mark: bool
    ends: bool
    comment: str
    spread: bool
    spaces: str
    escaped: bool


QUOTES = ('"', "'", '"""', "'''", "'''\n")

styles = st.builds(
    Style,
    quote=st.sampled_from(QUOTES),
    newline=st.sampled_from(["\n", "\r\n"]),
    mark=st.booleans(),
    ends=st.booleans(),
    comment=st.sampled_from(["", "  # why: version = 0.1", " # é ✓ 🐍 \\ not an escape"]),
    spread=st.booleans(),
    spaces=st.sampled_from(["", " ", "\t "]),
    escaped=st.booleans(),
)


class Drawn(NamedTuple):
    """What is decided for one member before anything is written."""

    place: Place
    backend: str
    version: str
    mirror: str
    locked: str
    style: Style
    needs: tuple[tuple[str, str, tuple[Part, ...]], ...]

    @property
    def name(self) -> str:
        """The name, as it is written."""
        return self.place.name


@st.composite
def workspaces(draw: st.DrawFn) -> Generated:
    """Return a workspace in which most members are in lockstep, and everything can be mended."""
    names = draw(st.permutations(NAMES))[: draw(st.integers(min_value=2, max_value=5))]
    places = draw(_places(names))
    members = [
        draw(
            st.builds(
                Drawn,
                place=st.just(place),
                backend=st.sampled_from(
                    (*BACKENDS, *[TAGGED] * 3) if _may_be_tagged(place, places) else BACKENDS
                ),
                version=st.just(place.version) if _is_fresh(place, places) else _stale(place),
                mirror=st.sampled_from(("", place.version, *OLDER[:1])),
                locked=_stale(place),
                style=styles,
                needs=st.lists(_need(place, places[number + 1 :]), max_size=4).map(tuple)
                if number + 1 < len(places)
                else st.just(()),
            )
        )
        for number, place in enumerate(places)
    ]
    files = {}
    # One lock, or one for each member where they are no uv workspace, or none.
    locks = draw(st.sampled_from(["one", "each", "none"]))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    for number, member in enumerate(members):
        files.update(_files(member, members, root=number == 0, uv=locks != "each"))
        folder = _folder(member, members)
        if locks == "each":
            files[f"{folder}uv.lock"] = _lock(member, members, newline)
    if locks == "one":
        files["uv.lock"] = _lock(None, members, newline)
    tagged = {
        member.place: _tagged(member.name, draw(st.sampled_from(VERSIONS)))
        for member in members
        if member.backend == TAGGED
    }
    tags = [
        f"{one.group}-v{version}" for one in tagged.values() for version in (one.version, "0.0.1")
    ]
    return Generated(files, tuple(tagged.get(one, one) for one in places), tuple(tags))


def _tagged(name: str, version: str) -> Place:
    """Return where a member stands that has tags of its own, the greatest of them of a version."""
    return Place(name, _normal(name), private=False, version=version)


def _may_be_tagged(place: Place, places: list[Place]) -> bool:
    """Return whether no table puts the member into a group, and no other depends on its version."""
    named = any(one.private and one.group == place.group for one in places)
    return place.group == "default" and not named and not _is_fresh(place, places)


@st.composite
def _places(draw: st.DrawFn, names: list[str]) -> list[Place]:
    """Put members into one group or two, which pin each other; some of them are private."""
    versions = {group: draw(st.sampled_from(VERSIONS)) for group in draw(st.sampled_from(GROUPS))}
    found = []
    for name in names:
        group = draw(st.sampled_from(list(versions)))
        private = draw(st.sampled_from([False, False, False, True]))
        group = draw(st.sampled_from([group, ""])) if private else group
        version = versions[group] if group else draw(st.sampled_from(OWN))
        found.append(Place(name, group, private, version))
    return found


def _is_fresh(place: Place, places: list[Place]) -> bool:
    """Return whether a member is at its version: the majority that says which one that is.

    So none is above it. Private members say so only where there are no others.
    """
    of_group = [one for one in places if one.group == place.group]
    deciding = [one for one in of_group if not one.private] or of_group
    return not place.group or place in deciding[: len(deciding) // 2 + 1]


def _stale(place: Place) -> st.SearchStrategy[str]:
    version = place.version
    return st.sampled_from((version, version, version, *OLDER))


@st.composite
def _need(draw: st.DrawFn, owner: Place, others: list[Place]) -> tuple[str, str, tuple[Part, ...]]:
    """Return a table, a name, and the requirement as parts."""
    needed = draw(st.sampled_from(others))
    # What is released can't need at run time what is not: nothing mends that.
    runtime = [] if needed.private and not owner.private else ["dependencies"]
    table = draw(st.sampled_from([*runtime, "fast", "dev", "build"]))
    name, stale = needed.name, _stale(needed)
    spelling = draw(st.sampled_from([name, name.upper(), re.sub(r"[-_.]", "--", name)]))
    head = spelling + draw(st.sampled_from(EXTRAS))
    space = draw(st.sampled_from(["", " ", "  "]))
    # What excludes the version in two clauses is mended where a pin is asked for; in a group it may
    # have been meant, and is left to people.
    odd = [] if table == "dev" or owner.private else ["prefix"]
    said = draw(st.sampled_from(["exact", "exact", "bare", "lower", "brackets", *odd]))
    if said == "exact":
        found: tuple[Part, ...] = (f"{head}{space}=={space}", Slot(draw(stale)))
    elif said == "brackets":
        found = (f"{head} ({space}==", Slot(draw(stale)), ")")
    else:
        text = {"bare": "", "lower": ">=0.0.1", "prefix": "==0.1.*,>=0"}[said]
        found = (f"{head}{space if text else ''}", Slot(text))
    return table, name, (*found, draw(st.sampled_from(MARKERS)))


def _folder(member: Drawn, members: list[Drawn]) -> str:
    return "" if member is members[0] else f"packages/{member.name}/"


def _files(member: Drawn, members: list[Drawn], *, root: bool, uv: bool) -> dict[str, File]:
    folder = _folder(member, members)
    style = member.style
    parts = [*_project(member), *_tables(member), *_backend(member)]
    if root:
        parts += _workspace([one.place for one in members], style, uv=uv)
    parts = parts if style.ends else [*parts[:-1], _stripped(parts[-1])]
    files = {f"{folder}pyproject.toml": File(tuple(parts), style.newline, style.mark)}
    if member.backend == "hatch.toml":
        parts = ['[version]\npath = "', f"{_module(member)}/__init__.py", '"\n']
        files[f"{folder}hatch.toml"] = File(tuple(parts), style.newline)
    if member.backend in {"hatch", "hatch.toml", "setuptools", "flit"}:
        files[f"{folder}{_module(member)}/__init__.py"] = _literal(member.version, style)
    elif member.mirror:
        files[f"{folder}src/{_module(member)}/version.py"] = _literal(member.mirror, style)
    return files


def _module(member: Drawn) -> str:
    return re.sub(r"[-_.]+", "_", member.name).lower()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _literal(version: str, style: Style) -> File:
    quote = style.quote[0]
    docstring = '"""Not it:\n__version__ = 0.0\n"""\n\n'
    comment = style.comment.replace("'", "")
    return File(
        (f"{docstring}__version__ = {quote}", Slot(version), f"{quote}{comment}\n"), style.newline
    )


def _string(style: Style, parts: tuple[Part, ...]) -> list[Part]:
    """Put quotes around a string; a quote inside decides which."""
    inside = "".join(part if isinstance(part, str) else part.text for part in parts)
    quote = '"' if "'" in inside and style.quote[0] == "'" else style.quote
    first = parts[0]
    if style.escaped and quote[0] == '"' and isinstance(first, str) and first:
        parts = (f"\\u{ord(first[0]):04x}{first[1:]}", *parts[1:])
    return [quote, *parts, quote.strip()]


def _project(member: Drawn) -> list[Part]:
    style = member.style
    if member.backend == "poetry":
        version: list[Part] = ["[tool.poetry]\nname = ", *_named(member), "version = "]
        return [*version, *_version(member), "\n[project]\nname = ", *_named(member), "\n"]
    start: list[Part] = [f"[project]{style.comment}\nname = ", *_named(member)]
    if member.backend == "static":
        return [*start, f"version{style.spaces}={style.spaces}", *_version(member)]
    return [*start, 'dynamic = ["version"]\n']


def _named(member: Drawn) -> list[Part]:
    return [f'"{member.name}"\n']


def _version(member: Drawn) -> list[Part]:
    # Of a private member that is in no group nobody may touch it.
    said: Part = Slot(member.version) if member.place.group else member.version
    return [*_string(member.style, (said,)), f"{member.style.comment}\n"]


def _tables(member: Drawn) -> list[Part]:
    parts: list[Part] = []
    if (
        member.backend == "poetry"
    ):  # its version stands in [tool.poetry]: nothing else may be dynamic
        parts += ['dynamic = ["version"]\n']
    if member.place.private:
        parts += ['classifiers = ["Private :: Do Not Upload"]\n']
    parts += ["dependencies = ", *_array(member, "dependencies")]
    parts += ["\n[project.optional-dependencies]\nfast = ", *_array(member, "fast")]
    return [*parts, "\n[dependency-groups]\n'dev' = ", *_array(member, "dev")]


def _array(member: Drawn, table: str) -> list[Part]:
    style = member.style
    lead, end = ("\n    ", "\n]\n") if style.spread else (style.spaces, f"{style.spaces}]\n")
    parts: list[Part] = ["["]
    for at, (_, _, requirement) in enumerate(one for one in member.needs if one[0] == table):
        comma = f",{style.comment if style.spread else ''}" if at else ""
        parts += [f"{comma}{lead}", *_string(style, requirement)]
    tail = f",{style.comment}" if style.spread and len(parts) > 1 else ""
    return [*parts, f"{tail}{end}"]


def _backend(member: Drawn) -> list[Part]:
    backend, more = {
        "static": ("hatchling.build", ""),
        "poetry": ("poetry.core.masonry.api", ""),
        "hatch": (
            "hatchling.build",
            f'[tool.hatch.version]\npath = "{_module(member)}/__init__.py"\n',
        ),
        "hatch.toml": ("hatchling.build", '[tool.hatch.version]\npath = "gone.py"\n'),
        TAGGED: (
            "hatchling.build",
            (
                '[tool.hatch.version]\nsource = "uv-dynamic-versioning"\n'
                f'[tool.uv-dynamic-versioning]\npattern-prefix = "{_normal(member.name)}-"\n'
            ),
        ),
        "setuptools": (
            "setuptools.build_meta",
            f'[tool.setuptools.dynamic]\nversion = {{ attr = "{_module(member)}.__version__" }}\n',
        ),
        "flit": ("flit_core.buildapi", f'[tool.flit.module]\nname = "{_module(member)}"\n'),
    }[member.backend]
    requires = ["\n[build-system]\nrequires = ", *_array(member, "build")]
    return [*requires, f'build-backend = "{backend}"\n{more}']


def _workspace(places: list[Place], style: Style, *, uv: bool) -> list[Part]:
    groups = {one.group for one in places if one.group and (one.private or one.group != "default")}
    tables = ""
    for group in sorted(groups):
        named = [one.name for one in places if one.group == group]
        tables += f"\n[tool.release-sync.groups.{group}]\nmembers = {named}\n"
    if not uv:
        return [f'\n[tool.release-sync]\npackages = ["packages/*"]\n{tables}']
    lines = "".join(f"{_normal(one.name)} = {{ workspace = true }}\n" for one in places)
    lines += tables
    decoys = '[tool.ruff]\ntarget-version = "py311"\nversion = "0.1"\n'
    return [
        f'\n[tool.uv.workspace]{style.comment}\nmembers = ["packages/*"]\n\n{decoys}',
        f"[tool.uv.sources]\n{lines}",
    ]


def _stripped(part: Part) -> Part:
    return part.rstrip("\n") if isinstance(part, str) else part


def _lock(own: Drawn | None, members: list[Drawn], newline: str) -> File:
    """Write the lock of one member, or of all: uv lists members only in the latter."""
    names = sorted((_normal(one.name), one) for one in members)
    listed = "".join(f'    "{name}",\n' for name, _ in names)
    parts: list[Part] = ["version = 1\n"]
    if own is None:
        parts += [f"\n[manifest]\nmembers = [\n{listed}]\n"]
    for name, member in names:
        parts += [f'\n[[package]]\nname = "{name}"\n']
        if member.backend == "static":  # uv locks no version that a backend finds
            parts += ['version = "', Slot(member.locked), '"\n']
        up = "../../" if own is not None and own is not members[0] else ""
        path = "." if own is member else f"{up}{_folder(member, members)}".strip("/")
        parts += [f'source = {{ editable = "{path or "."}" }}\n']
    return File(tuple(parts), newline)
