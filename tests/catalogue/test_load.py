"""Reading patch documents: what a good one gives, and where each bad one is wrong."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from sio_patch.documents.document import Document, load
from sio_patch.documents.errors import DocumentError
from sio_patch.documents.head import Diff, Kind, Target
from sio_patch.documents.page import Page, Part, Sample
from sio_patch.documents.params import Parameter, ParameterType
from sio_patch.engine.language.block import Block
from sio_patch.engine.language.options import Equivalence, Matches, Scope

HEAD = """id = "a-leak"
title = "A leak"
kind = "defect"
package = "some-package"
affected = ">=1.0.0 <1.4.0"
fixed-in = "1.4.0"
files = ["lib/*.js"]
references = ["https://example.org/1"]
default = true
"""
DIFF = """ keep($x);
+drop($x);
"""
PAGE = """# A page

The first paragraph
says why.

A second one.

```toml patch
{head}```

```diff
{diff}```
{more}"""


def page(*, head: str = HEAD, diff: str = DIFF, more: str = "") -> str:
    return PAGE.format(head=head, diff=diff, more=more)


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "a-leak" / "README.md"
    path.parent.mkdir()
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def loaded(folder: Path, text: str | bytes) -> Document:
    return load(written(folder, text))


def test_everything_that_a_document_says(tmp_path: Path) -> None:
    more = """
```js fixed
keep($x);
dropped($x);
```

~~~~js fixed
gone($x)
~~~~

```diff sample
 keep(1); // `one`

-old(1);
+drop(1);
\\ No newline at end of file
```

```js unchanged
keep;
```

```console
$ for readers only
```
"""
    head = HEAD + (
        'retainer = "X.y"\nequivalent = ["yoda", "function-forms"]\nmatches = "all"\n'
        '[params.limit]\ntype = "bytes"\ndefault = "1k"\nminimum = "1"\nmaximum = "1m"\n'
    )
    text = page(head=head, more=more)
    document = loaded(tmp_path, text)
    assert document == Document(
        path=tmp_path / "a-leak" / "README.md",
        digest=sha256(text.encode()).hexdigest(),
        id="a-leak",
        title="A leak",
        kind=Kind.DEFECT,
        package="some-package",
        affected=">=1.0.0 <1.4.0",
        fixed_in="1.4.0",
        files=("lib/*.js",),
        references=("https://example.org/1",),
        default=True,
        retainer="X.y",
        params={"limit": Parameter("limit", ParameterType.BYTES, 1024, 1, 1024 * 1024)},
        runtimes=(),
        proof={},
        target=Target.PACKAGE,
        scope=Scope.ANYWHERE,
        insufficient_because="",
        diffs=(Diff(("lib/*.js",), DIFF),),
        equivalent=(Equivalence.YODA, Equivalence.FUNCTION_FORMS),
        matches=Matches.ALL,
    )
    assert document.page == Page(
        text=text,
        diffs=(Part(Block(DIFF, 29)),),
        fixed=(Part(Block("keep($x);\ndropped($x);\n", 34)), Part(Block("gone($x)\n", 39))),
        insufficient=(),
        sites=(),
        samples=(Sample("keep(1); // `one`\n\nold(1);\n", "keep(1); // `one`\n\ndrop(1);", 43),),
        unchanged=(Sample("keep;\n", "keep;\n", 51),),
    )
    assert document.page.summary == "The first paragraph says why."


def test_what_is_left_out(tmp_path: Path) -> None:
    document = loaded(tmp_path, page(head=HEAD.replace('fixed-in = "1.4.0"\n', "")))
    assert document.fixed_in is None
    assert document.retainer is None
    assert document.params == {}
    assert document.equivalent == ()
    assert document.matches == "one"
    assert document.page.fixed == ()
    assert document.page.samples == document.page.unchanged == ()


def test_a_checkout_with_carriage_returns_reads_the_same(tmp_path: Path) -> None:
    data = page().replace("\n", "\r\n").encode()
    document = loaded(tmp_path, data)
    assert document.page.diffs[0].block.text == DIFF
    assert document.digest == sha256(data).hexdigest()


LINE_OF_HEAD = 9

KINDS = "defect, security, mitigation, change"
BAD_HEADS = [
    ("an unknown key", HEAD + 'fixd-in = "2"\n', 9, "unknown key `fixd-in`; did you mean `fixed-in`?"),
    ("a far-off key", HEAD + "zzz = 1\n", 9, "unknown key `zzz`."),
    ("a missing key", HEAD.replace("default = true\n", ""), -1, "the key `default` is missing; add it"),
    ("a number for a text", HEAD.replace('"A leak"', "7"), 1, "`title` must be one line of text in quotes"),
    ("an empty text", HEAD.replace('"A leak"', '" "'), 1, "`title` must be one line of text in quotes"),
    ("two lines of text", HEAD.replace('"A leak"', '"a\\nb"'), 1, "`title` must be one line of text in quotes"),
    (
        "a text for a list",
        HEAD.replace('["lib/*.js"]', '"x"'),
        6,
        '`files` must be a list of texts, such as ["one", "two"]',
    ),
    ("an empty list", HEAD.replace('["lib/*.js"]', "[]"), 6, '`files` must be a list of texts, such as ["one", "two"]'),
    (
        "a list of numbers",
        HEAD.replace('["lib/*.js"]', "[1]"),
        6,
        '`files` must be a list of texts, such as ["one", "two"]',
    ),
    (
        "a way out",
        HEAD.replace("lib/*", "../x"),
        6,
        "'../x.js' must be a path inside the package: `/` between the names, no `..`",
    ),
    (
        "an absolute path",
        HEAD.replace("lib/*", "/x"),
        6,
        "'/x.js' must be a path inside the package: `/` between the names, no `..`",
    ),
    ("a text for a switch", HEAD.replace("true", '"yes"'), 8, "`default` must be true or false"),
    (
        "an unknown kind",
        HEAD.replace('"defect"', '"bug"'),
        2,
        f"`kind` must be one of {KINDS}",
    ),
    (
        "a list for a kind",
        HEAD.replace('"defect"', "[]"),
        2,
        f"`kind` must be one of {KINDS}",
    ),
    (
        "an unknown equivalence",
        HEAD + 'equivalent = ["function-form"]\n',
        9,
        "`equivalent` must be a list of some of function-forms, declaration-kinds, yoda",
    ),
    (
        "a text for equivalences",
        HEAD + 'equivalent = "yoda"\n',
        9,
        "`equivalent` must be a list of some of function-forms, declaration-kinds, yoda",
    ),
    ("unknown matches", HEAD + 'matches = "some"\n', 9, "`matches` must be one of one, all"),
    (
        "a parameter without a text",
        HEAD + "[params]\nlimit = 5\n",
        9,
        "[params.limit] must have exactly type, default, minimum, maximum",
    ),
    (
        "an id with capitals",
        HEAD.replace('"a-leak"', '"A-leak"'),
        0,
        "`id` must be lower-case words with hyphens between them",
    ),
    (
        "an id of another folder",
        HEAD.replace('"a-leak"', '"b-leak"'),
        0,
        "`id` is 'b-leak', but the folder is 'a-leak'; they must be the same",
    ),
    ("no package's name", HEAD.replace("some-package", "../x"), 3, "`package` must be an npm package's name"),
    ("no TOML", HEAD + "what?\n", 9, None),
]


@pytest.mark.parametrize(
    ("head", "offset", "message"), [case[1:] for case in BAD_HEADS], ids=[case[0] for case in BAD_HEADS]
)
def test_a_bad_head(tmp_path: Path, head: str, offset: int, message: str | None) -> None:
    with pytest.raises(DocumentError) as caught:
        loaded(tmp_path, page(head=head))
    assert caught.value.path == tmp_path / "a-leak" / "README.md"
    assert caught.value.line == LINE_OF_HEAD + offset
    if message is not None:
        assert caught.value.message == message
    assert str(caught.value).startswith(f"{caught.value.path}:{caught.value.line}: ")


SECOND = f"\n```diff\n{DIFF}```\n"
BAD_PAGES = [
    ("no diff", page().replace("```diff\n", "```text\n"), 1, "there is no `diff` block"),
    ("two diffs", page(more=SECOND), 25, "this diff stands in the document twice"),
    ("no head", page().replace("```toml patch\n", "```text\n"), 1, "there is no `toml patch` block"),
    ("a diff that changes nothing", page(diff=" keep;\n"), 21, "the diff changes nothing"),
    ("an empty block", page(more="\n```js fixed\n\n```\n"), 25, "the `js fixed` block is empty"),
    ("an unclosed block", page(more="\n```js fixed\nkeep\n"), 25, "this code block is never closed"),
    ("a misspelt block", page(more="\n```js fixd\nkeep\n```\n"), 25, "unknown block `js fixd`"),
    ("a block in capitals", page(more="\n```JS fixed\nkeep\n```\n"), 25, "unknown block `JS fixed`"),
    (
        "an indented block",
        page(more="\n  ```js fixed\n  keep\n  ```\n"),
        25,
        "begin the `js fixed` block in the first column",
    ),
    ("a sample without a marker", page(more="\n```diff sample\n keep\ndrop\n```\n"), 27, "a line of a sample begins"),
    (
        "a sample that begins with a note",
        page(more="\n```diff sample\n\\ No newline\n```\n"),
        26,
        "a line of a sample begins",
    ),
    ("a sample without a change", page(more="\n```diff sample\n keep\n```\n"), 26, "this sample changes nothing"),
    ("bytes that are no UTF-8", page().encode().replace(b"second", b"sec\xffnd"), 6, "this line is not UTF-8"),
]


@pytest.mark.parametrize(
    ("text", "line", "message"), [case[1:] for case in BAD_PAGES], ids=[case[0] for case in BAD_PAGES]
)
def test_a_bad_page(tmp_path: Path, text: str | bytes, line: int, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        loaded(tmp_path, text)
    assert (caught.value.line, caught.value.message[: len(message)]) == (line, message)


def test_a_block_of_another_language_is_for_readers(tmp_path: Path) -> None:
    more = "\n```js\nx\n```\n\n```diff-like\nx\n```\n\n````markdown\n```diff\n+x\n```\n````\n\n    ```js fixed\n"
    assert loaded(tmp_path, page(more=more)).page.fixed == ()


def test_a_document_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "README.md")


@pytest.mark.parametrize(
    ("version", "inside"),
    [
        ("1.0.0", True),
        ("1.3.9", True),
        ("1.4.0", False),
        ("0.9.9", False),
        ("1.1.0-rc.1", True),
        (None, None),
        ("x", None),
    ],
)
def test_the_affected_range(tmp_path: Path, version: str | None, inside: bool | None) -> None:
    assert loaded(tmp_path, page()).covers(version) is inside


def test_a_range_that_is_none(tmp_path: Path) -> None:
    document = loaded(tmp_path, page(head=HEAD.replace(">=1.0.0 <1.4.0", ">=banana")))
    with pytest.raises(DocumentError, match="'>=banana' is not an npm version range"):
        document.covers("1.0.0")


@pytest.mark.parametrize("info", ["js fixed", "js insufficient", "js site"])
def test_a_form_that_is_not_in_the_language_is_an_error_at_its_line(tmp_path: Path, info: str) -> None:
    head = HEAD + 'insufficient-because = "it is not"\n'
    document = loaded(tmp_path, page(head=head, more=f"\n```{info}\nkeep($x);\nkeep(;\n```\n"))
    with pytest.raises(DocumentError, match=r"README\.md:28: column 6: this slice is not JavaScript"):
        document.patches(None)


def test_a_diff_that_is_not_in_the_language_is_an_error_of_the_document(tmp_path: Path) -> None:
    document = loaded(tmp_path, page(diff=" keep(;\n+drop();\n"))
    with pytest.raises(DocumentError, match=r"README\.md:21: column"):
        document.patches(None)
