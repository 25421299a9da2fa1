"""What was built is imported, each module in a process of its own."""

from __future__ import annotations

import venv
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.isolation.isolation import choose
from release_sync.effects.uv.commands import Uv
from release_sync.effects.uv.installed_pythons import installed
from release_sync.effects.verification import import_trial
from release_sync.effects.verification.import_trial import (
    ImportTrial,
    Trial,
    import_failures,
    importing,
    loading,
)

if TYPE_CHECKING:
    from pathlib import Path

MODULES = {
    "fine": "",
    "late": "import time; time.sleep(99)",
    "needy": "import nobody_has_this",
    "odd": "raise SystemExit(3)",
}


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    folder = tmp_path / "environment"
    venv.create(folder, symlinks=True)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    for name, text in MODULES.items():
        (packages / f"{name}.py").write_text(text)
    return folder


def test_what_can_not_be_imported_is_named_in_order(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_trial, "SECONDS", 2)
    found = import_failures(Uv(), environment, [importing(one) for one in MODULES], ())
    assert found[0] == "late can't be imported: it did not end within 2 seconds"
    assert found[1].startswith("needy can't be imported: ")
    assert "No module named 'nobody_has_this'" in found[1]
    assert found[2].startswith("odd can't be imported: ")
    assert len(found) == 3


def test_an_import_that_hears_no_alarm_ends_all_the_same(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_trial, "SECONDS", 1)
    deaf = Trial("deaf", "import signal, time; signal.signal(14, signal.SIG_IGN); time.sleep(60)")
    (words,) = ImportTrial(Uv(), environment, ()).failures([deaf])
    assert words == "deaf: it did not end within 2 seconds"


def test_no_trial_leans_on_another_nor_on_what_tries_it(environment: Path) -> None:
    first = Trial("first", "import json, importlib.util; print('x' * 100_000)")
    second = Trial("second", "import sys; assert not {'json', 'signal'} & {*sys.modules}, 'there'")
    third = Trial("third", "import os; os.write(1, b'0 00'); os.kill(os.getpid(), 9)")
    fourth = Trial("fourth", "import sys; assert sys.argv == ['-c'] and __name__ == '__main__'")
    trial = ImportTrial(Uv(), environment, ())
    assert trial.failures([first, second, third, fourth]) == ["", "", "third: 0 00", ""]


def test_an_import_ends_when_all_is_stopped(environment: Path) -> None:
    uv = Uv()
    uv.children.stop()
    with pytest.raises(KeyboardInterrupt):
        import_failures(uv, environment, [importing("fine")], ())


@pytest.mark.parametrize("setting", ["auto", "off"])
def test_no_import_is_judged_by_what_another_one_left(environment: Path, setting: str) -> None:
    """One ends all that runs beside it; and two make the same folder, which either may alone."""
    (packages,) = (environment / "lib").glob("python*/site-packages")
    once = "import os; os.mkdir('/tmp/beside')"  # the cell's own
    ends = "import os; os.kill(os.getppid(), 9)"
    for name, text in {"ends": ends, "one": once, "two": once}.items():
        (packages / f"{name}.py").write_text(text)
    trial = ImportTrial(Uv(isolation=choose(setting)), environment, ())
    found = trial.failures([importing(one) for one in ("ends", "fine", "needy")])
    assert found[0] == "" or found[0].startswith("ends can't")
    assert found[1] == ""
    assert "No module named 'nobody_has_this'" in found[2]
    if choose(setting).isolates:
        assert trial.failures([importing("one"), importing("two")]) == ["", ""]


def test_what_ends_the_process_was_not_imported(environment: Path) -> None:
    """A module that calls its ``main()`` on import, above all: whoever imports it is ended, too."""
    ends = [Trial("one", "raise SystemExit"), Trial("other", "import os; os._exit(0)")]
    late = Trial("late", "import atexit, os; atexit.register(os._exit, 0)")
    deaf = Trial("deaf", "import os; os.closerange(0, 99)")
    found = ImportTrial(Uv(), environment, ()).failures([*ends, late, deaf])
    words = "it ends the whole process, with exit status 0"
    assert found == [f"one: {words}", f"other: {words}", "", ""]


def test_what_an_environment_does_at_its_start_answers_for_nobody(environment: Path) -> None:
    (packages,) = (environment / "lib").glob("python*/site-packages")
    trial = ImportTrial(Uv(), environment, ())
    for file in (packages / "odd.pth", packages / "sitecustomize.py"):
        file.write_text("import os; os.write(1, b'hello\\n \\n \\n'); os.environ['SEEN'] = ''")
        needy, seen = importing("needy"), Trial("seen", "import os; os.environ['SEEN']")
        found = trial.failures([needy, seen])
        assert "No module named 'nobody_has_this'" in found[0]
        assert found[1] == ""
        file.write_text("import os; os.write(1, b' \\n \\n'); os._exit(0)")
        assert all(trial.failures([importing("fine"), needy]))
        file.unlink()


def test_a_script_is_something_that_can_be_called(environment: Path) -> None:
    trial = ImportTrial(Uv(), environment, ())
    tried = [("console_scripts", "json:loads"), ("x", "json:__doc__"), ("gui_scripts", "json")]
    found = trial.failures([loading(group, "kit", value) for group, value in tried])
    assert found[:2] == ["", ""]
    words = "the entry point `kit = json` (gui_scripts) can't be loaded: it is nothing to call"
    assert found[2] == words


def test_no_import_passes_by_what_another_one_left(environment: Path) -> None:
    isolation = choose("auto")
    if not isolation.isolates:
        pytest.skip("there are no cells here")
    trial = ImportTrial(Uv(isolation=isolation), environment, ())
    leaves = Trial("leaves", "open('/var/tmp/beside', 'w')")
    serves = "import os, socket, time; here = socket.socket(socket.AF_UNIX); here.bind('\\0beside')"
    serves += "; here.listen(); os.fork() or time.sleep(60)"
    asks = "import socket; socket.socket(socket.AF_UNIX).connect('\\0beside')"
    found = trial.failures([leaves, Trial("leans", "open('/var/tmp/beside')")])
    found += trial.failures([Trial("serves", serves), Trial("asks", asks)])
    assert found[::2] == ["", ""]
    assert "No such file or directory" in found[1]
    assert "Connection refused" in found[3]


def test_the_oldest_python_here_imports_as_well(tmp_path: Path) -> None:
    uv = Uv()
    oldest = installed(uv.environ, uv.managed_pythons())[0]
    uv.make_environment(tmp_path / "environment", python=oldest.program)
    trial = ImportTrial(uv, tmp_path / "environment", ())
    found = trial.failures([importing("json"), importing("nobody_has_this"), Trial("ends", "1/0")])
    assert found[0] == ""
    assert [one.partition(":")[0] for one in found[1:]] == [
        "nobody_has_this can't be imported",
        "ends",
    ]
    assert "AttributeError" not in "".join(found)


def test_what_an_import_prints_without_end_is_cut(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_trial, "LARGEST", 1 << 20)
    (words,) = ImportTrial(Uv(), environment, ()).failures(
        [Trial("talks", "while 1: print('x' * 99)")]
    )
    assert words.startswith("talks: it printed more than 1048576 bytes\n")
