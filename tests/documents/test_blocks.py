"""Documents about several files: which blocks are for which, and what is wrong with some."""

from __future__ import annotations

from pathlib import Path

import pytest

from sio_patch.documents.document import Blocks, Document, load
from sio_patch.documents.errors import DocumentError
from sio_patch.documents.head import Diff, Kind

HEAD = """id = "a-leak"
title = "A leak"
kind = "change"
package = "some-package"
affected = "*"
references = ["https://example.org/1"]
default = true
"""
FILES = 'files = ["lib/a.js", "lib/b.js"]\n'
ONE = "```diff lib/a.js\n keep($x);\n+drop($x);\n```\n"
OTHER = "```diff lib/*.js\n hold($x);\n+drop($x);\n```\n"
PLAIN = "```diff\n keep($x);\n+fall($x);\n```\n"
TEXT = "```diff text *.d.ts\n@@ -1,2 +1,2 @@\n keep;\n-old;\n+new;\n```\n"
FIXED = "```js fixed lib/b.js\nheld($x);\n```\n"
CURED = "```js fixed\ndropped($x);\n```\n"
SAMPLE = "```diff sample {}\n keep(1);\n+drop(1);\n```\n"


def loaded(folder: Path, *blocks: str, head: str = HEAD) -> Document:
    path = folder / "a-leak" / "README.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"# A leak\n\nWhy.\n\n```toml patch\n{head}```\n\n" + "\n".join(blocks))
    return load(path)


def test_each_diff_has_its_files(tmp_path: Path) -> None:
    document = loaded(tmp_path, ONE, OTHER, TEXT, CURED, FIXED)
    assert document.kind is Kind.CHANGE
    assert document.files == ("lib/a.js", "lib/*.js", "*.d.ts")
    assert document.diffs == (
        Diff(("lib/a.js",), " keep($x);\n+drop($x);\n", by_head=False),
        Diff(("lib/*.js",), " hold($x);\n+drop($x);\n", by_head=False),
        Diff(("*.d.ts",), "@@ -1,2 +1,2 @@\n keep;\n-old;\n+new;\n", by_head=False, raw=True),
    )
    assert document.blocks("lib/a.js") == (Blocks(0, (0,), (), ()), Blocks(1, (0,), (), ()))
    assert document.blocks("lib/b.js") == (Blocks(1, (0, 1), (), ()),)
    assert document.blocks("index.d.ts") == (Blocks(2, (), (), ()),)
    assert document.blocks("index.js") == ()
    assert [line for _, line in document.patches("lib/a.js")] == [16, 21]
    assert document.patches("lib/b.js")[0] is document.patches("lib/b.js")[0], "compiled once"


def test_files_of_the_head_and_of_a_block(tmp_path: Path) -> None:
    document = loaded(tmp_path, PLAIN, TEXT, head=HEAD + FILES)
    assert document.files == ("lib/a.js", "lib/b.js", "*.d.ts")
    assert [[each.diff for each in document.blocks(file)] for file in ("lib/b.js", "x.d.ts")] == [[0], [1]]


def test_a_file_that_the_user_names(tmp_path: Path) -> None:
    """The end of its path fits, or the patch is for the files of the head and so for any."""
    document = loaded(tmp_path, PLAIN, TEXT, ONE, head=HEAD + FILES)
    named = {"/home/lib/a.js": [0, 2], "/home/lib/b.js": [0], "/home/x.js": [0], "/home/x.d.ts": [1]}
    assert {file: [each.diff for each in document.blocks(file)] for file in named} == named
    assert loaded(tmp_path, ONE).blocks("/home/x.js") == ()


def test_files_that_both_name(tmp_path: Path) -> None:
    head = HEAD + 'files = ["lib/a.js", "lib/*.js"]\n'
    assert loaded(tmp_path, ONE, OTHER, head=head).files == ("lib/a.js", "lib/*.js")


def test_a_name_without_a_dot(tmp_path: Path) -> None:
    document = loaded(tmp_path, "```diff text ./LICENSE\n-a\n+b\n```\n")
    assert document.files == ("LICENSE",)


def test_examples_name_their_file(tmp_path: Path) -> None:
    unchanged = "```js unchanged lib/b.js\nkeep;\n```\n"
    page = loaded(tmp_path, ONE, OTHER, SAMPLE.format("lib/a.js"), unchanged).page
    assert [sample.file for sample in (*page.samples, *page.unchanged)] == ["lib/a.js", "lib/b.js"]


@pytest.mark.parametrize("blocks", [[ONE], [ONE, ONE.replace("keep", "hold")], [ONE, CURED]])
def test_where_all_files_are_treated_alike_examples_need_none(tmp_path: Path, blocks: list[str]) -> None:
    document = loaded(tmp_path, *blocks, SAMPLE.format(""))
    assert document.page.samples[0].file is None
    assert len(document.patches(None)) == sum("```diff" in block for block in blocks)


NO_FILES = "a patch of a package names its `files`, or has a GLOB behind each `diff`"
NAME_IT = (
    "not all files are treated alike here: name the file that this example stands for, behind `diff sample` or "
    "`js unchanged`; it can be lib/a.js"
)
BLOCKS = (
    "the blocks are `toml patch`, `diff`, `diff text`, `js fixed`, `js insufficient`, `js site`, `diff sample`, "
    "`js unchanged`"
)
BAD = {
    "no files": ([PLAIN], HEAD, 5, NO_FILES),
    "files of one block only": ([ONE, PLAIN], HEAD, 5, NO_FILES),
    "files that no block is for": (
        [ONE],
        HEAD + FILES,
        13,
        "`files` names lib/b.js, and no `diff` block is for it",
    ),
    "an example of no file": ([ONE, OTHER, SAMPLE.format("")], HEAD, 25, NAME_IT),
    "an example, and forms of some files": ([ONE, FIXED.replace("/b", "/a"), SAMPLE.format("")], HEAD, 24, NAME_IT),
    "an example of another file": ([ONE, SAMPLE.format("lib/c.js")], HEAD, 20, "no `diff` block is for lib/c.js"),
    "an example of several": (
        [ONE, SAMPLE.format("lib/*.js")],
        HEAD,
        20,
        "an example stands for one file: write its path for `lib/*.js`",
    ),
    "a form of another file": ([ONE, FIXED], HEAD, 20, "no `diff` block is for lib/b.js"),
    "a way out": (
        [ONE.replace("lib/a", "../a")],
        HEAD,
        15,
        "'../a.js' must be a path inside the package: `/` between the names, no `..`",
    ),
    "a misspelt kind": (
        [ONE, "```diff smaple\n keep\n```\n"],
        HEAD,
        20,
        f"unknown block `diff smaple`; {BLOCKS}; a file whose name has no dot is written `./NAME`",
    ),
    "no change": (
        [ONE, "```diff text a.txt\n keep\n```\n"],
        HEAD,
        21,
        "the diff changes nothing: begin a line with `+` or `-`",
    ),
}


@pytest.mark.parametrize(("blocks", "head", "line", "message"), BAD.values(), ids=BAD)
def test_what_is_wrong(tmp_path: Path, blocks: list[str], head: str, line: int, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        loaded(tmp_path, *blocks, head=head)
    assert (caught.value.line, caught.value.message) == (line, message)


def test_a_hunk_that_is_none_is_an_error_at_its_line(tmp_path: Path) -> None:
    document = loaded(tmp_path, TEXT.replace(" keep;\n-old;\n", ""))
    with pytest.raises(DocumentError, match=r"README\.md:17: column 1: this hunk shows nothing by which its place"):
        document.patches("x.d.ts")


def test_the_patch_of_a_document_that_has_several(tmp_path: Path) -> None:
    document = loaded(tmp_path, ONE)
    assert document.semantic is document.patches("lib/a.js")[0].patch
    with pytest.raises(DocumentError, match="the document has other diffs than one"):
        _ = loaded(tmp_path, ONE, OTHER).semantic
