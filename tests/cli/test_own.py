"""Documents of a project's own, as every command knows them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from support.trees import lay, package
from support.world import BROKEN, COPY, CURED, FILE, ID, World

SEAL = """\
# The valve is not sealed

So water drips.

```toml patch
package = "pump"
files = ["lib/pump.js"]
```

```diff
 done();
+seal();
```
"""
DRIP = SEAL.replace("seal()", "drip()")
SEALED = BROKEN.replace(b"  done();\n", b"  done();\n  seal();\n")
OWN = "patches/seal.md"
BAD = SEAL.replace("package", "pakcage")


@pytest.fixture
def project(world: World) -> World:
    """With one document of its own and a copy to patch; nothing else is set up."""
    lay(world.app, {OWN: SEAL, "sio-patch.toml": 'use = ["seal"]\n'})
    world.install()
    return world


def verdicts(world: World, *arguments: str, cwd: Path | None = None) -> list[tuple[str, str]]:
    return [(row.patch, row.verdict) for row in world.run(*arguments, "--json", cwd=cwd).rows]


@pytest.mark.parametrize("at", [OWN, "patches/seal/README.md"])
def test_a_document_in_patches_is_enough(world: World, at: str) -> None:
    lay(world.app, {at: SEAL})
    world.install(CURED, version="1.2.3")
    assert verdicts(world, "status", "-p", "seal") == [("seal", "needs-patch")]
    assert verdicts(world, "apply") == [(ID, "applied"), ("seal", "patched")]
    assert verdicts(world, "apply") == [(ID, "applied"), ("seal", "applied")]
    assert verdicts(world, "revert", "-p", "seal") == [("seal", "reverted")]
    assert world.text() == CURED


def test_what_patch_package_keeps_there_and_other_pages_are_passed_over(project: World) -> None:
    inside = f"# How\n\n````markdown\n{SEAL}````\n"
    lay(project.app, {"patches/pump+1.2.3.patch": "--- a\n", "patches/README.md": "# Read\n", "patches/how.md": inside})
    lay(project.app, {"patches/deep/er/x.md": SEAL, "patches/seal.txt": SEAL, "patches/empty/x": ""})
    os.mkfifo(project.app / "patches/pipe.md")
    run = project.run("status", "--json")
    assert (run.exit, [row.patch for row in run.rows]) == (0, ["seal"])


@pytest.mark.parametrize("path", [OWN, "./patches/seal.md", "patches", "patches/"])
@pytest.mark.parametrize("command", ["status", "diff", "apply", "revert"])
def test_a_path_names_a_document(command: str, path: str, project: World) -> None:
    named, known = (project.run(command, "-p", word) for word in (path, "seal"))
    assert (named.exit, known.exit) == (0, 0)
    if command in ("status", "diff"):
        assert named.stdout.replace(f"-p {path}".encode(), b"-p seal") == known.stdout


def test_a_document_outside_of_every_project(project: World, tmp_path: Path) -> None:
    lay(tmp_path, {"elsewhere/drip.md": SEAL})
    path = str(tmp_path / "elsewhere/drip.md")
    run = project.run("apply", "-p", path)
    assert (run.exit, project.text()) == (0, SEALED)
    assert run.words.endswith(f"To undo: sio-patch revert -p {path}\n")
    assert project.run("revert", "-p", path).exit == 0
    assert project.text() == BROKEN


def test_an_id_goes_before_a_path_of_that_name(project: World) -> None:
    lay(project.app, {"seal/nothing": "", "close-valve/nothing": ""})
    assert verdicts(project, "status", "-p", "seal", "-p", ID) == [("seal", "needs-patch"), (ID, "needs-patch")]


WRONG = [
    ("nowhere.md", "there is no document nowhere.md."),
    ("no/where", "there is no document no/where."),
    ("node_modules", "there is no document in node_modules: no Markdown file with a `toml patch` block."),
    ("fifo", "fifo is not a file. Name a document, its folder, or a folder of documents."),
    ("seel", "there is no patch 'seel'; did you mean `seal`?"),
]


@pytest.mark.parametrize("command", ["status", "apply", "revert", "diff", "show", "prove"])
@pytest.mark.parametrize(("word", "message"), WRONG)
def test_what_names_no_document(command: str, word: str, message: str, project: World) -> None:
    os.mkfifo(project.app / "fifo")
    run = project.run(command, *([] if command in ("show", "prove") else ["-p"]), word)
    assert (run.exit, run.stdout) == (2, b"")
    assert f"Error: {message}" in run.words
    assert project.text() == BROKEN


def test_list_has_them_under_a_heading(project: World) -> None:
    lines = project.run("list").stdout.decode().split("\n")
    at = lines.index("Of this project:")
    assert lines[at - 1 : at + 3] == [
        "",
        "Of this project:",
        "ID    KIND    PACKAGE  AFFECTED  FIXED IN  TITLE",
        "seal  change  pump     *         -         The valve is not sealed",
    ]
    patches = json.loads(project.run("list", "--json").stdout)["patches"]
    assert {each["id"]: each["document"] for each in patches}["seal"] == OWN
    assert {each["id"]: each["document"] for each in patches}[ID] is None


@pytest.mark.parametrize("word", ["seal", OWN])
def test_show(word: str, project: World) -> None:
    assert project.run("show", word).stdout.decode() == SEAL


def test_show_of_a_folder_of_several(project: World) -> None:
    lay(project.app, {"patches/drip.md": SEAL})
    run = project.run("show", "patches")
    assert (run.exit, run.stdout) == (2, b"")
    assert "Error: patches has several documents: drip, seal. Name one of them." in run.words


def test_a_proof_that_is_not_there(project: World) -> None:
    run = project.run("prove", "seal")
    assert (run.exit, run.stdout.decode().split("\n")[2]) == (
        3,
        "Could not be run: the patch seal has no proof.js. It belongs into patches, beside the document.",
    )


def test_the_diff_says_nothing_of_upstream_where_nobody_has_said_it(project: World) -> None:
    diff = project.run("diff").stdout.decode()
    assert diff.split("\n")[:4] == [
        "# sio-patch seal: The valve is not sealed",
        "# So water drips.",
        "# To read more: sio-patch show seal",
        "#",
    ]


# ---------------------------------------------------------------------------- broken ones


def test_a_broken_document_is_a_wrong_call_and_nothing_is_written(project: World) -> None:
    lay(project.app, {"patches/bad.md": BAD})
    for command in ("apply", "status", "diff", "revert", "list"):
        run = project.run(command)
        assert (run.exit, run.stdout) == (2, b"")
        assert run.stderr.decode() == (
            "sio-patch: a patch document is broken: patches/bad.md:6: unknown key `pakcage`; did you mean `package`?\n"
        )
        assert project.text() == BROKEN


@pytest.mark.parametrize("word", ["bad", "patches/bad.md", "patches"])
def test_a_broken_one_that_is_named(word: str, project: World) -> None:
    lay(project.app, {"patches/bad.md": BAD})
    run = project.run("apply", "-p", word)
    assert (run.exit, project.text()) == (2, BROKEN)
    assert "patches/bad.md:6: unknown key `pakcage`" in run.words


@pytest.mark.parametrize("word", ["seal", OWN])
def test_the_others_still_work_where_they_are_named(word: str, project: World) -> None:
    lay(project.app, {"patches/bad.md": BAD})
    assert project.run("show", word).exit == 0
    assert project.run("apply", "-p", word).exit == 0
    assert project.text() == SEALED


BROKEN_PAGES = [
    ("no-utf8.md", SEAL.encode().replace(b"drips", b"dr\xffps"), 3, "this line is not UTF-8"),
    ("unclosed.md", SEAL.encode() + b"\n```js fixed\nx;\n", 15, "this code block is never closed"),
    ("shout.md", SEAL.encode().replace(b"toml patch", b"TOML patch"), 5, "unknown block `TOML patch`"),
    ("Bad Name.md", SEAL.encode(), 5, "'Bad Name' cannot be an id"),
    ("p\udcff.md", SEAL.encode(), 5, "'p\\udcff' cannot be an id"),
    ("large.md", SEAL.encode() + b"\n" * (64 << 20), 1, "the document is larger than 1 MiB"),
    ("indented.md", SEAL.encode().replace(b"```toml", b"  ```toml"), 5, "begin the `toml patch` block in the first"),
    ("pattern.md", SEAL.encode().replace(b"+seal();", b"+seal(;"), 12, "column "),
]


@pytest.mark.parametrize(("name", "data", "line", "message"), BROKEN_PAGES, ids=[each[0] for each in BROKEN_PAGES])
def test_where_a_document_is_broken(name: str, data: bytes, line: int, message: str, project: World) -> None:
    (project.app / "patches" / name).write_bytes(data)
    (project.app / "sio-patch.toml").unlink()
    run = project.run("apply")
    assert (run.exit, run.stdout, project.text()) == (2, b"", BROKEN)
    assert f".md:{line}: {message}" in run.words.replace("p\\udcff.md", "p.md")
    assert "of this installation" not in run.words
    assert project.run("apply", "-p", "seal").exit == 0


def test_a_large_page_that_is_no_document_is_passed_over(project: World) -> None:
    (project.app / "patches/large.md").write_bytes(b"# Much\n" + b"\n" * (8 << 20))
    assert project.run("apply").exit == 0


def test_a_link_to_nothing(project: World) -> None:
    (project.app / "patches/gone.md").symlink_to("nowhere.md")
    run = project.run("status")
    assert (run.exit, "patches/gone.md:1: this is a link to nothing" in run.words) == (2, True)


def test_an_id_that_the_program_has_too(project: World) -> None:
    lay(project.app, {f"patches/{ID}.md": SEAL})
    for words in (["apply"], ["apply", "-p", "seal"], ["list"], ["show", "seal"]):
        run = project.run(*words)
        assert (run.exit, project.text()) == (2, BROKEN)
        path = project.catalogue / f"sio_catalogue/{ID}/README.md"
        assert f"Error: two documents have the id `{ID}`: {path} and patches/{ID}.md." in run.words


def test_an_id_that_two_pages_have(project: World) -> None:
    lay(project.app, {"patches/seal/README.md": SEAL})
    run = project.run("status")
    assert (run.exit, run.stdout) == (2, b"")
    assert "two documents have the id `seal`: patches/seal/README.md and patches/seal.md." in run.words


def test_a_broken_one_with_json_is_one_object(project: World) -> None:
    lay(project.app, {OWN: BAD})
    value = json.loads(project.run("apply", "--json").stdout)
    assert value["results"] == []
    assert value["error"]["exit"] == 2
    assert value["error"]["message"].startswith("a patch document is broken: patches/seal.md:6: ")


# ---------------------------------------------------------------------------- which project


def test_a_package_that_is_named_belongs_to_the_project_that_has_it(project: World, tmp_path: Path) -> None:
    for path in (COPY, f"{COPY}/", "node_modules", f"{COPY}/{FILE}"):
        words = ["-p", "seal"] if path.endswith(".js") else []
        assert verdicts(project, "status", str(project.app / path), *words, cwd=tmp_path) == [("seal", "needs-patch")]
    assert verdicts(project, "status", cwd=project.app / COPY) == [("seal", "needs-patch")]
    assert verdicts(project, "status", cwd=project.app / COPY / "lib") == [("seal", "needs-patch")]


def test_documents_that_a_package_carries_are_not_the_projects(project: World) -> None:
    lay(project.app / COPY, {"patches/evil.md": SEAL, "sio-patch.toml": "nonsense"})
    assert verdicts(project, "status") == [("seal", "needs-patch")]
    assert verdicts(project, "status", COPY) == [("seal", "needs-patch")]
    assert verdicts(project, "status", cwd=project.app / COPY) == [("seal", "needs-patch")]


def test_a_member_has_its_own_and_those_of_the_root(world: World) -> None:
    lay(world.app, {"package.json": '{"workspaces": ["packages/*"]}', "patches/seal.md": SEAL})
    lay(world.app, {"packages/one/package.json": "{}", "packages/one/patches/drip.md": DRIP})
    lay(world.app, {"packages/patches/none.md": BAD, "packages/two/package.json": "{}"})
    world.install()
    assert verdicts(world, "status") == [(ID, "needs-patch"), ("seal", "needs-patch")]
    one = [(ID, "needs-patch"), ("drip", "needs-patch"), ("seal", "needs-patch")]
    assert verdicts(world, "status", cwd=world.app / "packages/one") == one
    assert verdicts(world, "status", "packages/one") == one
    assert verdicts(world, "status", "packages/two") == one[::2]
    # reached from both, the copy is asked once, for the patches of both
    assert verdicts(world, "status", "packages/two", "packages/one") == [*one[::2], one[1]]


def test_a_folder_of_a_project_has_its_documents(world: World) -> None:
    lay(world.app, {"package.json": "{}", OWN: SEAL, "src/a.js": BROKEN, "src/patches/other.md": BAD})
    assert verdicts(world, "status", "src/a.js", "-p", "seal") == [("seal", "needs-patch")]
    assert verdicts(world, "status", "a.js", "-p", "seal", cwd=world.app / "src") == [("seal", "needs-patch")]


def test_each_project_has_its_own(tmp_path: Path, world: World) -> None:
    for name, text in (("one", SEAL), ("two", DRIP)):
        lay(tmp_path / name, {"package.json": "{}", f"patches/of-{name}.md": text})
        package(tmp_path / name / COPY, {FILE: CURED}, name="pump", version="1.2.3")
    paths = [str(tmp_path / name) for name in ("one", "two")]
    assert verdicts(world, "apply", *paths) == [
        (ID, "applied"),
        ("of-one", "patched"),
        (ID, "applied"),
        ("of-two", "patched"),
    ]
    run = world.run("status", *paths, "-p", "of-two")
    assert [line.split()[-1] for line in run.words.splitlines() if line.startswith("applied")] == ["of-two"]
    assert f"No patch of that name is known at {paths[0]}, which was not looked at.\n" in run.words
    assert world.run("status", *paths, "-p", "of-three").exit == 2


def test_a_project_inside_another_is_reached_from_both(world: World) -> None:
    inner = world.app / "inner"
    lay(world.app, {"package-lock.json": "{}", OWN: SEAL})
    lay(inner, {"package.json": "{}", "package-lock.json": "{}", "patches/drip.md": DRIP})
    world.install(CURED, at=f"inner/{COPY}")
    assert verdicts(world, "status") == [(ID, "applied"), ("seal", "needs-patch")]
    assert verdicts(world, "status", "inner") == [(ID, "applied"), ("drip", "needs-patch")]
    both = [(ID, "applied"), ("seal", "needs-patch"), ("drip", "needs-patch")]
    assert verdicts(world, "status", ".", "inner") == both


def test_patches_that_is_a_link_or_a_file(world: World, tmp_path: Path) -> None:
    world.install(CURED)
    lay(tmp_path, {"shared/seal.md": SEAL})
    (world.app / "patches").symlink_to(tmp_path / "shared")
    assert verdicts(world, "status") == [(ID, "applied"), ("seal", "needs-patch")]
    (world.app / "patches").unlink()
    lay(world.app, {"patches": "a file"})
    assert verdicts(world, "status") == [(ID, "applied")]


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["fifo", "directory"])
def test_settings_that_are_no_file(make: Callable[[Path], None], world: World) -> None:
    make(world.app / "sio-patch.toml")
    run = world.run("status")
    assert (run.exit, run.stdout) == (2, b"")
    assert run.words.startswith(
        "sio-patch: the project's settings are broken: sio-patch.toml:1: this is no file, or it is larger than 1 MiB"
    )


def test_ten_thousand_files_that_are_none(project: World) -> None:
    lay(project.app, {f"patches/{number}.{end}": b"# x\n" for number in range(5000) for end in ("md", "patch")})
    start = monotonic()
    assert verdicts(project, "status") == [("seal", "needs-patch")]
    assert monotonic() - start < 20


def test_one_that_is_not_wanted_is_not_passed_over_in_silence(project: World) -> None:
    lay(project.app, {OWN: SEAL.replace('"]', '"]\ndefault = false'), "sio-patch.toml": ""})
    project.install()
    lay(project.app, {"sio-patch.toml": 'skip = ["*"]\n'})
    for command in ("status", "apply"):
        run = project.run(command)
        assert run.exit == 0
        assert "Nothing to do: no patch is wanted for what is installed here." in run.words
        assert "seal" in run.words
