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
BACKENDS = ("static", "hatch", "setuptools", "flit", "poetry")


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


class Generated(NamedTuple):
    """A workspace: its files by path."""

    files: dict[str, File]


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

    name: str
    backend: str
    version: str
    mirror: str
    locked: str
    style: Style
    needs: tuple[tuple[str, str, tuple[Part, ...]], ...]
    private: bool


@st.composite
def workspaces(draw: st.DrawFn) -> Generated:
    """Return a workspace in which most members are in lockstep, and everything can be mended."""
    version = draw(st.sampled_from(VERSIONS))
    names = draw(st.permutations(NAMES))[: draw(st.integers(min_value=2, max_value=5))]
    stale = st.sampled_from((version, version, version, *OLDER))
    # The root and the majority stand at the version that all should have, so that none is above it.
    fresh = len(names) // 2 + 1
    members = [
        draw(
            st.builds(
                Drawn,
                name=st.just(name),
                backend=st.sampled_from(BACKENDS),
                version=st.just(version) if number < fresh else stale,
                mirror=st.sampled_from(("", version, *OLDER[:1])),
                locked=stale,
                style=styles,
                needs=st.lists(_need(names[number + 1 :], stale), max_size=4).map(tuple)
                if number + 1 < len(names)
                else st.just(()),
                private=st.just(value=False),
            )
        )
        for number, name in enumerate(names)
    ]
    files = {}
    for number, member in enumerate(members):
        files.update(_files(member, [one.name for one in members], root=number == 0))
    if draw(st.booleans()):
        files["uv.lock"] = _lock(members, draw(st.sampled_from(["\n", "\r\n"])))
    return Generated(files)


@st.composite
def _need(
    draw: st.DrawFn, names: list[str], stale: st.SearchStrategy[str]
) -> tuple[str, str, tuple[Part, ...]]:
    """Return a table, a name, and the requirement as parts."""
    table = draw(st.sampled_from(["dependencies", "fast", "dev", "build"]))
    name = draw(st.sampled_from(names))
    spelling = draw(st.sampled_from([name, name.upper(), re.sub(r"[-_.]", "--", name)]))
    head = spelling + draw(st.sampled_from(EXTRAS))
    space = draw(st.sampled_from(["", " ", "  "]))
    # What excludes the version in two clauses is mended where a pin is asked for; in a group it may
    # have been meant, and is left to people.
    odd = [] if table == "dev" else ["prefix"]
    said = draw(st.sampled_from(["exact", "exact", "bare", "lower", "brackets", *odd]))
    if said == "exact":
        found: tuple[Part, ...] = (f"{head}{space}=={space}", Slot(draw(stale)))
    elif said == "brackets":
        found = (f"{head} ({space}==", Slot(draw(stale)), ")")
    else:
        text = {"bare": "", "lower": ">=0.0.1", "prefix": "==0.1.*,>=0"}[said]
        found = (f"{head}{space if text else ''}", Slot(text))
    return table, name, (*found, draw(st.sampled_from(MARKERS)))


def _files(member: Drawn, names: list[str], *, root: bool) -> dict[str, File]:
    folder = "" if root else f"packages/{member.name}/"
    style = member.style
    parts = [*_project(member), *_tables(member), *_backend(member)]
    if root:
        parts += _workspace(names, style)
    parts = parts if style.ends else [*parts[:-1], _stripped(parts[-1])]
    files = {f"{folder}pyproject.toml": File(tuple(parts), style.newline, style.mark)}
    if member.backend in {"hatch", "setuptools", "flit"}:
        files[f"{folder}{_module(member)}/__init__.py"] = _literal(member.version, style)
    elif member.mirror:
        files[f"{folder}src/{_module(member)}/version.py"] = _literal(member.mirror, style)
    return files


def _module(member: Drawn) -> str:
    return re.sub(r"[-_.]+", "_", member.name).lower()


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
    return [*_string(member.style, (Slot(member.version),)), f"{member.style.comment}\n"]


def _tables(member: Drawn) -> list[Part]:
    parts: list[Part] = []
    if (
        member.backend == "poetry"
    ):  # its version stands in [tool.poetry]: nothing else may be dynamic
        parts += ['dynamic = ["version"]\n']
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
        "setuptools": (
            "setuptools.build_meta",
            f'[tool.setuptools.dynamic]\nversion = {{ attr = "{_module(member)}.__version__" }}\n',
        ),
        "flit": ("flit_core.buildapi", f'[tool.flit.module]\nname = "{_module(member)}"\n'),
    }[member.backend]
    requires = ["\n[build-system]\nrequires = ", *_array(member, "build")]
    return [*requires, f'build-backend = "{backend}"\n{more}']


def _workspace(names: list[str], style: Style) -> list[Part]:
    lines = "".join(
        f"{re.sub(r'[-_.]+', '-', name).lower()} = {{ workspace = true }}\n" for name in names
    )
    decoys = '[tool.ruff]\ntarget-version = "py311"\nversion = "0.1"\n'
    return [
        f'\n[tool.uv.workspace]{style.comment}\nmembers = ["packages/*"]\n\n{decoys}',
        f"[tool.uv.sources]\n{lines}",
    ]


def _stripped(part: Part) -> Part:
    return part.rstrip("\n") if isinstance(part, str) else part


def _lock(members: list[Drawn], newline: str) -> File:
    names = sorted((re.sub(r"[-_.]+", "-", one.name).lower(), one) for one in members)
    listed = "".join(f'    "{name}",\n' for name, _ in names)
    parts: list[Part] = [f"version = 1\n\n[manifest]\nmembers = [\n{listed}]\n"]
    for name, member in names:
        parts += [f'\n[[package]]\nname = "{name}"\n']
        if member.backend == "static":  # uv locks no version that a backend finds
            parts += ['version = "', Slot(member.locked), '"\n']
        parts += [f'source = {{ editable = "packages/{name}" }}\n']
    return File(tuple(parts), newline)
