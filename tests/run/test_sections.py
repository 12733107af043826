"""Patches of several sections, end to end: what a receipt says of code that is gone, and what revert takes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.trees import RECEIPT, lay, state
from support.world import BROKEN, COPY, FILE, World, document

LINES = "@@ missing\n+const pipes = require('pipes');\n@@ all\n-$x.drain();\n+pipes.drain($x);\n```\n"
DELETES = "-  done();\n```\n"
NAMED = "@@\n-var $f = wrap($g);\n@@ all\n-$f($x)\n+$g.go($x)\n```\n"
MADE = b"const pipes = require('pipes');\nfunction stop(tank) {\n  pipes.drain(tank);\n  done();\n}\n"
USER = b"const pipes = require('pipes');\n\nfunction stop(tank) {\n  tank.drain();\n  done();\n}\n"


@pytest.fixture
def world(tmp_path: Path) -> World:
    bodies = {"lines": LINES, "deletes": DELETES, "named": NAMED}
    return World(tmp_path, {id: document(id, id.title(), body, default=True) for id, body in bodies.items()})


def verdict(world: World, *arguments: str) -> tuple[str, str | None]:
    row = world.run(*arguments, "--json").row
    return row.verdict, row.reason


def test_a_mere_deletion_is_applied_as_long_as_the_receipt_holds(world: World) -> None:
    copy = world.install()
    before = state(copy)
    assert verdict(world, "apply", "-p", "deletes") == ("patched", None)
    after = state(copy)
    assert world.text() == BROKEN.replace(b"  done();\n", b"")
    for command in ("apply", "status"):
        assert verdict(world, command, "-p", "deletes") == ("applied", None)
    assert state(copy) == after
    assert verdict(world, "revert", "-p", "deletes") == ("reverted", None)
    assert state(copy) == before


def test_a_mere_deletion_is_nothing_without_a_receipt(world: World) -> None:
    copy = world.install()
    world.run("apply", "-p", "deletes")
    (copy / RECEIPT).unlink()
    assert verdict(world, "status", "-p", "deletes") == ("refused", "anchor-missing")


def test_a_receipt_is_not_believed_of_another_change(world: World) -> None:
    copy = world.install()
    world.run("apply", "-p", "deletes")
    text = (copy / FILE).read_bytes()
    lay(world.app, {f"{COPY}/{FILE}": text.replace(b"drain", b"drown")})
    assert verdict(world, "status", "-p", "deletes") == ("refused", "anchor-missing")


def test_what_a_section_takes_out_tells_nothing_any_more_but_the_receipt_does(world: World) -> None:
    copy = world.install(b"var stop = wrap(tank);\nstop(1);\n")
    assert verdict(world, "apply", "-p", "named") == ("patched", None)
    assert world.text() == b"tank.go(1);\n"
    assert verdict(world, "apply", "-p", "named") == ("applied", None)
    (copy / RECEIPT).unlink()
    assert verdict(world, "apply", "-p", "named") == ("refused", "anchor-missing")
    assert world.text() == b"tank.go(1);\n"


def test_lines_that_were_missing_go_again(world: World) -> None:
    lay(world.app, {"x.js": BROKEN})
    assert verdict(world, "apply", "x.js", "-p", "lines") == ("patched", None)
    assert world.text("x.js") == MADE
    assert verdict(world, "apply", "x.js", "-p", "lines") == ("applied", None)
    assert verdict(world, "revert", "x.js", "-p", "lines") == ("reverted", None)
    assert world.text("x.js") == BROKEN


def test_a_line_that_was_there_before_stays(world: World) -> None:
    lay(world.app, {"x.js": USER})
    assert verdict(world, "apply", "x.js", "-p", "lines") == ("patched", None)
    assert world.text("x.js") == USER.replace(b"tank.drain()", b"pipes.drain(tank)")
    assert verdict(world, "revert", "x.js", "-p", "lines") == ("reverted", None)
    assert world.text("x.js") == USER


def test_a_line_that_is_used_elsewhere_stays(world: World) -> None:
    text = BROKEN.replace(b"done()", b"pipes.done()")
    used = b"const pipes = require('pipes');\n" + text
    lay(world.app, {"x.js": used})
    world.run("apply", "x.js", "-p", "lines")
    assert verdict(world, "revert", "x.js", "-p", "lines") == ("reverted", None)
    assert world.text("x.js") == used
