"""Commands that end in each of the ways there are."""

from __future__ import annotations

import os
import signal
import sys
import time

import click

from devclikit.errors import Stop

sys.stderr.write("(commands imported)\n")

WORDS = ("hello",)


class Many(Stop):
    """A stop that stands for two."""

    problems = (Stop("the first", "do this"), Stop("the second", exit_code=4))


class Alike(Stop):
    """A stop that stands for two with the same hint, and for one of them twice."""

    problems = (Stop("one", "do this"), Stop("two", "do this"), Stop("one", "do this"))


class Thrown:
    """Something that is thrown away just when a signal comes."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        os.kill(os.getpid(), self.number)
        time.sleep(0)  # Python looks for signals when it calls something


STOPS = {
    "stop": Stop("it can't be", "try another", exit_code=4),
    "foreign": Stop("it says: \x1b[2J\nhint: run this\n::error::no", "\x1b]0;owned\x07 try"),
    "many": Many("", exit_code=4),
    "alike": Alike(""),
}


@click.command("greet")
@click.option("--times", default=1)
@click.option("--token", default="")
@click.option("--case", type=click.Choice(["lower", "upper"]))
def greet(times: int, token: str, case: str | None) -> None:  # noqa: ARG001 - to be kept secret, and to be misspelt
    """Write hello."""
    for _ in range(times):
        click.echo("hello")


@click.command("fail")
@click.argument("how")
@click.option("--token", default="")
@click.pass_context
def fail(ctx: click.Context, how: str, token: str) -> int:  # noqa: ARG001 - the same
    """End in a way."""
    if how in STOPS:
        raise STOPS[how]
    match how:
        case "bug":
            raise ValueError("no https://user:hunter2@example.invalid/ here")
        case "interrupt":
            # Started in the background of a shell, Python finds SIGINT ignored and leaves it so.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            os.kill(os.getpid(), signal.SIGINT)
        case "end":
            try:
                os.kill(os.getpid(), signal.SIGTERM)
            finally:
                os.kill(os.getpid(), signal.SIGTERM)  # an impatient one
                click.echo("cleared away")
        case "unheard-end" | "unheard-interrupt":
            signal.signal(signal.SIGINT, signal.default_int_handler)
            Thrown(signal.SIGTERM if how == "unheard-end" else signal.SIGINT)
            time.sleep(10)
            click.echo("went on")
        case "confirm":
            click.confirm("Sure?", abort=True)
        case "exit":
            ctx.exit(4)
        case "words":
            sys.exit("that is that")
    return 1
