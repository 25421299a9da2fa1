"""What a git server does wrong, for ``tests.fakes.git_http``: each is a behaviour."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fakes.git_http import Ask, Behaviour, Exchange, GitServer

PATIENCE = 60.0
"""The seconds after which a test that forgot to let something go on fails, and does not hang."""


def lose_the_answer(exchange: Exchange, ask: Ask) -> Exchange | None:
    """Carry a push out, and break the connection within the answer."""
    answer = ask(exchange)
    return replace(answer, is_cut=True) if exchange.is_push else answer


def say_nothing(exchange: Exchange, ask: Ask) -> Exchange | None:
    """Carry a push out, and close the connection without a word: curl sends the push again.

    So ``once`` of this is a push that is done, and refused, for the ref is no longer what it was.
    """
    answer = ask(exchange)
    return None if exchange.is_push else answer


def drop_the_push(exchange: Exchange, ask: Ask) -> Exchange | None:
    """Close the connection of a push, and carry nothing out; ``once`` of it, curl recovers."""
    return None if exchange.is_push else ask(exchange)


def answer_pushes(status: int, words: str = "") -> Behaviour:
    """Return a gateway that answers every push, once it was sent, and does not pass it on."""

    def behave(exchange: Exchange, ask: Ask) -> Exchange | None:
        return exchange.answer(status, words) if exchange.is_push else ask(exchange)

    return behave


def answer_writers(status: int, words: str = "") -> Behaviour:
    """Return a gateway that answers whoever wants to push, before anything is sent."""

    def behave(exchange: Exchange, ask: Ask) -> Exchange | None:
        return exchange.answer(status, words) if exchange.is_writing else ask(exchange)

    return behave


def answer_everything(status: int, words: str = "") -> Behaviour:
    """Return a server that has one answer to all requests."""
    return lambda exchange, _ask: exchange.answer(status, words)


def be_silent(server: GitServer) -> Behaviour:
    """Return a server that takes every request and never answers, as long as it runs."""

    def behave(_exchange: Exchange, _ask: Ask) -> Exchange | None:
        server.stopped.wait(PATIENCE)
        return None

    return behave


def once(behaviour: Behaviour) -> Behaviour:
    """Return what behaves so for the first push, and well from the next request on."""
    left = [True]

    def behave(exchange: Exchange, ask: Ask) -> Exchange | None:
        if not left:
            return ask(exchange)
        if exchange.is_push:
            left.clear()
        return behaviour(exchange, ask)

    return behave


@dataclass
class Held:
    """Holds the first push until ``let_go`` is called; the client waits, or has gone.

    ``arrived`` is set once the push is here, ``done`` once it is carried out. With ``gateway`` the
    client is told 504 at once, and the push is carried out all the same when it is let go.
    """

    gateway: bool = False
    arrived: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)

    def __call__(self, exchange: Exchange, ask: Ask) -> Exchange | None:
        """Behave."""
        if not exchange.is_push or self.arrived.is_set():
            return ask(exchange)
        self.arrived.set()
        if self.gateway:
            threading.Thread(target=self._carry_out, args=(exchange, ask), daemon=True).start()
            return exchange.answer(HTTPStatus.GATEWAY_TIMEOUT, "the server is busy\n")
        return self._carry_out(exchange, ask)

    def let_go(self) -> None:
        """Have the push carried out, and return when it is."""
        self.released.set()
        assert self.done.wait(PATIENCE)

    def _carry_out(self, exchange: Exchange, ask: Ask) -> Exchange | None:
        if not self.released.wait(PATIENCE):
            return None
        answer = ask(exchange)
        self.done.set()
        return answer
