"""Code that looks like the defect, or like its cure, and is neither: fixtures/traps, one file a trap.

The comments at a file's head say which verdict comes and, for a refusal, which reason, and what its words hold. A line
that begins with ``//+`` is the one that the patch must add.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.ground import FIXTURES
from support.manager import FILE
from support.program import sio_patch
from support.trees import package, state

COPY = "node_modules/socket.io"


@dataclass(frozen=True, slots=True)
class Trap:
    """One case: a file, what it may become, and what is said about it. ``reason`` and ``says`` are of refusals."""

    before: bytes
    after: bytes
    verdict: str
    reason: str | None
    says: str

    @property
    def exit(self) -> int:
        return 3 if self.verdict == "refused" else 0


def read(path: Path) -> Trap:
    """Takes a trap file apart."""
    text = path.read_bytes()
    said = dict(re.findall(r"^// (verdict|reason|says): (.*)$", text.decode(), re.M))
    return Trap(
        before=re.sub(rb"^//\+.*\n", b"", text, flags=re.M),
        after=re.sub(rb"^//\+", b"", text, flags=re.M),
        verdict=said["verdict"],
        reason=said.get("reason"),
        says=said.get("says", ""),
    )


TRAPS = {path.stem: read(path) for path in sorted((FIXTURES / "traps").glob("*.js"))}


def test_there_are_traps() -> None:
    """An empty folder would make every test below pass."""
    assert len(TRAPS) > 50


def test_a_refusal_says_which() -> None:
    refused = [trap for trap in TRAPS.values() if trap.verdict == "refused"]
    assert len(refused) > 25
    assert all(trap.reason and trap.says for trap in refused)


@pytest.mark.parametrize("name", TRAPS)
def test_the_verdict(name: str, tmp_path: Path) -> None:
    trap = TRAPS[name]
    package(tmp_path / COPY, {FILE: trap.before})
    run = sio_patch("apply", COPY, "--json", cwd=tmp_path)
    assert (run.row.verdict, run.row.reason, run.exit) == (trap.verdict, trap.reason, trap.exit)
    assert trap.says in (run.row.note or "")


@pytest.mark.parametrize("name", [name for name, trap in TRAPS.items() if trap.verdict != "patched"])
def test_what_is_not_patched_is_left_alone(name: str, tmp_path: Path) -> None:
    copy = package(tmp_path / COPY, {FILE: TRAPS[name].before})
    untouched = state(copy)
    sio_patch("apply", COPY, cwd=tmp_path)
    assert state(copy) == untouched


@pytest.mark.parametrize("name", [name for name, trap in TRAPS.items() if trap.verdict == "patched"])
def test_there_and_back(name: str, tmp_path: Path) -> None:
    trap = TRAPS[name]
    copy = package(tmp_path / COPY, {FILE: trap.before})
    untouched = state(copy)
    sio_patch("apply", COPY, cwd=tmp_path)
    assert (copy / FILE).read_bytes() == trap.after != trap.before
    assert sio_patch("apply", COPY, "--json", cwd=tmp_path).row.verdict == "applied"
    assert sio_patch("revert", COPY, "--json", cwd=tmp_path).row.verdict == "reverted"
    assert state(copy) == untouched


@pytest.mark.parametrize("name", TRAPS)
def test_status_and_apply_agree(name: str, tmp_path: Path) -> None:
    package(tmp_path / COPY, {FILE: TRAPS[name].before})
    seen = sio_patch("status", COPY, "--json", cwd=tmp_path).row
    done = sio_patch("apply", COPY, "--json", cwd=tmp_path).row
    assert done.verdict == ("patched" if seen.verdict == "needs-patch" else seen.verdict)
    assert (done.reason, done.note) == (seen.reason, seen.note)


OUTSIDE = {
    "only-in-a-comment": (0, "not-affected", None),
    "only-in-a-string": (0, "not-affected", None),
    "call-only-in-a-nested-function": (0, "not-affected", None),
    "unbraced-if": (3, "refused", "unsafe-place"),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_outside_the_range_the_missing_code_is_no_trouble(name: str, tmp_path: Path) -> None:
    copy = package(tmp_path / COPY, {FILE: TRAPS[name].before}, version="1.0.0")
    untouched = state(copy)
    run = sio_patch("apply", COPY, "--json", cwd=tmp_path)
    assert (run.exit, run.row.verdict, run.row.reason) == OUTSIDE[name]
    assert state(copy) == untouched


STORE, CALL, CURE = "req.head = head;", "this.handleClient(data, req);", "delete req.head;"


def handler(body: str, owner: str = "Manager") -> bytes:
    return f"{owner}.prototype.handleUpgrade = function (req, socket, head) {{\n  {body}\n}};\n".encode()


DOUBTFUL = {
    "another request is cured": (
        handler(f"{STORE} req = wrap(req); {CALL} {CURE}"),
        "anchor-missing",
        "stands `req = wrap(req);",
    ),
    "a way out between store and call": (
        handler(f"{STORE} if (!data.ok) return; {CALL} {CURE}"),
        "anchor-missing",
        "stands `if (!data.ok) return;",
    ),
    "a branch that keeps it": (
        handler(f"if (data.q) {{ {STORE} {CALL} return; }} {STORE} {CALL} {CURE}"),
        "anchor-missing",
        "stands `if (data.q) {",
    ),
    "a callback that keeps it": (
        handler(f"socket.once('data', function () {{ {STORE} }}); {STORE} {CALL}"),
        "anchor-missing",
        "stands `socket.once(",
    ),
    "another name for the request": (
        handler(f"var r = req; {STORE} {CALL} {CURE} r.head = head;"),
        "anchor-missing",
        "stands `r.head = head;",
    ),
    "a computed name": (
        handler(f"{STORE} {CALL} {CURE} req[key] = head;"),
        "anchor-missing",
        "stands `req[key] = head;",
    ),
    "a second definition in another shape": (
        handler(f"{STORE} {CALL} {CURE}") + handler(f"{STORE} return {CALL}"),
        "ambiguous",
        "stands again, at line 4",
    ),
    "one of another class": (
        handler(f"{STORE} {CALL} {CURE}", "Other") + handler(f"{STORE} self.go(data, req);"),
        "ambiguous",
        "stands again, at line 4",
    ),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_what_may_still_leak_is_never_called_cured(name: str, tmp_path: Path) -> None:
    text, reason, says = DOUBTFUL[name]
    copy = package(tmp_path / COPY, {FILE: text})
    untouched = state(copy)
    run = sio_patch("apply", COPY, "--json", cwd=tmp_path)
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", reason)
    assert says in (run.row.note or "")
    assert state(copy) == untouched
