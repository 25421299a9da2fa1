"""Requirements taken apart into spans (PEP 508), so that they can be judged and edited.

Only the shape is looked at here; whether a version satisfies an unusual specifier is left to
``packaging``, which is imported when that is asked.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from release_sync.standards.versions import LIMIT, is_same

REQUIREMENT = re.compile(
    r"\s*[A-Za-z0-9][A-Za-z0-9._-]*(?:\s*\[[^\]]*\])?(?P<gap>\s*)(?P<open>\(?)"
    r"(?P<specifier>[^;@()]*)(?P<close>\)?)(?P<marker>\s*(?:;.*)?)",
    re.DOTALL,
)
CLAUSE = re.compile(r"\s*(?P<operator>===|==|~=|!=|<=|>=|<|>)\s*(?P<version>[^,\s]+)\s*(?:,|$)")
PLAIN = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
    r"(?:\s*(?:[=!]=|[<>]=?)\s*[0-9]+(?:\.[0-9]+)*\s*(?:,|$))*"
)
"""Nearly every requirement: it needs no second look."""
TEMPLATE = re.compile(
    r"\s*[A-Za-z0-9][A-Za-z0-9._-]*(?:\s*\[[^\]]*\])?\s*===?"
    r"\s*(?:\{\{\s*version\s*\}\}|\{version\})\s*(?:;.*)?",
    re.DOTALL,
)
SEVERAL = re.compile(r"(?:[0-9]+!)?[0-9]+\.[0-9]")
"""A release of two numbers or more."""

LONG = re.compile(rf"[0-9]{{{LIMIT + 1}}}")
"""More digits than any version has; int() refuses them."""


class Clause(NamedTuple):
    """One comparison; ``start`` and ``end`` are those of the version in the requirement.

    ``first`` is where its operator starts, if it has one.
    """

    operator: str
    version: str
    start: int
    end: int
    first: int = 0

    @property
    def is_exact(self) -> bool:
        """Return whether it is a pin: ``==`` or ``===`` of a version, not of a prefix."""
        return self.operator == "===" or (self.operator == "==" and not self.version.endswith(".*"))


class Specifier(NamedTuple):
    """What follows the name and the extras. ``text`` is empty for a bare requirement.

    ``start`` and ``end`` frame it in the requirement, without blanks. ``form`` is ``clauses``,
    ``url`` (a direct reference), ``template`` (``{{ version }}`` or ``{version}``, filled in while
    it is built),
    ``either`` (Poetry's alternatives, ``||`` between them) or ``odd`` (not PEP 508).
    """

    text: str
    start: int
    end: int
    clauses: tuple[Clause, ...] = ()
    form: str = "clauses"

    @property
    def pin(self) -> Clause | None:
        """The exact clause, if there is one."""
        return next((clause for clause in self.clauses if clause.is_exact), None)

    def admits(self, version: str) -> bool:
        """Return whether it admits a version; of alternatives one is enough."""
        ways = self.text.split("||") if self.form == "either" else [self.text]
        return any(admits(way, version) for way in ways)


def specifier(requirement: str) -> Specifier:
    """Take a requirement apart."""
    found = REQUIREMENT.match(requirement)
    if found is None:
        return Specifier("", 0, 0, form="odd")
    if "{{" in requirement or "{" in found["specifier"]:
        return Specifier(requirement, 0, len(requirement), form="template")
    if requirement[found.end() : found.end() + 1] == "@":
        return Specifier(requirement, 0, len(requirement), form="url")
    if found.end() != len(requirement) or bool(found["open"]) != bool(found["close"]):
        return Specifier("", 0, 0, form="odd")
    text = found["specifier"]
    if not text.strip():
        end = found.start("gap")
        return Specifier("", end, end, form="odd" if found["open"] else "clauses")
    start = found.start("specifier")
    lead = len(text) - len(text.lstrip())
    return _clauses(requirement, start + lead, start + lead + len(text.strip()))


def is_requirement(text: str) -> bool:
    """Return whether a text is a requirement (PEP 508)."""
    if PLAIN.fullmatch(text):
        return True
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - costs 30 ms

    try:
        Requirement(text)
    except InvalidRequirement:
        return False
    return True


def is_exact_template(requirement: str) -> bool:
    """Return whether a template pins: ``name=={{ version }}``, whatever its marker says.

    Some plugins write ``{version}``.
    """
    return TEMPLATE.fullmatch(requirement) is not None


def admits(specifiers: str, version: str) -> bool:
    """Return whether a specifier set admits a version, pre-releases included (PEP 440)."""
    if not specifiers.strip():
        return True
    if LONG.search(specifiers):
        return False
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - costs 30 ms

    try:
        return SpecifierSet(specifiers).contains(version, prereleases=True)
    except InvalidSpecifier:
        return False


def pins(clause: Clause, version: str) -> bool:
    """Return whether an exact clause is this version; ``===`` compares texts."""
    if clause.operator == "===":
        return clause.version.lower() == version.lower()
    return is_same(clause.version, version)


class Replacement(NamedTuple):
    """What to write instead: ``text`` from ``start`` to ``end`` of the requirement."""

    start: int
    end: int
    text: str


def remedy(said: Specifier, policy: str, version: str) -> Replacement | None:
    """Return what makes a specifier right for a version; None when it is, or nobody can tell."""
    if said.form not in {"clauses", "either"}:
        return None
    exact = Replacement(said.start, said.end, f"=={version}") if policy == "exact" else None
    if said.pin is not None:
        return None if pins(said.pin, version) else _repinned(said, said.pin, version) or exact
    if exact is not None:
        return exact
    if not said.text:
        return Replacement(said.start, said.end, _compatible(version)) if policy != "any" else None
    if said.admits(version):
        return None
    return _moved(said.clauses[0], version) if len(said.clauses) == 1 else None


def _repinned(said: Specifier, pin: Clause, version: str) -> Replacement | None:
    """Move the pin to a version; None when what stands beside it excludes that."""
    others = ",".join(f"{one.operator}{one.version}" for one in said.clauses if one is not pin)
    return Replacement(pin.start, pin.end, version) if admits(others, version) else None


def _compatible(version: str) -> str:
    """Return ``~=``, which PEP 440 allows from two numbers on; ``~=`` and ``>=`` have no local."""
    public = version.partition("+")[0]
    return f"~={public}" if SEVERAL.match(public) else f">={public}"


def _moved(clause: Clause, version: str) -> Replacement | None:
    """Move ``~= 1.15`` to as many numbers of the new version, if those admit it."""
    if clause.operator != "~=":
        return None
    text = _compatible(version)
    numbers = re.match(r"[0-9.]*[0-9]", version)
    short = ".".join((numbers[0] if numbers else "").split(".")[: clause.version.count(".") + 1])
    if "." in short and admits(f"~={short}", version):
        text = f"~={short}"
    if text.startswith("~="):
        return Replacement(clause.start, clause.end, text[2:])
    return Replacement(clause.first, clause.end, text)


def _clauses(requirement: str, start: int, end: int) -> Specifier:
    text = requirement[start:end]
    found = []
    place = 0
    while place < len(text):
        clause = CLAUSE.match(text, place)
        if clause is None:
            return Specifier(text, start, end, form="odd")
        span = (start + clause.start("version"), start + clause.end("version"))
        first = start + clause.start("operator")
        found.append(Clause(clause["operator"], clause["version"], *span, first))
        place = clause.end()
    return Specifier(text, start, end, tuple(found))
