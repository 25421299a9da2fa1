"""Poetry's constraints, which are not PEP 440's (python-poetry.org, dependency-specification)."""

from __future__ import annotations

import re

from release_sync.workspace.specifier import Clause, Specifier, specifier

SHORT = re.compile(r"(?P<operator>\^|~|)\s*(?P<version>v?[0-9][A-Za-z0-9.+!_-]*)")


def constraint(text: str) -> Specifier:
    """Take a constraint apart; what has no equal in PEP 440 (``||``) is ``odd``."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    said = text[start:end]
    if said in {"", "*"}:
        return Specifier("", start, end)
    short = SHORT.fullmatch(said)
    if short is None:
        return _as_pep440(said, start, end)
    version = short["version"]
    if not short["operator"]:
        place = start + short.start("version")
        return Specifier(f"=={version}", start, end, (Clause("==", version, place, end),))
    upper = _caret(version) if short["operator"] == "^" else _tilde(version)
    return Specifier(f">={version},<{upper}", start, end)


def _as_pep440(said: str, start: int, end: int) -> Specifier:
    name = "x"
    found = specifier(name + said)
    shift = start - len(name)
    clauses = tuple(
        clause._replace(start=clause.start + shift, end=clause.end + shift)
        for clause in found.clauses
    )
    return Specifier(found.text, start, end, clauses, found.form)


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
