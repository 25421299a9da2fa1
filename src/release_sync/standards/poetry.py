"""Poetry's constraints, which are not PEP 440's (python-poetry.org, dependency-specification)."""

from __future__ import annotations

import re

from release_sync.standards.specifiers import Clause, Specifier

ONE = re.compile(
    r"(?P<operator>\^|~=|~|===|==|=|!=|<>|<=|>=|<|>|)\s*"
    r"(?P<version>v?[0-9][A-Za-z0-9.+!_-]*(?:\.\*)?|\*)(?:\s*,\s*|\s+|$)"
)
"""One comparison, up to the next: a blank separates them as well as a comma does."""

WILD = frozenset({".*", ".x", ".X"})
FOR_WILD = frozenset({"", "=", "==", "!="})
OR = re.compile(r"\|\|?")
MEANT = {"": "==", "=": "==", "<>": "!="}
"""Poetry's other words for operators of PEP 440."""

ELSEWHERE = "@ "
"""What a dependency by path, URL or git begins with: it has no constraint."""


def constraint(text: str) -> Specifier:
    """Take a constraint apart; what Poetry does not understand either is ``odd``."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    if text.startswith(ELSEWHERE) or "://" in text:
        return Specifier(text, start, end, form="url")
    if start == len(text):
        return Specifier("", 0, 0)
    ways = _alternatives(text)
    if None in ways:
        return Specifier(text[start:end], start, end, form="odd")
    written = [_written(clauses or ()) for clauses in ways]
    if len(ways) == 1:
        return Specifier(written[0], start, end, ways[0] or ())
    anything = "" in written
    return Specifier("" if anything else " || ".join(written), start, end, form="either")


def _alternatives(text: str) -> list[tuple[Clause, ...] | None]:
    found = []
    start = 0
    for bar in (*OR.finditer(text), None):
        end = len(text) if bar is None else bar.start()
        found.append(_clauses(text[:end], start))
        start = len(text) if bar is None else bar.end()
    return found


def _clauses(text: str, start: int) -> tuple[Clause, ...] | None:
    """Return what one alternative compares with, in PEP 440's words; None when it is odd."""
    end = len(text.rstrip(", \t\r\n"))
    place = end - len(text[start:end].lstrip())
    if place >= end:
        return None
    found: list[Clause] = []
    while place < end:
        one = ONE.match(text, place, end)
        if one is None or (one["version"][-2:] in WILD and one["operator"] not in FOR_WILD):
            return None
        found += _meant(one)
        place = one.end()
    return tuple(found)


def _meant(one: re.Match[str]) -> list[Clause]:
    operator, version = one["operator"], one["version"]
    span = one.span("version")
    if version == "*":
        return []
    if operator in {"^", "~"}:
        upper = _caret(version) if operator == "^" else _tilde(version)
        return [Clause(">=", version, *span), Clause("<", upper, *span)]
    if version[-2:] in WILD:
        version = f"{version[:-2]}.*"
    return [Clause(MEANT.get(operator, operator), version, *span, one.start("operator"))]


def _written(clauses: tuple[Clause, ...]) -> str:
    return ",".join(f"{one.operator}{one.version}" for one in clauses)


def _numbers(version: str) -> list[int]:
    found = re.match(r"v?([0-9]{1,9}(?:\.[0-9]{1,9})*)", version)
    return [int(one) for one in found[1].split(".")] if found else [0]


def _caret(version: str) -> str:
    """``^1.2.3`` ends before 2, ``^0.2.3`` before 0.3, ``^0.0.3`` before 0.0.4."""
    numbers = _numbers(version)
    first = next((at for at, one in enumerate(numbers) if one), len(numbers) - 1)
    return ".".join(str(one) for one in [*numbers[:first], numbers[first] + 1])


def _tilde(version: str) -> str:
    """``~1.2.3`` and ``~1.2`` end before 1.3, ``~1`` before 2."""
    numbers = _numbers(version)[:2]
    return ".".join(str(one) for one in [*numbers[:-1], numbers[-1] + 1])
