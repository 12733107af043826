"""Patches of several files, and of one file in several shapes: a copy is patched whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from support.trees import RECEIPT, lay, sha256, state
from support.world import BROKEN, CLOSE_VALVE, COPY, CURED, FILE, ID, World

WHOLE = "whole"
TYPES = "index.d.ts"
CLASS = b"class Pump {\n  stop(tank) {\n    tank.drain();\n  }\n}\n"
CURED_CLASS = CLASS.replace(b"drain();\n", b"drain();\n    tank.close();\n")
OLD_TYPES = b"export class Tank {\n  drain(): void;\n}\n"
NEW_TYPES = b"export class Tank {\n  drain(): void;\n  close(): void;\n}\n"
BOTH = {TYPES: OLD_TYPES}
HEAD = """# The valve, and what its types say

Water runs out.

```toml patch
id = "whole"
title = "The valve, and what its types say"
kind = "change"
package = "pump"
affected = ">=1.0.0 <2.0.0"
default = true
references = ["https://example.org/whole"]
```
"""
DOCUMENT = (
    HEAD
    + """
```diff lib/pump.js
 function stop ($tank) {
   ...
   $tank.drain();
+  $tank.close();
   ...
 }
```

```diff lib/*.js
 class Pump {
   ...
   stop($tank) {
     $tank.drain();
+    $tank.close();
   }
   ...
 }
```

```diff text *.d.ts
@@ -40,2 +40,3 @@ whatever it says here
   drain(): void;
+  close(): void;
 }
```

```js fixed lib/pump.js
function stop ($tank) {
  ...
  $tank.shut();
  ...
}
```
"""
)
NO_PARSER = "import sys\nsys.modules['esprima'] = None\n"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, {WHOLE: DOCUMENT})


def verdicts(world: World, *arguments: str) -> dict[str | None, str]:
    return {row.file: row.verdict for row in world.run(*arguments, "--json").rows}


def test_one_run_and_back(world: World) -> None:
    copy = world.install(more=BOTH)
    before = state(copy)
    run = world.run("apply", "--json")
    assert run.exit == 0
    assert [(row.file, row.verdict, row.line, row.sha256_after) for row in run.rows] == [
        (FILE, "patched", 3, sha256(CURED)),
        (TYPES, "patched", 3, sha256(NEW_TYPES)),
    ]
    assert (world.text(), world.text(f"{COPY}/{TYPES}")) == (CURED, NEW_TYPES)
    assert verdicts(world, "apply") == {FILE: "applied", TYPES: "applied"}
    assert verdicts(world, "revert") == {FILE: "reverted", TYPES: "reverted"}
    assert state(copy) == before


def test_what_a_receipt_says_of_hunks_needs_no_parser(world: World) -> None:
    world.install(None, more=BOTH)
    world.run("apply")
    lay(world.catalogue, {"sitecustomize.py": NO_PARSER})
    assert verdicts(world, "status") == {TYPES: "applied"}


def test_without_receipt_both_are_told_from_the_code(world: World) -> None:
    world.install(CURED, more={TYPES: NEW_TYPES})
    assert verdicts(world, "apply") == {FILE: "applied", TYPES: "applied"}
    assert not (world.app / COPY / RECEIPT).exists()


def test_one_file_is_patched_already(world: World) -> None:
    world.install(CURED, more=BOTH)
    assert verdicts(world, "apply") == {FILE: "applied", TYPES: "patched"}
    assert verdicts(world, "revert") == {TYPES: "reverted"}
    assert (world.text(), world.text(f"{COPY}/{TYPES}")) == (CURED, OLD_TYPES)


@pytest.mark.parametrize("tool", ["git apply --whitespace=nowarn", "patch -s -p1 --no-backup-if-mismatch <"])
def test_the_diff_makes_the_same_bytes(world: World, tool: str) -> None:
    world.install(more={TYPES: OLD_TYPES.replace(b"\n", b"\r\n")})
    assert world.shell(f"sio-patch diff -q -o d.diff && {tool} d.diff").exit == 0
    assert (world.text(), world.text(f"{COPY}/{TYPES}")) == (CURED, NEW_TYPES.replace(b"\n", b"\r\n"))
    assert verdicts(world, "status") == {FILE: "applied", TYPES: "applied"}


@pytest.mark.parametrize("done", [{}, {TYPES: NEW_TYPES}], ids=["both", "one is patched by now"])
def test_a_reviewed_diff_of_two_files(world: World, done: Mapping[str, bytes]) -> None:
    copy = world.install(more=BOTH)
    assert world.run("diff", "-o", "d.diff").exit == 0
    lay(copy, done)
    assert world.run("apply", "--reviewed", "d.diff").exit == 0
    assert (world.text(), world.text(f"{COPY}/{TYPES}")) == (CURED, NEW_TYPES)


def test_a_reviewed_diff_of_one_of_two_files(world: World) -> None:
    world.install(more=BOTH)
    world.run("diff", "-o", "d.diff")
    one = (world.app / "d.diff").read_bytes().partition(b"--- a/node_modules/pump/index.d.ts")[0]
    (world.app / "d.diff").write_bytes(one)
    assert verdicts(world, "apply", "--reviewed", "d.diff") == {FILE: "refused", TYPES: "refused"}
    assert world.text() == BROKEN


ODD = {
    "another shape": (BROKEN, OLD_TYPES.replace(b"drain", b"flush"), TYPES, "anchor-missing"),
    "two places": (BROKEN, OLD_TYPES * 2, TYPES, "ambiguous"),
    "not to be read": (BROKEN + b"tank.drain(;\n", OLD_TYPES, FILE, "unparseable"),
    "UTF-16": (BROKEN, OLD_TYPES.decode().encode("utf-16"), TYPES, "unparseable"),
    "both shapes": (BROKEN + CLASS, OLD_TYPES, FILE, "ambiguous"),
}


@pytest.mark.parametrize(("code", "types", "file", "reason"), ODD.values(), ids=ODD)
def test_one_refusal_refuses_the_copy(world: World, code: bytes, types: bytes, file: str, reason: str) -> None:
    copy = world.install(code, more={TYPES: types})
    before = state(copy)
    run = world.run("apply", "--json")
    assert run.exit == 3
    assert {row.file: row.reason for row in run.rows if row.verdict == "refused"} == {file: reason}
    (held,) = (row for row in run.rows if row.verdict == "needs-patch")
    assert held.note == f"Not changed, because {file} was refused: all or nothing."
    assert state(copy) == before


def test_a_glob_without_files_is_nothing(world: World) -> None:
    world.install()
    assert verdicts(world, "apply") == {FILE: "patched"}


def test_no_glob_has_files(world: World) -> None:
    world.install(None)
    (row,) = world.run("apply", "--json").rows
    assert (row.verdict, row.reason, row.file) == ("refused", "missing-file", None)
    assert row.note == (
        "Version 1.2.3 is inside the affected range >=1.0.0 <2.0.0, "
        "but there is no lib/pump.js and no lib/*.js and no *.d.ts in this copy."
    )


def test_a_version_outside_with_the_code_in_one_file_only(world: World) -> None:
    """As with code that is there in part in one file: it is not patched in part."""
    copy = world.install(more={TYPES: b"export {};\n"}, version="3.0.0")
    before = state(copy)
    run = world.run("apply", "--json")
    assert run.exit == 0
    assert {row.file: (row.verdict, row.note) for row in run.rows} == {
        FILE: (
            "not-affected",
            "Version 3.0.0 is outside the affected range >=1.0.0 <2.0.0, and not all that the patch changes is there: "
            "index.d.ts lacks it, so nothing is changed.",
        ),
        TYPES: ("not-affected", None),
    }
    assert state(copy) == before


def test_what_is_not_patched_in_part_leaves_other_patches_alone(world: World) -> None:
    world.publish(ID, CLOSE_VALVE.replace("<2.0.0", "<4.0.0"))
    world.publish(WHOLE, DOCUMENT.replace("$tank.close()", "$tank.seal()"))
    copy = world.install(more={TYPES: b"export {};\n"}, version="3.0.0")
    run = world.run("apply", "--json")
    assert {(row.patch, row.file): row.verdict for row in run.rows} == {
        (ID, FILE): "patched",
        (WHOLE, FILE): "not-affected",
        (WHOLE, TYPES): "not-affected",
    }
    assert (copy / FILE).read_bytes() == CURED


@pytest.mark.parametrize(("code", "verdict"), [(CURED, "applied"), (b"go();\n", "not-affected")])
def test_a_version_outside_without_the_code(world: World, code: bytes, verdict: str) -> None:
    world.install(code, more={TYPES: b"export {};\n"}, version="3.0.0")
    assert verdicts(world, "apply") == {FILE: verdict, TYPES: "not-affected"}


@pytest.mark.parametrize(("code", "cured"), [(BROKEN, CURED), (CLASS, CURED_CLASS)], ids=["a function", "a class"])
def test_alternatives(world: World, code: bytes, cured: bytes) -> None:
    copy = world.install(code, more=BOTH)
    before = state(copy)
    assert verdicts(world, "apply") == {FILE: "patched", TYPES: "patched"}
    assert world.text() == cured
    assert verdicts(world, "apply") == {FILE: "applied", TYPES: "applied"}
    assert world.run("revert").exit == 0
    assert state(copy) == before


def test_a_receipt_of_one_shape_does_not_hide_the_other(world: World) -> None:
    """Somebody put the other shape in, and made the receipt's hashes fit."""
    copy = world.install(BROKEN)
    world.run("apply")
    receipt = (copy / RECEIPT).read_text()
    for old, new in ((BROKEN, BROKEN + CLASS), (CURED, CURED + CLASS)):
        assert sha256(old) in receipt
        receipt = receipt.replace(sha256(old), sha256(new))
    lay(copy, {RECEIPT: receipt, FILE: CURED + CLASS})
    (row,) = world.run("status", "--json").rows
    assert (row.verdict, row.reason) == ("refused", "ambiguous")


def test_a_receipt_of_another_change_of_lines(world: World) -> None:
    copy = world.install(None, more=BOTH)
    world.run("apply")
    receipt = (copy / RECEIPT).read_text()
    other = NEW_TYPES.replace(b"close", b"crash")
    lay(copy, {RECEIPT: receipt.replace(sha256(NEW_TYPES), sha256(other)), TYPES: other})
    assert verdicts(world, "status") == {TYPES: "refused"}


def test_each_file_of_a_wildcard_has_the_code(world: World) -> None:
    """A bundle that was made smaller, say, is not passed over: names may be all that it lacks."""
    copy = world.install(None, more={"lib/a.js": CLASS, "lib/a.min.js": b"class P{s(t){t.drain()}}\n"})
    before = state(copy)
    assert verdicts(world, "apply") == {"lib/a.js": "needs-patch", "lib/a.min.js": "refused"}
    assert state(copy) == before


def test_a_receipt_is_no_file_of_a_wildcard(world: World) -> None:
    world.publish(WHOLE, HEAD + '\n```diff text *.json\n   "version": "1.2.3"\n+  ,"private": true\n }\n```\n')
    world.install(None)
    assert verdicts(world, "apply") == {"package.json": "patched"}
    assert verdicts(world, "apply") == {"package.json": "applied"}


def test_json_stays_json(world: World) -> None:
    world.publish(WHOLE, HEAD + '\n```diff text package.json\n   "version": "1.2.3"\n+  "private": true\n }\n```\n')
    world.install(None)
    (row,) = world.run("apply", "--json").rows
    assert (row.verdict, row.reason, row.line) == ("refused", "unsafe-place", 3)
    assert row.note == "The lines of the hunk at line 16 are there, but after the edit this would be no json any more."


def test_a_named_file_is_of_the_diffs_that_its_path_fits(world: World) -> None:
    lay(world.app, {"src/lib/pump.js": BROKEN, "x.d.ts": OLD_TYPES, "pump.js": BROKEN})
    for file, after in (("src/lib/pump.js", CURED), ("x.d.ts", NEW_TYPES)):
        before = world.text(file)
        assert verdicts(world, "apply", file, "-p", WHOLE) == {Path(file).name: "patched"}
        assert world.text(file) == after
        assert verdicts(world, "apply", file, "-p", WHOLE) == {Path(file).name: "applied"}
        assert verdicts(world, "revert", file, "-p", WHOLE) == {Path(file).name: "reverted"}
        assert world.text(file) == before
    (row,) = world.run("apply", "pump.js", "-p", WHOLE, "--json").rows
    assert (row.verdict, row.reason) == ("refused", "missing-file")
    assert (
        row.note == "The patch is for lib/pump.js and lib/*.js and *.d.ts, and the end of this path fits none of them."
    )


def test_a_fixed_form_of_one_file(world: World) -> None:
    shut = b"function stop(tank) {\n  tank.drain();\n  tank.shut();\n}\n"
    world.install(shut, more={"lib/other.js": shut, TYPES: NEW_TYPES})
    assert verdicts(world, "status") == {FILE: "fixed", "lib/other.js": "refused", TYPES: "applied"}


def test_a_wish_is_no_defect(world: World) -> None:
    world.install(version="2.1.0")
    (row,) = world.run("status", "--json").rows
    assert row.note == (
        "Version 2.1.0 is outside the affected range >=1.0.0 <2.0.0, but the code that the patch changes is there."
    )
    words = world.run("status", "-v").stdout.decode()
    assert "The code that the patch changes is in this file." in words
    assert "defect" not in words
    assert b"Upstream" not in world.run("diff").stdout


def test_the_edit_of_one_shape_may_not_call_for_another(world: World) -> None:
    """The second diff would change what the first one makes: applied again, the patch would go on."""
    first = "```diff lib/pump.js\n $tank.drain();\n+$tank.close();\n```\n"
    second = "```diff lib/pump.js\n $tank.close();\n+log($tank);\n```\n"
    world.publish(WHOLE, f"{HEAD}\n{first}\n{second}")
    world.install()
    (row,) = world.run("apply", "--json").rows
    assert (row.verdict, row.reason) == ("refused", "ambiguous")
    assert str(row.note).startswith(
        "The code is there, but after the edit another diff of this patch would not have it so"
    )
    assert world.text() == BROKEN


@pytest.mark.parametrize("shape", [BROKEN, CLASS])
def test_a_named_file_is_taken_back_in_its_own_shape(world: World, shape: bytes) -> None:
    lay(world.app, {"lib/pump.js": shape})
    assert verdicts(world, "apply", "lib/pump.js", "-p", WHOLE) == {"pump.js": "patched"}
    assert verdicts(world, "revert", "lib/pump.js", "-p", WHOLE) == {"pump.js": "reverted"}
    assert world.text("lib/pump.js") == shape


def test_two_shapes_that_lead_to_one_are_not_taken_back(world: World) -> None:
    """Which of the two stood there is not known."""
    one, two = (f"```diff lib/pump.js\n-$tank.{old}();\n+$tank.close();\n```\n" for old in ("drain", "flush"))
    world.publish(WHOLE, f"{HEAD}\n{one}\n{two}")
    lay(world.app, {"lib/pump.js": BROKEN})
    assert verdicts(world, "apply", "lib/pump.js", "-p", WHOLE) == {"pump.js": "patched"}
    (row,) = world.run("revert", "lib/pump.js", "-p", WHOLE, "--json").rows
    assert (row.verdict, row.reason) == ("refused", "ambiguous")
    assert row.note == "The patch has several diffs that lead here, so what stood there before is not known."
