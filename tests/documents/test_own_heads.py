"""What a document of a project's own may leave out, and what it gets instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from sio_patch.documents.document import Document, read
from sio_patch.documents.errors import DocumentError
from sio_patch.documents.head import Kind

DIFF = "```diff\n keep($x);\n+drop($x);\n```\n"
HEAD = '```toml patch\npackage = "pump"\nfiles = ["index.js"]\n{more}```\n\n'


def own(path: str, text: str) -> Document:
    return read(Path(path), text.encode(), own=True)


def test_a_document_that_says_no_more_than_it_must() -> None:
    document = own("/app/patches/my-fix.md", "# My *fix*\n\nWhy it is.\n\n" + HEAD.format(more="") + DIFF)
    assert document._replace(digest="", diffs=()) == Document(
        path=Path("/app/patches/my-fix.md"),
        digest="",
        id="my-fix",
        title="My *fix*",
        kind=Kind.CHANGE,
        package="pump",
        affected="*",
        fixed_in=None,
        target=document.target,
        files=("index.js",),
        references=(),
        default=True,
        retainer=None,
        params={},
        runtimes=(),
        proof={},
        equivalent=(),
        matches=document.matches,
        scope=document.scope,
        insufficient_because="",
        diffs=(),
    )
    assert document.page.summary == "Why it is."


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0-rc.1", "not one", None])
def test_every_version_is_affected_where_nothing_is_said(version: str | None) -> None:
    assert own("a.md", HEAD.format(more="") + DIFF).covers(version) is True


@pytest.mark.parametrize(
    ("path", "id"),
    [
        ("patches/my-fix.md", "my-fix"),
        ("patches/my-fix/README.md", "my-fix"),
        ("patches/socket.io_1.md", "socket.io_1"),
        ("my.md.md", "my.md"),
    ],
)
def test_the_id_is_the_name(path: str, id: str) -> None:
    text = HEAD.format(more="") + DIFF
    assert own(path, text).id == id
    assert own(path, text.replace("```toml patch\n", f'```toml patch\nid = "{id}"\n')).id == id


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# One\n\n# Two\n", "One"),
        ("\ufeff# One\n", "One"),
        ("# One #\r\n", "One"),
        ("## Deeper\n", "my-fix"),
        ("```sh\n# a comment\n```\n\n# One\n", "One"),
        ("```sh\n# a comment\n```\n", "my-fix"),
        ("#One\n", "my-fix"),
    ],
)
def test_the_title_is_the_heading_and_else_the_id(text: str, title: str) -> None:
    assert own("my-fix.md", text + "\n" + HEAD.format(more="") + DIFF).title == title


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("# A\n\nIt is\nso.\n\nMore.\n\n", "It is so."),
        ("# A\n\n", ""),
        ("", ""),
        ("Before.\n\n# A\n\nAfter.\n\n", "Before."),
        ("# A\nDirectly.\n\n", "Directly."),
    ],
)
def test_the_first_paragraph_is_none_of_the_blocks(text: str, summary: str) -> None:
    assert own("my-fix.md", text + HEAD.format(more="") + DIFF).page.summary == summary


BAD = [
    ("My Fix.md", "", 1, "'My Fix' cannot be an id; rename the file"),
    ("README.md/../my-Fix/README.md", "", 1, "'my-Fix' cannot be an id"),
    ("-p.md", "", 1, "'-p' cannot be an id"),
    (f"{'a' * 101}.md", "", 1, f"'{'a' * 101}' cannot be an id"),
    ("my-fix.md", 'id = "other"\n', 4, "`id` is 'other', but the file is 'my-fix'; they must be the same"),
    ("my-fix/README.md", 'id = "other"\n', 4, "`id` is 'other', but the folder is 'my-fix'; they must be the same"),
    ("my-fix.md", "references = []\n", 4, "`references` must be a list of texts"),
    ("my-fix.md", 'kind = "wish"\n', 4, "`kind` must be one of defect, security, mitigation, change"),
    ("my-fix.md", "defualt = false\n", 4, "unknown key `defualt`; did you mean `default`?"),
]


@pytest.mark.parametrize(("path", "more", "line", "message"), BAD)
def test_what_is_said_is_held_to_the_rules_all_the_same(path: str, more: str, line: int, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        own(path, HEAD.format(more=more) + DIFF)
    assert (caught.value.line, caught.value.message[: len(message)]) == (line, message)


@pytest.mark.parametrize("missing", ["package", "files"])
def test_what_it_must_say(missing: str) -> None:
    text = "".join(line for line in HEAD.format(more="").splitlines(keepends=True) if not line.startswith(missing))
    with pytest.raises(DocumentError, match=f"`{missing}`"):
        own("my-fix.md", text + DIFF)


def test_a_document_of_a_catalogue_must_say_all() -> None:
    with pytest.raises(DocumentError, match="the key `id` is missing"):
        read(Path("my-fix/README.md"), (HEAD.format(more="") + DIFF).encode())
