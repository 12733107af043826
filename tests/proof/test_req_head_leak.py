"""The proof of req-head-leak for real: Node 0.8.21, Socket.IO 0.9.13, TLS, and as few rounds as still tell."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from proof.fakes import left_of
from sio_patch.documents.catalogue import Catalogue
from sio_patch.npm import cache, registry
from sio_patch.proof import runtimes
from sio_patch.proof.prove import Wish, prove
from sio_patch.proof.refused import Refused
from sio_patch.proof.report import Conclusion, Health, Run, exit_status
from sio_patch.proof.runner import run_proof
from support.ground import Unavailable, executable

ROUNDS = 8
VERSION = "0.9.13"
NODE = "0.8.21"
GROWTH = "growth with uploads and WebSockets"
PROTOCOLS = [
    "hybi WebSocket (version 13)",
    "hixie-76 WebSocket, nonce in the head",
    "hixie-76 WebSocket, nonce later than the head",
]

pytestmark = [pytest.mark.xdist_group("real-proofs"), pytest.mark.usefixtures("real_ground")]  # one after the other


def growth(run: Run | None) -> float:
    assert run is not None
    return next(figure.value for figure in run.figures if figure.name == GROWTH)


def test_proven(tmp_path: Path) -> None:
    report = prove(Catalogue.shipped().find("req-head-leak"), Wish(rounds=ROUNDS))
    if report.conclusion is Conclusion.REFUSED:  # no registry, or no Node 0.8 for this machine
        raise Unavailable(report.sentence)
    assert (report.conclusion, exit_status(report)) == (Conclusion.PROVEN, 0), report.sentence
    assert (report.version, report.node) == (VERSION, NODE)
    assert report.published is not None
    assert report.patched is not None
    assert 9 < growth(report.published) < 11
    assert growth(report.patched) < 1
    for run in (report.published, report.patched):
        assert [(check.name, check.passed) for check in run.checks] == [(name, True) for name in PROTOCOLS]
        assert len(run.readings) == run.plan.readings == 3 * (ROUNDS + 1)
        for figure in run.figures:
            assert figure.name == GROWTH or figure.value < 1
    assert left_of(tmp_path / "scratch") == []
    assert list((tmp_path / "scratch").iterdir()) == []


def run_on(folder: Path, old: str, new: str, *, limit_s: float = 120) -> Run:
    """The proof alone, on Socket.IO with another line in `handleUpgrade`."""
    spec = f"socket.io@{VERSION}"
    try:
        node = runtimes.fetched(NODE)
        tree = cache.entry("packages", spec, lambda into: registry.install([spec], into))
    except (Refused, registry.NpmError) as error:
        raise Unavailable(str(error)) from None
    target = Path(shutil.copytree(tree, folder / "copy", symlinks=True)) / "node_modules/socket.io"
    manager = target / "lib/manager.js"
    text = manager.read_text("utf-8")
    assert text.count(old) == 1
    manager.write_text(text.replace(old, new), "utf-8")
    script = Catalogue.shipped().find("req-head-leak").path.with_name("proof.js")
    return run_proof(
        [str(node.program), "--expose-gc", str(script)], "patched", target,
        rounds=ROUNDS, limit_s=limit_s, on_reading=lambda done, total: None,
    )  # fmt: skip


def test_a_cure_that_takes_the_head_away_too_soon_is_seen(tmp_path: Path) -> None:
    """Memory would be fine, but a hixie-76 client whose nonce comes with its request waits for ever."""
    run = run_on(tmp_path, "  req.head = head;\n", "")
    assert run.health is Health.HEALTHY, run.reason
    assert [check.name for check in run.checks if not check.passed] == [PROTOCOLS[1]]


def test_a_service_that_breaks_is_no_healthy_one(tmp_path: Path) -> None:
    run = run_on(tmp_path, "  req.head = head;\n", "  socket.destroy(); return;\n")
    assert (run.health, run.reason) == (Health.UNCLEAR, "no WebSocket could be opened")


def test_without_openssl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    npm_program, node_program = executable("npm"), executable("node")
    (tmp_path / "bin/npm").symlink_to(npm_program)
    (tmp_path / "bin/node").symlink_to(node_program)
    (tmp_path / "bin/env").symlink_to(executable("env"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    run = run_on(tmp_path, "  req.head = head;\n", "  req.head = head;\n")
    assert run.health is Health.UNCLEAR
    assert run.reason == "the program `openssl`, which makes the certificate for the test, is not installed"
