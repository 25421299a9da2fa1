"""`--help` of an app of fifty script commands, beside bare click with fifty commands of its own.

What is measured is the processor's time, which other work on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sys
import textwrap
from pathlib import Path

from timing import Contestant, Timing, environment, run

WORK = Path(__file__).resolve().parents[1] / ".benchmarks" / "commands"
BARE = "bare click: --help"
GOALS = {"ours: --help": 1.5, "ours: complete a name": 1.5, "ours: a folder of none": 1.4}
"""At most so often the time of bare click with as many commands, by the fastest runs of both."""

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
    print(f"{given.commands} scripts of {size()} bytes")
    show(measure(given.rounds))
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


def measure(rounds: int) -> list[Timing]:
    """Run each in turn, and return the seconds of the processor; the first round warms up."""
    environ = environment(WORK / "home", Path(sys.prefix))
    listed = contestants()
    seconds: dict[str, list[float]] = {one.name: [] for one in listed}
    for _ in range(rounds + 1):
        for one in listed:
            before = spent()
            run(one, environ)
            seconds[one.name].append(spent() - before)
    return [Timing(name, tuple(known[1:])) for name, known in seconds.items()]


def spent() -> float:
    """Return the processor's seconds of all that was run."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def show(found: list[Timing]) -> None:
    """Print medians, their ratio and that of the fastest runs, and whether the goals are met."""
    (bare,) = (one for one in found if one.name == BARE)
    print(f"  {'':<24}{'median':>11}{'ratio':>8}{'fastest':>11}{'ratio':>8}")
    for one in found:
        fastest = min(one.seconds)
        ratio = fastest / min(bare.seconds)
        print(
            f"  {one.name:<24}{one.median * 1000:8.1f} ms{one.median / bare.median:8.2f}"
            f"{fastest * 1000:8.1f} ms{ratio:8.2f}{verdict(one.name, ratio)}"
        )


def verdict(name: str, ratio: float) -> str:
    """Return the goal, and whether it is met."""
    if name not in GOALS:
        return ""
    return f"  at most {GOALS[name]}: {'met' if ratio <= GOALS[name] else 'MISSED'}"


if __name__ == "__main__":
    sys.exit(main())
