"""Secrets: kept apart from the environment, masked in all output, given only to what needs them.

``handover`` asks this module before anything else is imported: what is slow to import is imported
inside a function.
"""

from __future__ import annotations

import os
import re
from textwrap import dedent, indent
from typing import TYPE_CHECKING

from release_sync.lines import split_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

UPLOAD_ONLY = (
    "UV_PUBLISH_TOKEN",
    "UV_PUBLISH_PASSWORD",
    "UV_PUBLISH_URL",  # it may carry a password
    "TWINE_PASSWORD",
    # What GitLab and Buildkite give a trusted publisher; GitHub's is asked for with the first.
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "PYPI_ID_TOKEN",
    "TESTPYPI_ID_TOKEN",
    "BUILDKITE_AGENT_ACCESS_TOKEN",
)
"""Variables that only an upload needs. Builds, hooks and imports run code that others wrote."""

_SECRETS = frozenset(UPLOAD_ONLY) - {"UV_PUBLISH_URL"}
_SHORTEST = 6
_NOTHING = "it printed nothing"
_LABEL = re.compile(r"^(?:error|fatal|cause|caused by): ", re.IGNORECASE)
"""What uv, git and others write before a cause."""
_BACKTRACE = "\nStack backtrace:\n"
"""What a program in Rust, such as uv_build, writes below its causes with RUST_BACKTRACE."""
_kept: dict[str, str] = {}
_hidden: dict[str, str] = {}


def is_secret(name: str, value: str) -> bool:
    """Return whether a variable gives access to an index: to upload to it, or to read it."""
    of_an_index = name.startswith("UV_INDEX_") and name.endswith(("_USERNAME", "_PASSWORD"))
    return name in UPLOAD_ONLY or of_an_index or (name.startswith("UV_") and _has_password(value))


def keep(secrets: Mapping[str, str]) -> None:
    """Keep variables in this process alone: no program gets them that is not given them."""
    _kept.update(secrets)


def hide(secret: str, place: str) -> None:
    """Mask a secret of a file in all output, and look for it in what is built."""
    if len(secret) >= _SHORTEST:
        _hidden[secret] = place


def environment() -> dict[str, str]:
    """Return this process's environment, with the secrets that are kept apart from it."""
    return {**os.environ, **_kept}


def masked(text: str) -> str:
    """Return the text without what is secret: in the environment or hidden, in URLs, as a token."""
    from devclikit import masking  # noqa: PLC0415 - see above

    hidden = {f"password {number}": secret for number, secret in enumerate(_hidden)}
    return masking.masked(text, {**environment(), **hidden})


def without_upload_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for uv where it does not upload, and reads indexes."""
    return {name: value for name, value in environ.items() if name not in UPLOAD_ONLY}


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for code of the repository or of what it depends on."""
    return {name: value for name, value in environ.items() if not is_secret(name, value)}


def index_secrets(environ: Mapping[str, str], manifest: str) -> dict[str, str]:
    """Return every secret about an index that is known here, by its value, and where it stands.

    ``manifest`` is the text of the workspace's ``pyproject.toml``.
    """
    from devclikit.masking import passwords  # noqa: PLC0415 - see above

    named = {
        value: name
        for name, value in environ.items()
        if (name in _SECRETS or _is_index_password(name)) and len(value) >= _SHORTEST
    }
    told = dict.fromkeys(passwords(environ.get("UV_PUBLISH_URL", "")), "UV_PUBLISH_URL")
    named = {**_hidden, **named}
    return {**named, **told, **dict.fromkeys(passwords(manifest), "a URL in pyproject.toml")}


def _is_index_password(name: str) -> bool:
    return name.startswith("UV_INDEX_") and name.endswith("_PASSWORD")


def _has_password(value: str) -> bool:
    if "://" not in value:
        return False
    from devclikit.masking import passwords  # noqa: PLC0415 - see above

    return bool(passwords(value))


def indented_tail(text: str, lines: int = 12) -> str:
    """Return the last line that says what is wrong, and below it those around it, indented.

    What follows it is advice (uv ends with ``hint: …``), or a mark below it.
    """
    text, _, _ = text.partition(_BACKTRACE)
    said = lines_of(text, lines)
    last = next((one for one in reversed(said) if _is_a_cause(one.strip())), said[-1])
    said.reverse()
    said.remove(last)
    around = indent(dedent("\n".join(reversed(said))), "    ")
    return "\n".join(filter(None, [_LABEL.sub("", last.strip(), count=1), around]))


def _is_a_cause(line: str) -> bool:
    return not line.startswith("hint:") and any(letter.isalnum() for letter in line)


def lines_of(text: str, lines: int = 12) -> list[str]:
    """Return the last lines that say something, as they were printed; one for none at all."""
    return [line.rstrip() for line in split_lines(text) if line.strip()][-lines:] or [_NOTHING]


def last_lines(text: str, lines: int = 6) -> str:
    """Return the last lines that say something, as one line."""
    said = [line.strip() for line in split_lines(text)]
    return " / ".join([line for line in said if line][-lines:])
