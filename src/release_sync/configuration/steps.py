"""The table ``[tool.release-sync.steps]``: what of the repository is run at points of a release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from release_sync.configuration import values
from release_sync.configuration.values import Key, Kind, Misconfigured
from release_sync.toml.location import dotted

if TYPE_CHECKING:
    from release_sync.toml.location import Keys

SCRIPT = ".py"
"""How a script's name ends; anything else that is run is a command."""


class StepRule(NamedTuple):
    """A command, or the path of a script and its arguments; only one that is ``trusted`` resumes.

    A script is a file of the repository, relative to the workspace's root.
    """

    run: tuple[str, ...]
    trusted: bool = False


class StepRules(NamedTuple):
    """What is run at each point, in order."""

    before_plan: tuple[StepRule, ...] = ()
    after_bump: tuple[StepRule, ...] = ()
    verify: tuple[StepRule, ...] = ()
    before_upload: tuple[StepRule, ...] = ()
    after_land: tuple[StepRule, ...] = ()


def _steps(keys: Keys, value: Any) -> StepRules:  # noqa: ANN401 - TOML may hold anything
    read = _TABLE.read(keys, value)
    return StepRules(**{point.replace("-", "_"): found for point, found in read.items()})


def _step(keys: Keys, value: Any) -> StepRule:  # noqa: ANN401 - TOML may hold anything
    if isinstance(value, str):
        if not value.endswith(SCRIPT):
            hint = 'a command is a table: { run = ["make", "smoke"] }'
            raise Misconfigured(keys, f"{dotted(keys)} is no path of a script in Python", hint)
        return StepRule((_first(keys, value),))
    return StepRule(**_STEP.read(keys, value))


def _run(keys: Keys, value: Any) -> tuple[str, ...]:  # noqa: ANN401 - TOML may hold anything
    run: tuple[str, ...] = _WORDS.read(keys, value)
    if not run:
        raise Misconfigured(keys, f"{dotted(keys)} names nothing to run")
    return (_first((*keys, 0), run[0]), *run[1:])


def _first(keys: Keys, value: Any) -> str:  # noqa: ANN401 - TOML may hold anything
    """Return the command, or the path of a script, which is below the workspace's root."""
    word = values.text(keys, value)
    if not word:
        raise Misconfigured(keys, f"{dotted(keys)} names nothing to run")
    if word.endswith(SCRIPT) and (word.startswith("/") or ".." in word.split("/")):
        raise Misconfigured(keys, f"the script {word!r} leads out of the workspace")
    return word


_WORDS = values.array(values.TEXT, "strings")
_PATH = {"type": "string", "pattern": r"^[^\x00]*\.py\Z", "not": values.OUTSIDE}
_WORD = {"type": "string", "pattern": r"^[^\x00]+\Z"}
_COMMAND = {"allOf": [_WORD, {"not": {"pattern": r"\.py\Z"}}]}
_LINE = {
    "type": "array",
    "items": [{"anyOf": [_PATH, _COMMAND]}],
    "additionalItems": values.TEXT.schema,
    "minItems": 1,
}
_STEP = values.table(
    {
        "run": Key(
            Kind(_run, _LINE),
            "A command with its arguments, or the path of a script with its arguments",
        ),
        "trusted": Key(values.FLAG, "Whether `resume` runs it, too"),
    },
    needed=("run",),
)
_SCHEMA = {"anyOf": [_PATH, _STEP.schema]}
_EACH = values.array(Kind(_step, _SCHEMA), "paths and tables")
_TABLE = values.table(
    {
        "before-plan": Key(_EACH, "Run before a release is planned"),
        "after-bump": Key(
            _EACH, "Run when it is planned, and edits more files, which `writes` names"
        ),
        "verify": Key(_EACH, "Run when the artifacts are verified, before they are sealed"),
        "before-upload": Key(_EACH, "Run before the upload begins"),
        "after-land": Key(_EACH, "Run when the release has landed"),
    },
    needed=(),
)
STEPS = Kind(_steps, _TABLE.schema)
