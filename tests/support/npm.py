"""npm as the machine has it configured: which registry it asks is none of our business.

What the tests only want to have comes through the program's own client (``fetching``); ``npm`` is for what a person
would type.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sio_patch.npm.registry import NpmError
from support.ground import Unavailable, executable

OFFLINE_CODES = (
    "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "ENETUNREACH", "ETIMEDOUT", "ERR_SOCKET_TIMEOUT", "E403",
    "E404", "E407", "E5", "ENOTCACHED", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "SELF_SIGNED_CERT_IN_CHAIN",
)  # fmt: skip

# Old releases do not change: what npm has seen once need not be asked for again.
os.environ.setdefault("npm_config_prefer_offline", "true")

# Why the registry could not be reached, once it could not: npm waits and tries again, and hundreds of tests would.
_silent: list[str] = []


@dataclass(frozen=True, slots=True)
class Ran:
    """How an npm command ended. ``output`` is what a person at the terminal would have seen."""

    exit: int
    output: str

    @property
    def offline(self) -> bool:
        """Whether it failed for want of a registry, and not of a package that works."""
        return self.exit != 0 and any(f"npm error code {code}" in self.output for code in OFFLINE_CODES)


def npm(
    *arguments: str, cwd: Path, env: Mapping[str, str] | None = None, check: bool = True, timeout_s: float = 300
) -> Ran:
    """Runs npm quietly in ``cwd``. Unavailable where its registry does not answer; AssertionError at other failures."""
    _stop_where_offline()
    quiet = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error", "--no-progress")
    process = subprocess.run(
        [executable("npm"), *arguments, *quiet],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=timeout_s,
        check=False,
    )
    ran = Ran(process.returncode, process.stdout)
    if ran.offline:
        _silent.append(f"npm {arguments[0]}: the registry does not answer: {ran.output.strip().partition(chr(10))[0]}")
        _stop_where_offline()
    if check and ran.exit != 0:
        raise AssertionError(f"npm {' '.join(arguments)[:200]} ended with {ran.exit}:\n{ran.output}")
    return ran


@contextmanager
def fetching() -> Iterator[None]:
    """Around calls of sio_patch.npm.registry. Unavailable where the registry does not answer."""
    _stop_where_offline()
    try:
        yield
    except NpmError as error:
        if error.code is None or not error.code.startswith(OFFLINE_CODES):
            raise
        _silent.append(str(error))
        _stop_where_offline()


def _stop_where_offline() -> None:
    if _silent:
        raise Unavailable(_silent[0])


def installed(lock_folder: Path, into: Path) -> Path:
    """What ``lock_folder``/package-lock.json pins, installed once under ``into``; returns the node_modules directory.

    npm checks each tarball against the lock file's sha512. No install script of a package runs.
    """
    into.mkdir(parents=True, exist_ok=True)
    stamp = into / ".installed"
    lock = (lock_folder / "package-lock.json").read_bytes()
    if not stamp.exists() or stamp.read_bytes() != lock:
        for name in ("package.json", "package-lock.json"):
            (into / name).write_bytes((lock_folder / name).read_bytes())
        npm("ci", "--ignore-scripts", cwd=into)
        stamp.write_bytes(lock)
    return into / "node_modules"
