from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

from devclikit.lazy import Lazy, LazyGroup, foreign, load
from devclikit.testing import run

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Example = Callable[..., subprocess.CompletedProcess[str]]

IMPORTED = "(commands imported)"


def test_help_lists_the_commands_in_their_order_and_imports_none(example: Example) -> None:
    done = example("--help")
    names = [
        line.split()[0]
        for line in done.stdout.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    ]
    assert names == ["greet", "fail", "extra", "broken", "count", "completion", "mistyped"]
    assert "Write hello." in done.stdout
    assert IMPORTED not in done.stderr


def test_a_command_is_imported_when_it_is_invoked(example: Example) -> None:
    done = example("greet", "--times", "2")
    assert (done.returncode, done.stdout) == (0, "hello\nhello\n")
    assert IMPORTED in done.stderr


def test_an_unknown_command_gets_a_suggestion_and_imports_nothing(example: Example) -> None:
    done = example("gret")
    assert done.returncode == 2
    assert done.stderr == "error: no such command: gret\nhint: did you mean `greet`?\n"


def test_a_missing_distribution_is_told_in_the_programs_words(example: Example) -> None:
    done = example("extra")
    assert done.returncode == 2
    assert done.stderr == (
        "error: `extra` needs a_distribution_that_nobody_has\nhint: pip install it\n"
    )


def test_a_missing_module_of_ones_own_is_a_bug(example: Example) -> None:
    done = example("broken")
    assert done.returncode == 3
    assert "example.no_such_module" in done.stderr


def test_a_target_that_is_no_command_is_a_bug(example: Example) -> None:
    assert example("mistyped").returncode == 3
    with pytest.raises(TypeError, match="is not a click command"):
        load("devclikit.lazy:Lazy")


def test_only_other_peoples_modules_are_foreign() -> None:
    assert foreign(ModuleNotFoundError(name="rich.console"), "ours.cli:command")
    assert not foreign(ModuleNotFoundError(name="ours.gone"), "ours.cli:command")


def test_eager_commands_stand_beside_the_lazy_ones() -> None:
    group = LazyGroup("both", lazy={"late": Lazy("nowhere:at_all", "Comes late.")})

    @group.command()
    def early() -> None:
        """Come early."""
        click.echo("early")

    assert run(group, "early").stdout == "early\n"
    listed = run(group, "--help").stdout
    assert listed.index("Comes late.") < listed.index("Come early.")


def test_completion_of_a_name_imports_nothing(example: Example) -> None:
    done = example(_EXAMPLE_COMPLETE="bash_complete", COMP_WORDS="example gr", COMP_CWORD="1")
    assert done.stdout.strip() == "plain,greet"
    assert IMPORTED not in done.stderr
