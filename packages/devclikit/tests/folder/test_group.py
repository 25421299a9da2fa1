from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.shell_completion import ShellComplete

from devclikit.boundary import Boundary
from devclikit.errors import Stop
from devclikit.folder.group import Contents, FolderGroup
from devclikit.lazy import Lazy, LazyGroup
from devclikit.testing import run

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCK = "# /// script\n# dependencies = []\n# ///\n"
FILES = {
    "say_hello.py": f'{BLOCK}"""Say hello. And more."""\n',
    "rude.py": f'{BLOCK}"""\x1b[2J::error::no"""\n',
    "broken.py": BLOCK.replace("[]", "["),
    "new\nline\x1b.py": BLOCK,
    "db/__init__.py": '"""Look after the database."""\n',
    "db/migrate.py": f'{BLOCK}"""Migrate."""\n',
    "db/deep/down.py": f'{BLOCK}"""Be deep down."""\n',
}
PACKAGE = LazyGroup(
    "acme.dev",
    lazy={"greet": Lazy("nowhere:at_all", "Greet."), "late": Lazy("click:echo", "Come late.")},
)


class App:
    """An app whose scripts are noted, not run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = PACKAGE
        self.problem: Stop | None = None
        self.ran: list[list[str]] = []
        self.finds = 0
        self.group = FolderGroup("app", find=self.find, launch=self.launch)

    def find(self) -> Contents:
        self.finds += 1
        return Contents(self.folder, self.package, self.problem)

    def launch(self, script: Path, arguments: Sequence[str]) -> int:
        self.ran.append([script.name, *arguments])
        return 5

    def output(self, *arguments: str) -> str:
        done = run(self.group, *arguments, folder=Path.cwd())
        assert done.stderr == ""
        return done.stdout

    def run(self, *arguments: str) -> int:
        return Boundary("app").run(self.group, arguments)

    def completes(self, *words: str) -> list[str]:
        *before, last = words
        shell = ShellComplete(self.group, {}, "app", "_APP_COMPLETE")
        return [one.value for one in shell.get_completions(before, last)]


@pytest.fixture
def app(tmp_path: Path) -> App:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return App(tmp_path)


def listed(output: str, section: str) -> dict[str, str]:
    """Return the rows of a section of help."""
    lines = output.partition(f"{section}:\n")[2].partition("\n\n")[0].splitlines()
    return {name: text for name, _, text in (line.strip().partition("  ") for line in lines)}


def test_both_kinds_of_commands_are_listed_and_none_is_run(app: App) -> None:
    for output in app.output("--help"), app.output():
        names = {name: text.strip() for name, text in listed(output, "Commands").items()}
        assert names == {
            "greet": "Greet.",
            "late": "Come late.",
            "db": "Look after the database.",
            "rude": "?[2J::error::no",
            "say-hello": "Say hello.",
        }
        broken = listed(output, "Can't be run")
        assert "is not TOML" in broken["broken"]
        assert "rename it" in broken["new line?"]
    assert app.ran == []


def test_help_reads_the_configuration_once(app: App) -> None:
    app.output("--help")
    assert app.finds == 1


def test_every_argument_is_the_scripts_as_it_came(app: App) -> None:
    arguments = ["--help", "--", "-x", "", "--version", "a b", "--", "-C"]
    assert app.run("say-hello", *arguments) == 5
    assert app.ran == [["say_hello.py", *arguments]]


def test_a_sub_folder_is_a_group_with_its_own_help(app: App) -> None:
    output = app.output("db")
    assert "Look after the database." in output
    assert listed(output, "Commands") == {"deep": "   The commands in deep.", "migrate": "Migrate."}
    assert app.run("db", "deep", "down", "1") == 5
    assert app.ran == [["down.py", "1"]]


def test_only_what_is_run_is_read(app: App) -> None:
    (app.folder / "rude.py").unlink()
    (app.folder / "rude.py").symlink_to("nowhere")
    (app.folder / "say-hello.py").mkdir()
    assert app.run("say-hello") == 5


def test_what_can_not_be_run_says_why(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run("broken") == 2
    said = capsys.readouterr().err
    assert said.startswith(f"error: {app.folder / 'broken.py'}: ")
    assert "is not TOML" in said


def test_a_name_that_is_like_one_is_suggested(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run("say-helo") == 2
    assert capsys.readouterr().err == (
        "error: no such command: say-helo\nhint: did you mean `say-hello`?\n"
    )
    (app.folder / "a.py").write_text(BLOCK, encoding="utf-8")
    assert app.run("a.py") == 2
    assert capsys.readouterr().err == "error: no such command: a.py\nhint: did you mean `a`?\n"


@pytest.mark.parametrize(
    ("typed", "why", "hint"),
    [
        (["plain"], "plain.py is no command: it has no `# /// script` block", "begin it"),
        (["plain.py"], "plain.py is no command: it has no `# /// script` block", "begin it"),
        (["open-block"], "open_block.py: the `# /// script` block on line 1 is never", "end it"),
        (
            ["nothing"],
            "nothing is no command: no file in it has a `# /// script` block",
            "begin",
        ),
        (["gone"], "gone.py: a symbolic link to nothing\n", ""),
        (
            ["db", "cleanup"],
            "db/cleanup is no command: its name does not end",
            "call it cleanup.py",
        ),
    ],
)
def test_a_file_that_is_no_command_says_why(
    app: App, capsys: pytest.CaptureFixture[str], typed: list[str], why: str, hint: str
) -> None:
    for name in "plain.py", "nothing/plain.py", "_own.py", "own.txt":
        (app.folder / name).parent.mkdir(exist_ok=True)
        (app.folder / name).write_text('"""Be plain."""\n', encoding="utf-8")
    (app.folder / "open_block.py").write_text("# /// script\n", encoding="utf-8")
    (app.folder / "gone.py").symlink_to("nowhere")
    (app.folder / "db" / "cleanup").write_text(BLOCK, encoding="utf-8")
    assert app.run(*typed) == 2
    said = capsys.readouterr().err
    assert f"error: {app.folder}/{why}" in said
    assert ("hint: " in said) == bool(hint)
    assert hint in said
    for name in "_own", ".own", "own", "../below", "/", "":
        assert app.run(name) == 2
        assert capsys.readouterr().err.startswith(f"error: no such command: {name}\n")


def test_where_there_is_no_command_the_list_says_how_to_make_one(tmp_path: Path) -> None:
    app = App(tmp_path)
    assert "Each NAME" not in app.output("--help")
    app.package = LazyGroup("acme.dev", lazy={})
    said = "".join(app.output("--help").split())
    assert f"EachNAME.pyin{tmp_path}isacommand" in said


def test_a_name_that_stands_for_two_can_not_be_run_and_all_others_can(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in "greet.py", "say-hello.py", "completion.py":
        (app.folder / name).write_text(BLOCK, encoding="utf-8")
    output = app.output("--help")
    assert [*listed(output, "Commands")] == ["late", "completion", "db", "rude"]
    broken = {name: why.strip() for name, why in listed(output, "Can't be run").items()}
    with_package = "acme.dev has a command of this name, too: rename one"
    assert broken["greet"] == with_package
    assert broken["say-hello"] == "say-hello.py and say_hello.py have one name: rename one"
    assert app.completes("") == ["late", "completion", "db", "rude"]
    assert app.run("greet") == 2
    assert capsys.readouterr().err == f"error: {app.folder}/greet.py: {with_package}\n"
    assert app.run("say-hello") == 2
    assert capsys.readouterr().err.startswith(f"error: {app.folder}: say-hello.py and say_hello.py")
    assert app.run("rude") == 5


def test_where_the_package_is_not_there_the_scripts_are(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    app.package, app.problem = LazyGroup("acme.dev", lazy={}), Stop("it is gone", "get it")
    assert listed(app.output("--help"), "Can't be run")["acme.dev"].strip() == "it is gone; get it"
    assert app.run("say-hello") == 5
    assert app.run("greet") == 2
    assert capsys.readouterr().err == "error: it is gone\nhint: get it\n"


def test_commands_are_completed_and_files_behind_a_script(app: App) -> None:
    assert app.completes("s") == ["say-hello"]
    assert app.completes("") == ["greet", "late", "db", "rude", "say-hello"]
    assert app.completes("db", "") == ["deep", "migrate"]
    assert app.completes("db", "deep", "d") == ["down"]
    assert app.completes("say-hello", "READ") == ["READ"]
    assert "--help" in app.completes("--h")
    assert app.ran == []


def test_where_something_is_wrong_nothing_is_offered(app: App) -> None:
    app.folder = Path("/nowhere")
    assert app.completes("say-hello", "") == []
    assert app.completes("d") == []


def test_a_command_of_its_own_stands_beside_them(app: App) -> None:
    @app.group.command()
    def own() -> None:
        """Be its own."""
        click.echo("own")

    assert app.output("own") == "own\n"
    assert "own" in listed(app.output("--help"), "Commands")
    assert app.completes("o") == ["own"]
