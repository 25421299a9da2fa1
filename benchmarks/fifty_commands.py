"""`--help` of an app of fifty script commands, beside bare click with fifty commands of its own."""

from __future__ import annotations

import argparse
import shutil
import sys
import textwrap
from pathlib import Path
from statistics import median

from timing import Contestant, Timing, environment, measure

WORK = Path(__file__).resolve().parents[1] / ".benchmarks" / "commands"
BARE = "bare click: --help"
GOALS = {"ours: --help": 1.5, "ours: complete a name": 1.3, "ours: a folder of none": 1.3}
"""At most so often the time of bare click with as many commands."""

SCRIPT = '''\
# /// script
# requires-python = ">=3.11"
# dependencies = ["requests<3", "rich"]
# ///
"""Do the thing that is called {number}, and say how it went.

The rest of this is shown by `--help` of the script alone.
"""

import pathlib

pathlib.Path({traces!r}, "{number}").touch()
'''
FUNCTION = '''

def work_{number}(paths: list[pathlib.Path], limit: int = 10) -> dict[str, int]:
    """Count the lines of files that are longer than the limit."""
    found: dict[str, int] = {{}}
    for path in sorted(paths):
        lines = path.read_text(encoding="utf-8").splitlines()
        if len(lines) > limit and not path.name.startswith("."):
            found[str(path)] = sum(1 for line in lines if line.strip())
    return found
'''
CLICK = '''
import click


@click.group()
def app():
    """The commands of bare click."""
'''
COMMAND = '''

@app.command("thing-{number}")
def thing_{number}():
    """Do the thing that is called {number}, and say how it went."""
'''


def main() -> int:
    """Measure, print a line for each, and fail when something was run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--commands", type=int, default=50)
    given = parser.parse_args()
    lay_out(given.commands)
    for name in "--help", "thing-0":
        print(f"{name}: {given.commands} scripts of {size()} bytes")
        break
    found = measure(contestants(), given.rounds, environment(WORK / "home", Path(sys.prefix)))
    show(found)
    ran = list((WORK / "traces").iterdir())
    print(f"{len(ran)} scripts were run")
    return len(ran)


def lay_out(commands: int) -> None:
    """Write the scripts, some 3 KB each, and the program that stands on click alone."""
    shutil.rmtree(WORK, ignore_errors=True)
    for folder in "tools", "none", "traces":
        (WORK / folder).mkdir(parents=True)
    for number in range(commands):
        text = SCRIPT.format(number=number, traces=str(WORK / "traces"))
        text += "".join(FUNCTION.format(number=one) for one in range(6))
        (WORK / "tools" / f"thing_{number}.py").write_text(text)
    bare = CLICK + "".join(COMMAND.format(number=number) for number in range(commands))
    (WORK / "bare.py").write_text(f"{bare}\n\napp()\n")
    for name in "tools", "none":
        app = f"""\
            import sys
            from pathlib import Path
            from devclikit.app import App
            sys.exit(App("app", folder=Path({str(WORK / name)!r})).main())
            """
        (WORK / f"app_{name}.py").write_text(textwrap.dedent(app))


def size() -> int:
    """Return the size of a script."""
    return (WORK / "tools" / "thing_0.py").stat().st_size


def contestants() -> list[Contestant]:
    """List what is measured."""
    python = sys.executable
    app = [python, str(WORK / "app_tools.py")]
    asked = ["env", "_APP_COMPLETE=bash_complete", "COMP_WORDS=app thing-1", "COMP_CWORD=1", *app]
    return [
        Contestant("python -c pass", [python, "-c", "pass"], WORK),
        Contestant(BARE, [python, str(WORK / "bare.py"), "--help"], WORK),
        Contestant("ours: a folder of none", [python, str(WORK / "app_none.py"), "--help"], WORK),
        Contestant("ours: --help", [*app, "--help"], WORK),
        Contestant("ours: complete a name", asked, WORK),
    ]


def show(found: list[Timing]) -> None:
    """Print medians, ratios to bare click round by round, and whether the goals are met."""
    (bare,) = (one for one in found if one.name == BARE)
    for one in found:
        ratio = median(a / b for a, b in zip(one.seconds, bare.seconds, strict=True))
        goal = GOALS.get(one.name)
        verdict = (
            "" if goal is None else f"  at most {goal}: {'met' if ratio <= goal else 'MISSED'}"
        )
        print(f"  {one.name:<24}{one.median * 1000:8.1f} ms{ratio:8.2f}{verdict}")


if __name__ == "__main__":
    sys.exit(main())
