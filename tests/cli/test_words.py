"""The words of the main situations, exactly: what was looked at, found and done, where, and how to undo it."""

from __future__ import annotations

import pytest

from support.world import (
    BROKEN,
    COPY,
    HASH_BROKEN,
    HASH_CURED,
    ID,
    OTHER,
    TITLE,
    UNSAFE,
    UPSTREAM,
    World,
)  # fmt: skip

WHERE = "node_modules/pump/lib/pump.js:3  pump 1.2.3  close-valve\n"
PATCHED = f"""\
patched  {WHERE}
Patched 1 place. A running process keeps the old code: restart it. To undo: sio-patch revert
"""
PATCHED_QUIET = "sio-patch: patched node_modules/pump/lib/pump.js:3. To undo: sio-patch revert\n"
PATCHED_VERBOSE = f"""\
patched  {WHERE}\
    {TITLE}
    The defect was in this file; the patch is now in it.
    sha256 {HASH_BROKEN}
       now {HASH_CURED}

Patched 1 place. A running process keeps the old code: restart it. To undo: sio-patch revert
"""
NEEDS_CLOSING = """\
1 place needs the patch; not changed.
    To see the change: sio-patch diff
    To make it: sio-patch apply
"""
NEEDS = f"needs-patch  {WHERE}\n{NEEDS_CLOSING}"
NEEDS_QUIET = f"needs-patch  {WHERE}"
NEEDS_VERBOSE = f"""\
needs-patch  {WHERE}\
    {TITLE}
    The defect is in this file.
    sha256 {HASH_BROKEN}
    sha256 {HASH_CURED} with the patch

{NEEDS_CLOSING}"""
APPLIED = f"applied  {WHERE}\nAlready patched: 1 place.\n"
APPLIED_VERBOSE = f"""\
applied  {WHERE}\
    {TITLE}
    The patch is already in this file.
    sha256 {HASH_CURED}

Already patched: 1 place.
"""


def says(world: World, *arguments: str) -> str:
    run = world.run(*arguments)
    assert run.stderr == b""
    return run.stdout.decode()


@pytest.mark.parametrize(("option", "words"), [("", PATCHED), ("-q", PATCHED_QUIET), ("-v", PATCHED_VERBOSE)])
def test_patched(option: str, words: str, world: World) -> None:
    world.install()
    assert says(world, "apply", *option.split()) == words


@pytest.mark.parametrize(("option", "words"), [("", NEEDS), ("--quiet", NEEDS_QUIET), ("--verbose", NEEDS_VERBOSE)])
@pytest.mark.parametrize("command", ["status", "status --check", "apply --dry-run", "apply --check"])
def test_needs_patch(command: str, option: str, words: str, world: World) -> None:
    world.install()
    assert says(world, *command.split(), *option.split()) == words


@pytest.mark.parametrize(("option", "words"), [("", APPLIED), ("-q", ""), ("-v", APPLIED_VERBOSE)])
@pytest.mark.parametrize("command", ["status", "apply"])
def test_applied(command: str, option: str, words: str, world: World) -> None:
    world.install()
    assert world.run("apply").exit == 0
    assert says(world, command, *option.split()) == words


def test_fixed_and_not_affected(world: World) -> None:
    world.install(UPSTREAM, version="2.0.0")
    world.install(OTHER, version="3.0.0", at="node_modules/x/node_modules/pump")
    assert says(world, "apply") == (
        "VERDICT       WHERE                                         VERSION     PATCH\n"
        "fixed         node_modules/pump/lib/pump.js:3               pump 2.0.0  close-valve\n"
        "not-affected  node_modules/x/node_modules/pump/lib/pump.js  pump 3.0.0  close-valve\n\n"
        "Already fixed, no patch needed: 1 place.\nNot affected: 1 place.\n"
    )
    assert says(world, "apply", "-q") == ""


def test_a_table_with_reasons_in_plain_words(world: World) -> None:
    """Several copies: aligned, and a row that is refused or disagrees says why."""
    world.install(version="9.9.9")
    world.install(UNSAFE, at="node_modules/x/node_modules/pump")
    text = (world.catalogue / f"sio_catalogue/{ID}/README.md").read_text()
    line = text.split("\n").index("   $tank.drain();") + 1
    disagrees = "    Version 9.9.9 is outside the affected range >=1.0.0 <2.0.0, but the defect is in the code.\n"
    refusal = (
        f"    unsafe-place: `$tank.drain();` (line {line} of the patch) stands as the whole body of an `if` or a loop "
        "without braces: `tank.drain();`. It cannot be edited safely there.\n"
    )
    table = (
        "VERDICT      WHERE                                           VERSION     PATCH\n"
        "needs-patch  node_modules/pump/lib/pump.js:3                 pump 9.9.9  close-valve\n"
        f"{disagrees}"
        "refused      node_modules/x/node_modules/pump/lib/pump.js:2  pump 1.2.3  close-valve\n"
        f"{refusal}"
    )
    closing = f"\n{NEEDS_CLOSING}Refused and left alone: 1 place. The reason stands below the row.\n"
    assert says(world, "status") == table + closing
    assert says(world, "status", "-q") == table
    assert says(world, "apply", "-q") == (
        table.splitlines(keepends=True)[3].replace("refused      ", "refused  ")
        + refusal
        + "sio-patch: patched node_modules/pump/lib/pump.js:3. To undo: sio-patch revert\n"
    )


def test_commands_that_are_named_are_for_what_was_asked(world: World) -> None:
    """And they run."""
    world.install()
    (world.app / "my app").symlink_to(".")
    words = says(world, "status", f"my app/{COPY}", "-p", ID)
    assert words.endswith(
        "    To see the change: sio-patch diff 'my app/node_modules/pump' -p close-valve\n"
        "    To make it: sio-patch apply 'my app/node_modules/pump' -p close-valve\n"
    )
    run = world.shell(words.rpartition("To make it: ")[2])
    assert run.exit == 0
    undo = run.stdout.decode().rstrip("\n").rpartition("To undo: ")[2]
    assert undo == "sio-patch revert 'my app/node_modules/pump' -p close-valve"
    assert world.shell(undo).exit == 0
    assert world.text() == BROKEN


def test_numbers(world: World) -> None:
    for number in range(3):
        world.install(at=f"node_modules/x{number}/{COPY}")
    assert "3 places need the patch; not changed.\n" in says(world, "status")
    assert "Patched 3 places. " in says(world, "apply")
    assert (
        says(world, "revert", "-q")
        == "sio-patch: reverted "
        + ", ".join(f"node_modules/x{number}/{COPY}/lib/pump.js:3" for number in range(3))
        + "\n"
    )


def test_hostile_bytes_do_not_steer_the_terminal(world: World) -> None:
    """The version is whatever a package.json says, and a refusal quotes the file."""
    copy = world.install(UNSAFE.replace(b"drain();", b"drain(); /* \x1b[2J\xe2\x80\xae */"))
    (copy / "package.json").write_text('{"name": "pump", "version": "1.2.3\\u001b[2J\\u202e\\n"}')
    words = says(world, "status", "-v")
    assert "\x1b" not in words
    assert "\u202e" not in words
    assert "tank.drain(); /* \\x1b[2J\\u202e */" in words
    assert "pump (version unknown)" in words


def test_list(world: World) -> None:
    assert says(world, "list") == (
        "ID           KIND    PACKAGE  AFFECTED        FIXED IN  TITLE\n"
        "close-valve  defect  pump     >=1.0.0 <2.0.0  2.0.0     The valve stays open\n"
        "count-stops  defect  pump     >=1.0.0 <2.0.0  2.0.0     Stops are not counted (only with -p count-stops)\n"
        "no-trace     defect  pump     >=1.0.0 <2.0.0  2.0.0     Stops are traced (only with -p no-trace)\n"
    )


def test_show(world: World) -> None:
    assert says(world, "show", ID) == (world.catalogue / f"sio_catalogue/{ID}/README.md").read_text()


def test_version(world: World) -> None:
    name, version = says(world, "--version").split()
    assert name == "sio-patch"
    assert version[0].isdigit()
