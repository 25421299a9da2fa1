"""A finding: what is wrong, where, and what should stand there."""

from __future__ import annotations

from typing import NamedTuple

from release_sync.configuration.rule_codes import NAMES


def displayable(text: str) -> str:
    """Return a text that a screen only shows: control characters are replaced, but for line feeds.

    So is what came from bytes that are no UTF-8.
    """
    shown = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(one if one in "\n\t" or one.isprintable() else "\ufffd" for one in shown)


class Finding(NamedTuple):
    """One thing that a rule found; lines and columns count characters, from one."""

    path: str
    line: int
    column: int
    code: str
    message: str
    member: str = ""
    expected: str = ""
    found: str = ""
    fixable: bool = False

    @property
    def name(self) -> str:
        """The rule's name."""
        return NAMES[self.code]

    def below(self, folder: str) -> Finding:
        """Return the finding as seen from above: from where ``folder`` is the workspace's."""
        return self._replace(path=f"{folder}/{self.path}") if folder else self

    def __str__(self) -> str:
        """Show it as editors and people know it, on one line whatever the file is called."""
        is_plain = self.path.isprintable() and not self.path.startswith("::")
        path = self.path if is_plain else ascii(self.path)
        message = self.message.replace("\n", " ")
        return f"{path}:{self.line}:{self.column}: {self.code} {displayable(message)}"
