"""`make bench`: the guardrail beside public tools, in units of an interpreter that does nothing."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from environments import installed, ours, peers
from scenes import lay_out
from timing import Contestant, Timing, environment, measure

REPOSITORY = Path(__file__).resolve().parents[1]
WORK = REPOSITORY / ".benchmarks"
NOTHING = "python -c pass"


def main() -> int:
    """Measure, and print one table for each size."""
    given = arguments()
    theirs = peers(WORK, REPOSITORY / "benchmarks/peers.txt")
    mine = ours(WORK, REPOSITORY)
    environ = environment(WORK / "home", theirs)
    show_installed(mine)
    tables = {}
    for members in given.members:
        root = WORK / f"workspace-{members}"
        paths = lay_out(root, members, mine / "release-sync-hook", theirs / "uv", environ)
        found = measure(contestants(root, paths, mine, theirs), given.rounds, environ)
        tables[members] = {timing.name: timing for timing in found}
        show(members, found)
    show_goals(tables)
    return 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--members", type=int, nargs="+", default=[2, 100, 1000])
    return parser.parse_args()


def contestants(root: Path, paths: list[str], mine: Path, theirs: Path) -> list[Contestant]:
    """List everything that is measured on a workspace."""

    def forget() -> None:
        shutil.rmtree(root / ".git/release-sync", ignore_errors=True)

    hook = str(mine / "release-sync-hook")
    pre_commit = [str(theirs / "pre-commit"), "run", "--all-files", "--config"]
    return [
        Contestant(NOTHING, [str(mine / "python"), "-c", "pass"], root),
        Contestant("our hook: check, cold", [hook, "check"], root, forget),
        Contestant("our hook: check, warm", [hook, "check"], root),
        Contestant("our hook: staged, cold", [hook, "pre-commit"], root, forget),
        Contestant("our hook: staged, warm", [hook, "pre-commit"], root),
        Contestant("uv workspace list", [str(theirs / "uv"), "workspace", "list"], root),
        Contestant("uv lock --check", [str(theirs / "uv"), "lock", "--check"], root),
        Contestant(
            "bump-my-version show current_version",
            [str(theirs / "bump-my-version"), "show", "current_version"],
            root,
        ),
        Contestant("cz version -p", [str(theirs / "cz"), "version", "-p"], root),
        Contestant("validate-pyproject", [str(theirs / "validate-pyproject"), *paths], root),
        Contestant(
            "check-jsonschema",
            [str(theirs / "check-jsonschema"), "--schemafile", "schema.json", *paths],
            root,
        ),
        Contestant("pre-commit run, hook `true`", [*pre_commit, "nothing.yaml"], root),
        Contestant("pre-commit run, our hook", [*pre_commit, "ours.yaml"], root),
    ]


def show_installed(programs: Path) -> None:
    """Print what a fresh environment for the hook holds."""
    found = installed(programs)
    compiled = [one.name for one in found if one.compiled]
    names = ", ".join(f"{one.name} {one.version}" for one in found)
    print(f"A fresh environment for the hook: {len(found)} distributions ({names})")
    print(f"compiled: {', '.join(compiled) or 'none'}")


def show(members: int, found: list[Timing]) -> None:
    """Print a table.

    The spread goes from the 10th to the 90th percentile of the runs; the fastest run is compared
    with the fastest of the interpreter, which other work on the machine disturbs least.
    """
    idle = next(one for one in found if one.name == NOTHING)
    nothing = idle.median
    print(f"\n{members} members; 1.00 = `{NOTHING}` = {1000 * nothing:.1f} ms")
    print(f"  {'':38} {'ratio':>8} {'spread':>18} {'fastest':>8} {'median':>11} {'runs':>5}")
    for one in found:
        spread = f"{one.quantile(0.1) / nothing:.2f} to {one.quantile(0.9) / nothing:.2f}"
        median = f"{1000 * one.median:.1f} ms"
        ratio = one.median / nothing
        fastest = one.quantile(0) / idle.quantile(0)
        runs = len(one.seconds)
        print(f"  {one.name:38} {ratio:8.2f} {spread:>18} {fastest:8.2f} {median:>11} {runs:>5}")
    sys.stdout.flush()


def show_goals(tables: dict[int, dict[str, Timing]]) -> None:
    """Print how far the goals are met."""
    print("\nGoals")

    def goal(members: int, name: str, other: str, limit: float) -> None:
        if members in tables:
            ratio = tables[members][name].median / tables[members][other].median
            word = "met" if ratio <= limit else "MISSED"
            print(
                f"  {members} members, {name}: {ratio:.2f} of `{other}` (at most {limit}): {word}"
            )

    goal(2, "our hook: check, warm", NOTHING, 1.6)
    goal(2, "our hook: staged, warm", NOTHING, 1.6)
    goal(1000, "our hook: check, warm", "uv workspace list", 1)
    goal(1000, "our hook: staged, warm", "uv workspace list", 1)
    goal(1000, "our hook: check, cold", "uv workspace list", 2)
    goal(1000, "our hook: staged, cold", "uv workspace list", 2)


if __name__ == "__main__":
    sys.exit(main())
