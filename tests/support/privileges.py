"""Permissions that hold: a superuser's process may write anywhere, so tests of refusal take that power from it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from support.ground import Unavailable
from support.program import TIMEOUT_S, Finished, environment, program

PR_CAPBSET_DROP = 24  # linux/prctl.h
OVERRIDES = (1, 2)  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, linux/capability.h


def without_override(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Finished:
    """Runs ``sio-patch`` so that file modes bind it even where the tests run as root."""
    process = subprocess.run(
        [sys.executable, "-c", _LAUNCHER, str(program()), *arguments],
        cwd=cwd,
        env=environment(**(env or {})),
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    if process.returncode == _NO_POWER:
        raise Unavailable("this superuser may not give up its capabilities, so that no file mode binds it")
    return Finished(process.returncode, process.stdout, process.stderr)


_NO_POWER = 97
_LAUNCHER = f"""
import ctypes, os, sys
if os.geteuid() == 0:
    libc = ctypes.CDLL(None)
    if any(libc.prctl({PR_CAPBSET_DROP}, one, 0, 0, 0) for one in {OVERRIDES}):
        sys.exit({_NO_POWER})
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
