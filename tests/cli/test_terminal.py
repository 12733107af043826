"""Terminals, pipes and interrupts: colour and bars for people only, and nothing half said or half done."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

from support.terminal import Shown, on_terminal
from support.trees import RECEIPT, lay, state
from support.world import BROKEN, COPY, CURED, DIFF, FILE, OLD_FILE, PREFACE, UNSAFE, World

# Each copy takes a moment in which the clock runs a hundred times as fast.
SLOW = """\
import time
import sio_patch.run.installed_copy as plan
now, real = time.monotonic, plan.plan_apply
time.monotonic = lambda: now() * 100
def slow(copy, selection):
    time.sleep(0.02)
    return real(copy, selection)
plan.plan_apply = slow
"""
# Says where it is, and stays there.
STUCK_LOOKING = """\
import sys, time
import sio_patch.run.installed_copy as plan
def stuck(copy, selection):
    print("here", file=sys.stderr, flush=True)
    time.sleep(60)
plan.plan_apply = stuck
"""
STUCK_WRITING = """\
import os, sys, time
replace, done = os.replace, []
def stuck(temporary, target, **directories):
    done.append(target)
    if len(done) == 3:
        print("here", file=sys.stderr, flush=True)
        time.sleep(60)
    replace(temporary, target, **directories)
os.replace = stuck
"""


def show(world: World, *arguments: str, streams: str = "both", **env: str) -> Shown:
    return on_terminal(*arguments, cwd=world.app, env=world.environment(**env), streams=streams)


def test_colours_of_words(world: World) -> None:
    world.install()
    world.install(UNSAFE, at="node_modules/x/node_modules/pump")
    screen = show(world, "status").screen.split(b"\n")
    assert screen[1].startswith(b"\x1b[33mneeds-patch\x1b[0m  node_modules/pump/lib/pump.js:3  ")
    assert screen[2].startswith(b"\x1b[31mrefused\x1b[0m      node_modules/x/")
    assert screen[3].startswith(b"    unsafe-place: ")


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "dumb"])
def test_no_colours_where_none_are_wanted(env: dict[str, str], world: World) -> None:
    world.install()
    environment = {**world.environment(), "TERM": "xterm-256color", **env}
    for command in ("status", "diff"):
        assert b"\x1b" not in on_terminal(command, cwd=world.app, env=environment).screen


def test_an_empty_no_color_is_none(world: World) -> None:
    """As no-color.org has it."""
    world.install()
    assert b"\x1b[33m" in show(world, "status", NO_COLOR="").screen


def test_colours_of_a_diff(world: World) -> None:
    world.install()
    shown = show(world, "diff", streams="out")
    lines = shown.screen.split(b"\n")
    assert lines[0] == b"\x1b[2m# sio-patch close-valve: The valve stays open\x1b[0m"
    assert b"\x1b[1m--- a/node_modules/pump/lib/pump.js\x1b[0m" in lines
    assert b"\x1b[36m@@ -1,4 +1,5 @@\x1b[0m" in lines
    assert b"\x1b[32m+  tank.close();\x1b[0m" in lines
    assert b"   done();" in lines
    assert b"\x1b" not in shown.pipe


def test_a_diff_in_a_pipe_has_no_colours_though_its_words_do(world: World) -> None:
    world.install()
    shown = show(world, "diff", streams="err")
    assert shown.pipe == PREFACE + DIFF
    assert shown.screen.startswith(b"\x1b[33mneeds-patch\x1b[0m  ")


def test_json_has_no_colours(world: World) -> None:
    world.install()
    assert b"\x1b" not in show(world, "status", "--json").screen


def test_a_bar_where_it_takes_long(world: World) -> None:
    for number in range(4):
        world.install(at=f"node_modules/x{number}/{COPY}")
    lay(world.catalogue, {"sitecustomize.py": SLOW})
    shown = show(world, "status", streams="err")
    assert b"Looking  [" in shown.screen
    assert shown.pipe.count(b"needs-patch  ") == 4
    assert b"Looking" not in shown.pipe
    assert shown.exit == 0


def test_no_bar_where_nobody_watches(world: World) -> None:
    for number in range(4):
        world.install(at=f"node_modules/x{number}/{COPY}")
    lay(world.catalogue, {"sitecustomize.py": SLOW})
    run = world.run("status")
    assert run.stdout.count(b"needs-patch  ") == 4
    assert b"Looking" not in run.stdout + run.stderr
    assert b"Looking" not in show(world, "status", streams="out").pipe


def test_no_bar_where_it_is_quick(world: World) -> None:
    world.install()
    assert b"Looking" not in show(world, "status").screen


def interrupted(world: World, *arguments: str) -> tuple[int, bytes]:
    """Ctrl-C at the point where the program says `here`."""
    process = world.start(*arguments, stdout=subprocess.DEVNULL)
    assert process.stderr is not None
    said = process.stderr.readline()
    assert said == b"here\n"
    os.killpg(process.pid, signal.SIGINT)
    rest = process.stderr.read()
    process.stderr.close()
    return process.wait(30), rest


def test_ctrl_c_while_looking(world: World) -> None:
    copy = world.install()
    before = state(copy)
    lay(world.catalogue, {"sitecustomize.py": STUCK_LOOKING})
    assert interrupted(world, "apply") == (130, b"\n")
    assert state(copy) == before


def test_ctrl_c_while_writing(world: World) -> None:
    """Between the first and the second file of a copy, behind its receipt: everything is put back."""
    copy = world.install(more={OLD_FILE: BROKEN})
    before = state(copy)
    lay(world.catalogue, {"sitecustomize.py": STUCK_WRITING})
    assert interrupted(world, "apply") == (130, b"\n")
    assert state(copy) == before


COMMANDS = ["status", "status --json", "apply", "diff", "list", "show close-valve"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_that_has_gone(command: str, world: World) -> None:
    """`| head`: what was to be done is done, and no word about pipes."""
    world.install()
    reading, writing = os.pipe()
    os.close(reading)
    process = world.start(*command.split(), stdout=writing)
    os.close(writing)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert b"ipe" not in said
    assert world.text() == (CURED if command == "apply" else BROKEN)


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["apply", "diff", "status --json"])
def test_closed_streams(command: str, closed: str, world: World) -> None:
    """As under some process managers."""
    copy = world.install()
    run = world.shell(f"sio-patch {command} {closed}")
    assert run.exit == 0
    assert b"Traceback" not in run.stderr
    names = {name for name in state(copy) if not name.startswith("lib")}
    assert names == {"package.json", RECEIPT} if command == "apply" else {"package.json"}
    assert world.text() == (CURED if command == "apply" else BROKEN)


@pytest.mark.parametrize("full", ["> /dev/full", "2> /dev/full", "> /dev/full 2>&1"])
def test_full_streams(full: str, world: World) -> None:
    """What was to be done is done; that nobody was told is a failure."""
    world.install()
    run = world.shell(f"sio-patch apply --json node_modules/pump {full}")
    assert run.exit == (0 if full.startswith("2") else 4)
    assert b"Traceback" not in run.stderr
    assert world.text() == CURED
    assert world.shell(f"sio-patch apply nowhere {full}").exit in (2, 4)


def test_the_pager_gets_the_document(world: World) -> None:
    text = (world.catalogue / "sio_catalogue/close-valve/README.md").read_bytes()
    shown = show(world, "show", "close-valve", PAGER="cat")
    assert (shown.exit, shown.screen) == (0, text + b"\n")


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_names_that_are_no_text(locale: str, world: World) -> None:
    """A directory's name in latin-1, and one with an escape sequence: shown, not obeyed."""
    env = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    odd = os.fsdecode(b"caf\xe9 \x1b[2J\xe2\x82\xac")
    world.install(at=f"{odd}/node_modules/pump")
    run = world.run("apply", odd, env=env)
    assert (run.exit, b"\x1b" in run.stdout) == (0, False), run.words
    assert world.run("status", odd, "--json", env=env).row.verdict == "applied"
    diff = world.run("diff", odd, "-p", "count-stops", env=env)
    assert b'--- "a/caf\\351 \\033[2J\\342\\202\\254/node_modules/pump/lib/pump.js"\t\n' in diff.stdout
    assert world.run("revert", odd, env=env).exit == 0
    assert (world.app / odd / COPY / FILE).read_bytes() == BROKEN
