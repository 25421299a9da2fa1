"""The files that an app begins with. ``@name@`` and the like are filled in."""

from __future__ import annotations

FILES = {
    ".gitignore": """\
.venv/
__pycache__/
""",
    "pyproject.toml": """\
[project]
name = "@name@"
version = "0.1.0"
description = "The commands of @name@"
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["devclikit>=@version@"]

[project.scripts]
@name@ = "@package@.app:main"

[dependency-groups]
dev = ["pytest>=8"]

[build-system]
requires = ["uv_build>=0.8,<1"]
build-backend = "uv_build"

# Where the commands are: scripts in a folder, and commands in a package.
[tool.devclikit]
commands = "tools"
package = "@package@.commands"

# Never leave this away: an index has an unrelated package that is called devclikit, too.
[tool.uv.sources]
devclikit = @source@

[tool.pytest.ini_options]
testpaths = ["tests"]
""",
    "README.md": """\
# @name@

One command for the tools of this repository.

| you type | it does |
|---|---|
| `uv run @name@ --help` | lists the commands |
| `uv run @name@ greet` | runs the command in `src/@package@/commands/greet.py` |
| `uv run @name@ count-lines README.md` | runs the script `tools/count_lines.py` |
| `uv run pytest` | runs the tests |

To add a command, put a script with a `# /// script` block (PEP 723) into `tools/`: its name is the
command's, its docstring the help. What needs the code of `@package@` is a click command beside
`greet.py`, with a line in `src/@package@/commands/__init__.py`.
@note@""",
    "src/@package@/__init__.py": '''\
"""The commands of @name@."""
''',
    "src/@package@/app.py": '''\
"""The program @name@."""

from devclikit.app import App

app = App("@name@", help="The commands of @name@.", near=__file__)


def main() -> int:
    """Run the command line, and return its exit code."""
    return app.main()
''',
    "src/@package@/commands/__init__.py": '''\
"""The commands in this package: each is imported when it is run, and not before."""

from devclikit.lazy import Lazy

COMMANDS = {
    "greet": Lazy("@package@.commands.greet:command", "Say hello."),
}
''',
    "src/@package@/commands/greet.py": '''\
"""The command `greet`."""

import click


@click.command("greet")
@click.option("--name", default="world", show_default=True, help="Whom to greet.")
def command(name: str) -> None:
    """Say hello."""
    click.echo(f"Hello, {name}.")
''',
    "tools/count_lines.py": '''\
# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Count the lines of files."""

import argparse
from pathlib import Path

parser = argparse.ArgumentParser(prog="count-lines", description=__doc__)
parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
for file in parser.parse_args().files:
    print(f"{len(file.read_text(encoding='utf-8').splitlines()):6} {file}")
''',
    "tests/test_app.py": """\
from devclikit.testing import run

from @package@.app import main


def test_help_lists_the_commands_of_the_package_and_of_the_folder() -> None:
    output = run(main, "--help").stdout
    assert "greet" in output
    assert "count-lines" in output


def test_greet_says_hello() -> None:
    assert run(main, "greet", "--name", "you").stdout == "Hello, you.\\n"
""",
}

NOTE = """
`pyproject.toml` names devclikit by a path on the machine where this was made. For others, write a
source that they have, too, under `[tool.uv.sources]`: a git URL, or a path inside this repository.
"""
"""What the README adds when the source of devclikit is of one machine."""


def filled(name: str, version: str, source: str, *, is_local: bool) -> dict[str, str]:
    """Return the files of an app, path to text. ``source`` is an inline table of TOML."""
    values = {
        "@name@": name,
        "@package@": name.replace("-", "_"),
        "@version@": version,
        "@source@": source,
        "@note@": NOTE if is_local else "",
    }
    return {_filled(path, values): _filled(text, values) for path, text in FILES.items()}


def _filled(text: str, values: dict[str, str]) -> str:
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text
