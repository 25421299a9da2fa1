"""uv is found beside us, whoever asks at once."""

from __future__ import annotations

import subprocess
import sys

ASKED_AT_ONCE = """
import sysconfig, time
from concurrent.futures import ThreadPoolExecutor
from release_sync.effects.uv.program import find_uv

fill = sysconfig._init_posix

def slowly(variables):
    time.sleep(0.2)
    fill(variables)

sysconfig._init_posix = slowly
sysconfig._CONFIG_VARS = None
with ThreadPoolExecutor(4) as pool:
    print(len(set(pool.map(lambda _: find_uv("/nowhere"), range(4)))))
"""


def test_threads_that_look_for_it_at_once_find_the_same() -> None:
    line = [sys.executable, "-c", ASKED_AT_ONCE]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr
