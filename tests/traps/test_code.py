"""Code that looks like the defect, or like its cure, and is neither: fixtures/traps, one file a trap.

The comments at a file's head say which verdicts are right (where a careful reader could defend two, both) and, for a
refusal, which reasons. A line that begins with ``//+`` is the one that the patch must add.
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
    """One case: a file, what it may become, and what may be said about it."""

    before: bytes
    after: bytes
    verdicts: frozenset[str]
    reasons: frozenset[str]


def read(path: Path) -> Trap:
    """Takes a trap file apart."""
    text = path.read_bytes()
    said = {key: value.split() for key, value in re.findall(r"^// (verdict|reason): (.*)$", text.decode(), re.M)}
    return Trap(
        before=re.sub(rb"^//\+.*\n", b"", text, flags=re.M),
        after=re.sub(rb"^//\+", b"", text, flags=re.M),
        verdicts=frozenset(said["verdict"]),
        reasons=frozenset(said.get("reason", ["any"])),
    )


TRAPS = {path.stem: read(path) for path in sorted((FIXTURES / "traps").glob("*.js"))}


def test_there_are_traps() -> None:
    """An empty folder would make every test below pass."""
    assert len(TRAPS) > 50


@pytest.mark.parametrize("name", TRAPS)
def test_trap(name: str, tmp_path: Path) -> None:
    trap = TRAPS[name]
    copy = package(tmp_path / COPY, {FILE: trap.before})
    untouched = state(copy)

    run = sio_patch("apply", COPY, "--json", cwd=tmp_path)
    row = run.row
    assert row.verdict in trap.verdicts, row
    if row.verdict == "refused":
        assert run.exit == 3
        assert trap.reasons & {"any", row.reason}, row
        assert row.note
    else:
        assert run.exit == 0
    if row.verdict != "patched":
        assert state(copy) == untouched
        return
    assert (copy / FILE).read_bytes() == trap.after
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


@pytest.mark.parametrize(
    "name", ["only-in-a-comment", "only-in-a-string", "call-only-in-a-nested-function", "unbraced-if"]
)
def test_outside_the_range_the_missing_code_is_no_trouble(name: str, tmp_path: Path) -> None:
    copy = package(tmp_path / COPY, {FILE: TRAPS[name].before}, version="1.0.0")
    untouched = state(copy)
    run = sio_patch("apply", COPY, "--json", cwd=tmp_path)
    assert run.row.verdict in {"not-affected", "refused"}
    assert (run.exit == 3) == (run.row.verdict == "refused")
    assert state(copy) == untouched


STORE, CALL, CURE = "req.head = head;", "this.handleClient(data, req);", "delete req.head;"


def handler(body: str, owner: str = "Manager") -> bytes:
    return f"{owner}.prototype.handleUpgrade = function (req, socket, head) {{\n  {body}\n}};\n".encode()


DOUBTFUL = {
    "another request is cured": handler(f"{STORE} req = wrap(req); {CALL} {CURE}"),
    "a way out between store and call": handler(f"{STORE} if (!data.ok) return; {CALL} {CURE}"),
    "a branch that keeps it": handler(f"if (data.q) {{ {STORE} {CALL} return; }} {STORE} {CALL} {CURE}"),
    "a callback that keeps it": handler(f"socket.once('data', function () {{ {STORE} }}); {STORE} {CALL}"),
    "another name for the request": handler(f"var r = req; {STORE} {CALL} {CURE} r.head = head;"),
    "a computed name": handler(f"{STORE} {CALL} {CURE} req[key] = head;"),
    "a second definition in another shape": handler(f"{STORE} {CALL} {CURE}") + handler(f"{STORE} return {CALL}"),
    "one of another class": handler(f"{STORE} {CALL} {CURE}", "Other") + handler(f"{STORE} self.go(data, req);"),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_what_may_still_leak_is_never_called_cured(name: str, tmp_path: Path) -> None:
    copy = package(tmp_path / COPY, {FILE: DOUBTFUL[name]})
    untouched = state(copy)
    run = sio_patch("apply", COPY, "--json", cwd=tmp_path)
    assert (run.exit, run.row.verdict) == (3, "refused")
    assert run.row.note
    assert state(copy) == untouched
