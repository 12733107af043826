"""A diff on stdout that `git apply` and `patch -p1` take, with words on stderr; and one that somebody has reviewed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from time import monotonic

import pytest

from support.ground import executable
from support.trees import RECEIPT, state
from support.world import BROKEN, COPY, CURED, DIFF, FILE, ID, OLD_FILE, OTHER, PREFACE, UNSAFE, World, document

ODD = b"\xef\xbb\xbf// \xe9\xff\r\n" + BROKEN.replace(b"\n", b"\r\n").rstrip()
NEEDS = """\
needs-patch  node_modules/pump/lib/pump.js:3  pump 1.2.3  close-valve

1 place needs the patch; not changed.
    To see the change: sio-patch diff
    To make it: sio-patch apply
"""


def test_whole(world: World) -> None:
    """The preface tells a reviewer which patch, why, and until when."""
    copy = world.install()
    before = state(copy)
    run = world.run("diff")
    assert run.stdout == PREFACE + DIFF
    assert (run.exit, run.stderr.decode()) == (0, NEEDS)
    assert state(copy) == before


def test_quiet(world: World) -> None:
    world.install()
    run = world.run("diff", "-q")
    assert run.stdout == PREFACE + DIFF
    assert run.stderr.decode() == NEEDS.partition("\n")[0] + "\n"


@pytest.mark.parametrize(
    ("content", "version", "exit"), [(CURED, "1.2.3", 0), (OTHER, "3.0.0", 0), (UNSAFE, "1.2.3", 3)]
)
def test_no_change_is_no_byte(content: bytes, version: str, exit: int, world: World) -> None:
    world.install(content, version=version)
    run = world.run("diff")
    assert (run.exit, run.stdout) == (exit, b"")
    assert run.stderr


def test_two_patches_and_two_files(world: World) -> None:
    """One part a file, whatever the number of patches; a preface for each patch that changes something."""
    world.install(more={OLD_FILE: BROKEN})
    run = world.run("diff", "-p", ID, "-p", "count-stops")
    assert run.stdout.count(b"\n--- a/") == 2
    assert run.stdout.startswith(PREFACE + b"# sio-patch count-stops: Stops are not counted\n")
    assert run.stdout.count(b"+  tank.close();\n") == 2
    assert run.stdout.count(b"+  count(tank);\n") == 1


def test_output_file(world: World) -> None:
    world.install()
    run = world.run("diff", "-o", "d.diff")
    assert (run.exit, run.stdout, run.stderr.decode()) == (0, b"", NEEDS)
    assert world.text("d.diff") == PREFACE + DIFF
    (world.app / "link").symlink_to("d.diff")
    assert world.run("diff", "--output", "link", "-p", "count-stops").exit == 0
    assert b"count(tank)" in world.text("d.diff")
    assert world.run("diff", "-o", "/dev/stdout", "-q").stdout == PREFACE + DIFF


MORE = {
    "drain-all": " function stop ($tank) {\n-  $tank.drain();\n+  $tank.drain(true);\n   ...\n }\n```\n",
    "log-stop": " function stop ($tank) {\n+  log($tank);\n   ...\n }\n```\n",
    "finish": " function stop ($tank) {\n   ...\n-  done();\n+  finish();\n }\n```\n",
}


@pytest.mark.parametrize(
    ("content", "hunk"),
    [
        (BROKEN, "@@ -1,4 +1,6 @@  -+++-+ "),
        (BROKEN.replace(b"\n", b" "), "@@ -1 +1 @@ -\\+\\"),
        (ODD, "@@ -1,5 +1,7 @@   -+++-+ \\"),
    ],
    ids=["lines", "one line", "odd"],
)
@pytest.mark.parametrize("tool", ["patch -p1 -s --binary", "git apply"])
def test_several_patches_share_lines(tool: str, content: bytes, hunk: str, world: World) -> None:
    """Their edits are composed: no line stands twice, and the bytes are those of `apply`."""
    for id, body in MORE.items():
        world.publish(id, document(id, "Stops", body))
    world.install(content)
    chosen = " ".join(f"-p {id}" for id in (ID, *MORE))
    run = world.shell(f"sio-patch diff -q {chosen} 2>/dev/null > d.diff; {tool} < d.diff")
    assert (run.exit, run.stdout) == (0, b""), run.words
    by_tool = world.text()
    world.install(content)
    assert world.run("apply", *chosen.split()).exit == 0
    assert world.text() == by_tool != content
    header, *lines = world.text("d.diff").partition(b"\n@@ ")[2].split(b"\n")[:-1]
    assert f"@@ {header.decode()} {b''.join(line[:1] for line in lines).decode()}" == hunk


IS_AN_INPUT = "that is one of the files that the diff is about."


@pytest.mark.parametrize("output", ["big.js", "./big.js", "link.js"])
def test_the_output_is_never_an_input_that_was_too_large(output: str, world: World) -> None:
    with (world.app / "big.js").open("wb") as file:
        file.write(BROKEN)
        file.truncate((64 << 20) + 1)
    (world.app / "link.js").symlink_to("big.js")
    run = world.run("diff", "-p", ID, "big.js", "-o", output)
    assert (run.exit, run.stdout) == (2, b"")
    assert IS_AN_INPUT in run.words
    assert (world.app / "big.js").stat().st_size == (64 << 20) + 1
    assert (world.app / "big.js").open("rb").read(len(BROKEN)) == BROKEN


@pytest.mark.parametrize("content", [BROKEN, CURED, OTHER, b"function (", b"\xff\xfeo\x00", b"\0" * 100], ids=repr)
def test_the_output_is_never_an_input_whatever_it_holds(content: bytes, world: World) -> None:
    (world.app / "x.js").write_bytes(content)
    run = world.run("diff", "-p", ID, "x.js", "-o", "x.js")
    assert (run.exit, world.text("x.js")) == (2, content)
    assert IS_AN_INPUT in run.words


@pytest.mark.parametrize("output", [f"{COPY}/{FILE}", f"{COPY}/package.json", f"{COPY}/other.js"])
def test_the_output_is_no_file_of_a_copy(output: str, world: World) -> None:
    copy = world.install(more={"other.js": OTHER})
    before = state(copy)
    run = world.run("diff", "-o", output)
    assert (run.exit, state(copy)) == (2, before)
    assert IS_AN_INPUT in run.words


def test_a_diff_inside_a_copy_is_written_anew(world: World) -> None:
    copy = world.install()
    for _ in range(2):
        assert world.run("diff", "-o", "d.diff", cwd=copy).exit == 0
        assert (copy / "d.diff").read_bytes() == (PREFACE + DIFF).replace(f"{COPY}/".encode(), b"")


def test_what_is_refused_leaves_the_output_alone(world: World) -> None:
    world.install(UNSAFE)
    (world.app / "d.diff").write_bytes(PREFACE + DIFF)
    assert world.run("diff", "-o", "d.diff").exit == 3
    assert world.text("d.diff") == PREFACE + DIFF
    assert world.run("diff", "-o", "new.diff").exit == 3
    assert not (world.app / "new.diff").exists()


@pytest.mark.parametrize(
    ("target", "words"),
    [("nowhere/d.diff", "No such file or directory: "), ("node_modules", "Is a directory: ")],
)
def test_output_to_nowhere(target: str, words: str, world: World) -> None:
    world.install()
    run = world.run("diff", "-o", target)
    assert (run.exit, run.stdout) == (4, b"")
    assert run.stderr.decode().startswith(f"sio-patch: {words}")
    assert run.stderr.decode().endswith(f"{target}\n")


@pytest.mark.parametrize(
    ("cwd", "given", "shown"),
    [
        ("node_modules", [], "pump/lib/pump.js"),
        (COPY, [], "lib/pump.js"),
        (f"{COPY}/lib", [".."], "pump.js"),
        (".", ["node_modules/../node_modules/pump/"], f"{COPY}/{FILE}"),
    ],
)
def test_paths_are_relative_to_here(cwd: str, given: list[str], shown: str, world: World) -> None:
    copy = world.install()
    run = world.run("diff", *given, cwd=world.app / cwd)
    assert f"--- a/{shown}\n+++ b/{shown}\n".encode() in run.stdout
    subprocess.run([executable("patch"), "-p1", "-s"], input=run.stdout, cwd=world.app / cwd, check=True)
    assert (copy / FILE).read_bytes() == CURED


def test_outside_of_here(world: World) -> None:
    """Neither `patch` nor `git apply` goes there. The command that the words name is tried."""
    copy = world.install()
    (world.app / "src").mkdir()
    run = world.run("diff", str(copy), cwd=world.app / "src")
    assert (run.exit, run.stdout) == (2, b"")
    said = run.stderr.decode().rstrip("\n").rpartition("Run this in the project's directory: ")
    assert said[0].endswith(
        f"Error: {copy} is outside of the current directory, and `git apply` and `patch` refuse paths that lead out of "
        "it. "
    )
    assert world.shell(f"{said[2]} && sio-patch diff {copy}").stdout == PREFACE + DIFF


def test_a_copy_behind_a_link_is_shown_where_it_is(world: World) -> None:
    """`git apply` does not follow links."""
    world.install(at="node_modules/.store/pump@1.2.3/node_modules/pump")
    (world.app / COPY).symlink_to(".store/pump@1.2.3/node_modules/pump")
    assert b"--- a/node_modules/.store/pump@1.2.3/node_modules/pump/lib/pump.js\n" in world.run("diff").stdout


@pytest.mark.parametrize("content", [BROKEN, ODD], ids=["plain", "odd"])
@pytest.mark.parametrize("tool", ["patch -p1 -s", "git apply", "git apply in a folder of a repository"])
def test_the_same_bytes_as_apply(tool: str, content: bytes, world: World) -> None:
    copy = world.install(content)
    command = "git apply" if tool.startswith("git") else "patch -p1 -s --binary"
    executable(command.partition(" ")[0])
    if tool.endswith("repository"):
        subprocess.run([executable("git"), "init", "-q", str(world.app.parent)], check=True)
    run = world.shell(f"sio-patch diff -q 2>/dev/null | {command}")
    assert (run.exit, run.stdout) == (0, b""), run.words
    by_tool = world.text()
    world.install(content)
    assert world.run("apply").exit == 0
    assert world.text() == by_tool != content
    undo = world.shell(f"sio-patch revert -q && sio-patch diff -q 2>/dev/null | {command} && sio-patch status --json")
    assert undo.row.verdict == "applied" if undo.stdout.startswith(b"{") else b"reverted" in undo.stdout
    assert not list(copy.rglob("*.rej"))


def test_colour_is_for_terminals(world: World) -> None:
    world.install()
    run = world.run("diff", env={"FORCE_COLOR": "1", "TERM": "xterm-256color"})
    assert b"\x1b" not in run.stdout + run.stderr


# ---------------------------------------------------------------------------- reviewed


def reviewed(world: World, data: bytes, *options: str, to: str = "d.diff") -> tuple[int, str, str | None]:
    """Exit status, verdict and note of `apply --reviewed` with this diff."""
    (world.app / to).write_bytes(data)
    run = world.run("apply", "--reviewed", to, "--json", *options)
    return run.exit, run.row.verdict, run.row.note


def other(problem: str) -> str:
    return f"d.diff is not what would be done now: {problem}. Nothing was changed. Make a new diff and review that."


@pytest.mark.parametrize("data", [PREFACE + DIFF, DIFF, b"my words\n\n" + DIFF], ids=["whole", "bare", "commented"])
def test_exactly_what_was_reviewed(data: bytes, world: World) -> None:
    world.install()
    assert reviewed(world, data, "--dry-run") == (0, "needs-patch", None)
    assert world.text() == BROKEN
    assert reviewed(world, data) == (0, "patched", None)
    assert world.text() == CURED
    assert reviewed(world, data) == (0, "applied", None)


DIFFERENT = {
    "another line": (
        DIFF.replace(b"close()", b"shut()"),
        f"{COPY}/{FILE}: now adds '  tank.close();\\n' at line 3; the reviewed diff adds '  tank.shut();\\n' at line 3",
    ),
    "another place": (
        DIFF.replace(b"@@ -1,4 +1,5 @@", b"@@ -2,4 +2,5 @@"),
        f"{COPY}/{FILE}: now adds '  tank.close();\\n' at line 3; "
        "the reviewed diff adds '  tank.close();\\n' at line 4",
    ),
    "another file": (
        DIFF.replace(b"pump.js", b"tap.js"),
        f"the reviewed diff does not change {COPY}/{FILE}, which is to be changed now",
    ),
    "one file more": (
        DIFF + DIFF.replace(b"pump.js", b"tap.js"),
        f"the reviewed diff changes {COPY}/lib/tap.js, which is not to be changed now",
    ),
    "garbage": (b"garbage\n", f"the reviewed diff does not change {COPY}/{FILE}, which is to be changed now"),
    "binary": (bytes(range(256)), f"the reviewed diff does not change {COPY}/{FILE}, which is to be changed now"),
    "nothing": (b"", f"the reviewed diff does not change {COPY}/{FILE}, which is to be changed now"),
}


@pytest.mark.parametrize("kind", DIFFERENT)
def test_not_what_was_reviewed(kind: str, world: World) -> None:
    copy = world.install()
    before = state(copy)
    data, problem = DIFFERENT[kind]
    assert reviewed(world, data) == (3, "refused", other(problem))
    assert state(copy) == before


CRLF = PREFACE.replace(b"\n", b"\r\n") + DIFF.replace(b"\n", b"\r\n")
SAVED_ELSEWHERE = {
    "CRLF": CRLF,
    "UTF-16, as PowerShell's > writes it": CRLF.decode().encode("utf-16"),
    "UTF-16, the other way round": b"\xfe\xff" + (PREFACE + DIFF).decode().encode("utf-16-be"),
    "UTF-8 with a byte order mark": b"\xef\xbb\xbf" + PREFACE + DIFF,
}


@pytest.mark.parametrize("kind", SAVED_ELSEWHERE)
def test_a_review_that_another_program_has_saved(kind: str, world: World) -> None:
    world.install()
    assert reviewed(world, SAVED_ELSEWHERE[kind]) == (0, "patched", None)
    assert world.text() == CURED


@pytest.mark.parametrize("kind", ["each line gets a CR", "each line that has none gets a CR"])
def test_a_review_of_a_crlf_file_that_another_program_has_saved(kind: str, world: World) -> None:
    world.install(BROKEN.replace(b"\n", b"\r\n"))
    data = world.run("diff").stdout
    data = data if kind == "each line gets a CR" else data.replace(b"\r\n", b"\n")
    assert reviewed(world, data.replace(b"\n", b"\r\n")) == (0, "patched", None)
    assert world.text() == CURED.replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    "data",
    [DIFF.replace(b"close();\n", b"close();\r\n"), DIFF.replace(b"\n", b"\r\n").replace(b"pump.js\r", b"pump.js")],
    ids=["one line", "all but the headers"],
)
def test_where_only_line_ends_differ_it_is_said(data: bytes, world: World) -> None:
    world.install()
    problem = "only the line ends differ, CRLF or LF: save the diff as it is made, with -o"
    assert reviewed(world, data) == (3, "refused", other(problem))
    assert world.text() == BROKEN


def test_another_change_with_crlf_is_another_change(world: World) -> None:
    world.install()
    exit, _, note = reviewed(world, CRLF.replace(b"close()", b"shut()"))
    assert (exit, note) == (3, other(DIFFERENT["another line"][1]))


def test_half_of_utf_16(world: World) -> None:
    world.install()
    (world.app / "d.diff").write_bytes(b"\xff\xfeab\x00")
    run = world.run("apply", "--reviewed", "d.diff")
    assert (run.exit, world.text()) == (2, BROKEN)
    assert "d.diff cannot be read as a unified diff: it begins as UTF-16, and does not go on so." in run.words


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(world: World) -> None:
    world.install()
    os.mkfifo(world.app / "fifo")
    run = world.run("apply", "--reviewed", "fifo")
    assert (run.exit, world.text()) == (2, BROKEN)
    assert "Error: fifo is not a file. Save the diff in one, and name that." in run.words


@pytest.mark.parametrize("line", [b"#\n", b"\n", b"# as somebody has said before: this is right\n"], ids=repr)
def test_megabytes_of_prose(line: bytes, world: World) -> None:
    world.install()
    prose = line * (12_000_000 // len(line))
    start = monotonic()
    assert reviewed(world, prose + DIFF + prose) == (0, "patched", None)
    assert monotonic() - start < 6


def test_a_stale_review(world: World) -> None:
    """The file has moved on: the same line would come somewhere else."""
    world.install(b"// new\n" + BROKEN)
    exit, verdict, note = reviewed(world, DIFF)
    assert (exit, verdict) == (3, "refused")
    assert note is not None
    assert note.startswith("d.diff is not what would be done now: ")


def test_a_hunk_that_is_cut_off(world: World) -> None:
    world.install()
    (world.app / "d.diff").write_bytes(DIFF[:-4])
    run = world.run("apply", "--reviewed", "d.diff")
    assert (run.exit, world.text()) == (2, BROKEN)
    assert "Error: d.diff cannot be read as a unified diff: " in run.words


def test_one_copy_more_than_was_reviewed(world: World) -> None:
    """Then none is touched."""
    world.install()
    world.install(at="node_modules/x/node_modules/pump")
    (world.app / "d.diff").write_bytes(DIFF)
    run = world.run("apply", "--reviewed", "d.diff", "--json")
    assert [row.verdict for row in run.rows] == ["refused", "refused"]
    assert run.exit == 3
    assert world.text() == BROKEN


def test_a_review_of_two_after_one_was_applied(world: World) -> None:
    world.install()
    world.install(at="node_modules/x/node_modules/pump")
    data = world.run("diff").stdout
    assert world.run("apply", COPY).exit == 0
    (world.app / "d.diff").write_bytes(data)
    run = world.run("apply", "--reviewed", "d.diff", "--json")
    assert [row.verdict for row in run.rows] == ["applied", "patched"]


def test_a_review_that_is_not_there(world: World) -> None:
    world.install()
    for path in ("nowhere", "node_modules"):
        run = world.run("apply", "--reviewed", path)
        assert (run.exit, run.stdout, world.text()) == (2, b"", BROKEN)


def test_the_examples_chain(world: World) -> None:
    """As --help shows it."""
    copy = world.install()
    assert world.shell("sio-patch diff -o leak.diff && sio-patch apply --reviewed leak.diff").exit == 0
    assert world.text() == CURED
    assert Path(copy / RECEIPT).exists()
