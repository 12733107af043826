"""npm as the machine has it configured: which registry it asks is none of our business."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from support.ground import Unavailable, executable

OFFLINE_CODES = (
    "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "ENETUNREACH", "ETIMEDOUT", "ERR_SOCKET_TIMEOUT", "E403",
    "E404", "E407", "E5", "ENOTCACHED", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "SELF_SIGNED_CERT_IN_CHAIN",
)  # fmt: skip

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
    if _silent:
        raise Unavailable(_silent[0])
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
        raise Unavailable(_silent[0])
    if check and ran.exit != 0:
        raise AssertionError(f"npm {' '.join(arguments)[:200]} ended with {ran.exit}:\n{ran.output}")
    return ran


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
        npm("ci", "--ignore-scripts", "--prefer-offline", cwd=into)
        stamp.write_bytes(lock)
    return into / "node_modules"
