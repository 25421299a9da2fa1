"""Pull requests, opened by the forges' own programs: they know how to log in, and we need not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.effects.secrets import lines_of
from release_sync.errors import Problem, with_causes

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 120
"""How long such a program may take."""

PROGRAMS = {"GitHub": "gh", "GitLab": "glab"}
"""The program of each kind of forge that has one."""

BODY = "Made by `release-sync bump`: the versions of the next release, and nothing else."


@dataclass(frozen=True, slots=True)
class ForgePrograms:
    """The programs ``gh`` and ``glab``, run in a folder; nothing secret is among their words."""

    folder: Path

    def problem(self, kind: str) -> Problem | None:
        """Return why no pull request can be opened on a forge of that kind from here."""
        program = PROGRAMS.get(kind)
        if program is None:
            there = kind or "a host that is not known"
            return Problem(
                f"`--open` opens pull requests on {' and '.join(PROGRAMS)}, and this is {there}",
                hint="leave it out, and open the pull request there yourself",
            )
        if shutil.which(program) is None:
            return Problem(
                f"`--open` needs {kind}'s program `{program}`, which is not on PATH",
                hint="install it and log in; or leave `--open` out: the page to open is printed",
            )
        return None

    def open(self, kind: str, page: str, target: str, branch: str, title: str) -> str:
        """Open a pull request, unless one of this branch is open; return its address."""
        if PROGRAMS[kind] == "gh":
            ends = ["--repo", page, "--base", target, "--head", branch]
            listing = ["gh", "pr", "list", *ends, "--state", "open", "--json", "url"]
            made = ["gh", "pr", "create", *ends, "--title", title, "--body", BODY]
            key = "url"
        else:
            ends = ["--repo", page, "--source-branch", branch, "--target-branch", target]
            listing = ["glab", "mr", "list", *ends, "--output", "json"]
            made = ["glab", "mr", "create", *ends, "--title", title, "--description", BODY, "--yes"]
            key = "web_url"
        return _first(self._run(listing), key) or _last_word(self._run(made))

    def _run(self, line: list[str]) -> str:
        """Run a program, with nothing to read. Raises Problem."""
        quiet = {"GH_PROMPT_DISABLED": "1", "NO_PROMPT": "1", "NO_COLOR": "1"}
        failed = f"`{' '.join(line[:3])}` failed"
        hint = f"see that `{line[0]} auth status` is fine, then run the same again"
        try:
            done = subprocess.run(
                line,
                cwd=self.folder,
                env={**os.environ, **quiet},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Problem(f"{failed}: {error}", hint=hint) from error
        if done.returncode:
            raise Problem(with_causes(failed, lines_of(done.stderr or done.stdout)), hint=hint)
        return done.stdout


def _first(listing: str, key: str) -> str:
    """Return the address of the first pull request of a list in JSON; ``""`` for none."""
    try:
        found = json.loads(listing or "[]")
        return str(found[0][key]) if found else ""
    except (ValueError, LookupError, TypeError):
        return ""


def _last_word(said: str) -> str:
    """Return the address that a program ends with."""
    return said.strip().replace("\n", " ").split(" ")[-1]
