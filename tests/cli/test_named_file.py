"""A JavaScript file that the user named: theirs, with no receipt beside it, and revert takes out exactly what came."""

from __future__ import annotations

import os
import stat
import subprocess

import pytest

from support.ground import executable
from support.trees import lay, sha256, state
from support.world import BROKEN, CURED, ID, OTHER, UNSAFE, UPSTREAM, World

BOTH = CURED.replace(b"  done();\n", b"  done();\n  count(tank);\n")
TRACED = BROKEN.replace(b"  done", b"  trace(tank.level);\n  done")


def test_apply_again_and_revert(world: World) -> None:
    """Also one with no extension, in no package, with a copy's own patch."""
    lay(world.app, {"bin/server": BROKEN})
    run = world.run("apply", "bin/server", "-p", ID, "--json")
    assert (run.exit, run.row.verdict, run.row.package, run.row.version) == (0, "patched", None, None)
    assert (run.row.path, run.row.file, run.row.line) == ("bin", "server", 3)
    assert (run.row.sha256_before, run.row.sha256_after) == (sha256(BROKEN), sha256(CURED))
    assert state(world.app) == {"bin": "/", "bin/server": CURED}
    when = (world.app / "bin/server").stat().st_mtime_ns
    assert world.run("apply", "bin/server", "-p", ID, "--json").row.verdict == "applied"
    assert (world.app / "bin/server").stat().st_mtime_ns == when
    assert world.run("revert", "bin/server", "-p", ID, "--json").row.verdict == "reverted"
    assert state(world.app) == {"bin": "/", "bin/server": BROKEN}


def test_words(world: World) -> None:
    lay(world.app, {"my server.js": BROKEN})
    run = world.run("apply", "my server.js", "-p", ID)
    assert run.stdout.decode() == (
        "patched  my server.js:3  -  close-valve\n\n"
        "Patched 1 place. A running process keeps the old code: restart it. "
        "To undo: sio-patch revert 'my server.js' -p close-valve\n"
    ).replace("  -  ", "  -        ")


def test_several_patches_and_back(world: World) -> None:
    lay(world.app, {"x.js": BROKEN})
    run = world.run("apply", "x.js", "-p", ID, "-p", "count-stops", "--json")
    assert [(each.patch, each.verdict, each.line) for each in run.rows] == [
        (ID, "patched", 3),
        ("count-stops", "patched", 5),
    ]
    assert world.text("x.js") == BOTH
    run = world.run("revert", "x.js", "-p", ID, "--json")
    assert run.row.verdict == "reverted"
    assert world.text("x.js") == BROKEN.replace(b"  done();\n", b"  done();\n  count(tank);\n")
    assert world.run("revert", "x.js", "-p", "count-stops").exit == 0
    assert world.text("x.js") == BROKEN


@pytest.mark.parametrize(
    ("content", "verdict"),
    [(BROKEN, "needs-patch"), (UPSTREAM, "fixed")],
    ids=["never patched", "fixed by hand"],
)
def test_nothing_to_undo(content: bytes, verdict: str, world: World) -> None:
    """What revert finds there it leaves there: it never patches."""
    lay(world.app, {"x.js": content})
    run = world.run("revert", "x.js", "-p", ID, "--json")
    assert (run.exit, run.row.verdict, run.row.note) == (0, verdict, "Nothing to undo.")
    assert run.row.sha256_after == run.row.sha256_before == sha256(content)
    assert state(world.app) == {"x.js": content}


@pytest.mark.parametrize("command", ["apply", "revert"])
@pytest.mark.parametrize(
    ("content", "reason"),
    [(OTHER, "anchor-missing"), (UNSAFE, "unsafe-place"), (b"function (", "anchor-missing"), (b"", "anchor-missing")],
    ids=["other code", "unsafe", "cut off", "empty"],
)
def test_refused(command: str, content: bytes, reason: str, world: World) -> None:
    """The user said that the patch belongs here, so its absence is no `not-affected`."""
    lay(world.app, {"x.js": content})
    run = world.run(command, "x.js", "-p", ID)
    assert run.exit == 3
    assert f"    {reason}: " in run.words
    assert "Refused and left alone: 1 place." in run.words
    assert state(world.app) == {"x.js": content}


def test_one_patch_refused_keeps_the_other_out(world: World) -> None:
    lay(world.app, {"x.js": UNSAFE})
    run = world.run("apply", "x.js", "-p", ID, "-p", "count-stops", "--json")
    assert [(each.verdict, each.reason) for each in run.rows] == [("refused", "unsafe-place"), ("needs-patch", None)]
    assert run.rows[1].note == "Not changed, because another patch was refused on this file: all or nothing."
    assert run.exit == 3
    assert state(world.app) == {"x.js": UNSAFE}


def test_what_a_deletion_took_out_is_not_known(world: World) -> None:
    """A refusal in words, for nothing says what the message was."""
    lay(world.app, {"x.js": TRACED})
    assert world.run("apply", "x.js", "-p", "no-trace").exit == 0
    assert world.text("x.js") == BROKEN
    run = world.run("revert", "x.js", "-p", "no-trace", "--json")
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", "unsafe-place")
    assert run.row.note is not None
    assert run.row.note.endswith("Undo it by hand.")
    assert state(world.app) == {"x.js": BROKEN}


def test_dry_run_check_and_diff(world: World) -> None:
    lay(world.app, {"x.js": BROKEN})
    for options, exit in ((["--dry-run"], 0), (["--check"], 1)):
        assert world.run("apply", "x.js", "-p", ID, *options).exit == exit
        assert world.text("x.js") == BROKEN
    assert world.run("diff", "x.js", "-p", ID).stdout.endswith(
        b"--- a/x.js\n+++ b/x.js\n@@ -1,4 +1,5 @@\n function stop(tank) {\n   tank.drain();\n+  tank.close();\n"
        b"   done();\n }\n"
    )


def test_a_file_inside_a_copy_gets_no_receipt(world: World) -> None:
    copy = world.install()
    before = state(copy)
    assert world.run("apply", "node_modules/pump/lib/pump.js", "-p", ID).exit == 0
    assert state(copy) == {**before, "lib/pump.js": CURED}
    assert world.run("status", "--json").row.verdict == "applied"


def test_a_link_is_followed_and_stays(world: World) -> None:
    lay(world.app, {"real/x.js": BROKEN})
    (world.app / "x.js").symlink_to("real/x.js")
    assert world.run("apply", "x.js", "-p", ID).exit == 0
    assert state(world.app) == {"real": "/", "real/x.js": CURED, "x.js": "-> real/x.js"}


def test_mode_is_kept(world: World) -> None:
    lay(world.app, {"x.js": b"#!/usr/bin/env node\n" + BROKEN})
    (world.app / "x.js").chmod(0o754)
    assert world.run("apply", "x.js", "-p", ID).exit == 0
    assert stat.S_IMODE((world.app / "x.js").stat().st_mode) == 0o754
    assert world.text("x.js") == b"#!/usr/bin/env node\n" + CURED


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_odd_names(locale: str, world: World) -> None:
    """Bytes that are no text, and characters that steer terminals: shown escaped, found all the same."""
    name = b"caf\xc3\xa9's \xff\x1b[31m.js"
    path = os.fsencode(world.app) + b"/" + name
    env = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    with open(path, "wb") as file:  # noqa: PTH123  (a name in bytes)
        file.write(BROKEN)
    run = world.run("apply", os.fsdecode(name), "-p", ID, env=env)
    assert run.exit == 0, run.words
    assert run.words.isascii() or locale != "C"
    assert "\x1b" not in run.words
    assert world.run("status", os.fsdecode(name), "-p", ID, "--json", env=env).row.verdict == "applied"
    undo = run.words.partition("To undo: ")[2].rstrip()
    assert undo == r"sio-patch revert $'caf\xc3\xa9\x27s \xff\x1b[31m.js' -p close-valve"
    subprocess.run([executable("bash"), "-c", undo], cwd=world.app, env=world.environment(), check=True)
    with open(path, "rb") as file:  # noqa: PTH123
        assert file.read() == BROKEN


def test_what_somebody_wrote_by_hand_is_not_taken_out(world: World) -> None:
    """The patch's line where the patch would have written it otherwise: a re-apply would not bring it back."""
    own = CURED.replace(b"close();\n", b"close(); // keep\n")
    assert own != CURED
    lay(world.app, {"x.js": own})
    run = world.run("revert", "x.js", "-p", ID, "--json")
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", "unsafe-place")
    assert state(world.app) == {"x.js": own}


def test_the_diff_never_goes_over_its_source(world: World) -> None:
    lay(world.app, {"x.js": BROKEN})
    run = world.run("diff", "x.js", "-p", ID, "-o", "x.js")
    assert run.exit == 2
    assert "-o x.js: that is one of the files that the diff is about." in run.words
    assert state(world.app) == {"x.js": BROKEN}


def test_an_empty_path_is_no_path(world: World) -> None:
    run = world.run("apply", "")
    assert run.exit == 2
    assert "an empty path" in run.words


@pytest.mark.parametrize("command", ["apply", "revert", "status"])
def test_utf_16_is_told(command: str, world: World) -> None:
    content = BROKEN.decode().encode("utf-16")
    lay(world.app, {"x.js": content})
    run = world.run(command, "x.js", "-p", ID, "--json")
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", "unparseable")
    assert run.row.note == "This is UTF-16, which no Node reads. Save it as UTF-8."
    assert world.text("x.js") == content
