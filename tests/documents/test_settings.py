"""What sio-patch.toml may say, and where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from sio_patch.documents.catalogue import Catalogue
from sio_patch.documents.document import read as document
from sio_patch.documents.errors import DocumentError, SettingsError
from sio_patch.documents.known import Wishes, known_at
from sio_patch.documents.settings import FILE, Settings, read
from support.trees import lay

PAGE = '```toml patch\npackage = "pump"\nfiles = ["x.js"]\n{}```\n\n```diff\n x;\n+y({});\n```\n'
SIZED = PAGE.format('[params.size]\ntype = "bytes"\ndefault = "1k"\nminimum = "1"\nmaximum = "1m"\n', "$size")
PLAIN = PAGE.format("", "")


def said(folder: Path, text: str | bytes) -> Settings:
    lay(folder, {FILE: text, "a.diff": ""})
    return read(folder / FILE)


def catalogue() -> Catalogue:
    texts = {
        "fix": PLAIN,
        "sized": SIZED,
        "safe": PAGE.format('kind = "security"\n', ""),
        "wish": PAGE.format("default = false\n", "").replace("pump", "ws"),
    }
    heads = {id: document(Path(f"{id}.md"), text.encode(), own=True) for id, text in sorted(texts.items())}
    return Catalogue({id: each.path for id, each in heads.items()}, heads)


def test_everything(tmp_path: Path) -> None:
    text = (
        'documents = ["patches", "../shared"]\nuse = ["fix", "*"]\nskip = ["kind:security"]\n\n'
        '[set.sized]\nsize = 65536\n[set.other]\nsize = "64k"\n[reviewed]\nfix = "a.diff"\n'
    )
    lay(tmp_path, {"shared/x": "", "app/patches/x": ""})
    app = tmp_path / "app"
    assert said(app, text) == Settings(
        path=app / FILE,
        text=text,
        folders=(app / "patches", app / "../shared"),
        use=("fix", "*"),
        skip=("kind:security",),
        set={"sized": {"size": "65536"}, "other": {"size": "64k"}},
        reviewed={"fix": app / "a.diff"},
    )


@pytest.mark.parametrize("text", [b"", b"\xef\xbb\xbf", b"# nothing\r\n", b'\xef\xbb\xbfskip = ["fix"]\r\n'])
def test_nothing_or_a_byte_order_mark_or_carriage_returns(text: bytes, tmp_path: Path) -> None:
    settings = said(tmp_path, text)
    assert (settings.folders, settings.use, settings.set) == (None, None, {})
    assert settings.skip == (("fix",) if b"fix" in text else ())


WANTED = [
    ("", {"fix", "safe", "sized"}),
    ('use = ["*"]', {"fix", "safe", "sized", "wish"}),
    ("use = []", set()),
    ('use = ["wish"]', {"wish"}),
    ('use = ["kind:security"]', {"safe"}),
    ('use = ["package:ws", "fix"]', {"wish", "fix"}),
    ('use = ["package:none"]', set()),
    ('skip = ["fix"]', {"safe", "sized"}),
    ('skip = ["*"]', set()),
    ('use = ["*"]\nskip = ["kind:change"]', {"safe"}),
    ('use = ["fix"]\nskip = ["fix"]', set()),
]


@pytest.mark.parametrize(("text", "ids"), WANTED)
def test_what_is_wanted(text: str, ids: set[str], tmp_path: Path) -> None:
    wishes = Wishes((said(tmp_path, text),))
    assert {each.id for each in catalogue().all() if wishes.wants(each)} == ids


def test_the_nearest_file_that_chooses_has_the_say(tmp_path: Path) -> None:
    near, far = (
        said(tmp_path / "a", "[set.sized]\nsize = 1\n"),
        said(tmp_path / "b", 'use = ["wish"]\n[set.sized]\nsize = 2\n'),
    )
    assert [each.id for each in catalogue().all() if Wishes((near, far)).wants(each)] == ["wish"]
    assert Wishes((near, far)).settings_of("sized") == {"size": "1"}
    assert Wishes((far, near)).settings_of("sized") == {"size": "2"}
    nearer = said(tmp_path / "c", 'use = ["fix"]\n')
    assert [each.id for each in catalogue().all() if Wishes((nearer, far)).wants(each)] == ["fix"]


BAD = [
    (b"uses = []\n", 1, "unknown key `uses`; did you mean `use`? The keys are documents, use, skip, set, reviewed."),
    (b'# use\n\nuse = "fix"\n', 3, '`use` must be a list of texts, such as ["one", "two"]'),
    (b"skip = [1]\n", 1, '`skip` must be a list of texts, such as ["one", "two"]'),
    (b'use = [\n  "fix",\n  "kind:bug",\n]\n', 3, "'kind:bug' names no patches; write an id, "),
    (b'use = ["package:"]\n', 1, "'package:' names no patches"),
    (b'use = ["what:ever"]\n', 1, "'what:ever' names no patches"),
    (
        b'documents = ["a",\n "nowhere"]\n',
        2,
        "the folder 'nowhere' is not there; make it, or take it out",
    ),
    (b'documents = ["a.diff"]\n', 1, "the folder 'a.diff' is no folder"),
    (b"set = 1\n", 1, "`set` must be a table"),
    (b"[set]\nsized = 1\n", 2, "`set.sized` must be a table of parameters"),
    (b"[set.sized]\n\nsize = true\n", 3, '`size` must be a whole number, or a text such as "64k"'),
    (b"[set.sized]\nsize = 1.5\n", 2, "`size` must be a whole number"),
    (b"reviewed = []\n", 1, "`reviewed` must be a table"),
    (b"[reviewed]\nfix = 1\n", 2, "`fix` must be the path of a reviewed diff, in quotes"),
    (b'[reviewed]\nfix = "b.diff"\n', 2, "there is no diff 'b.diff'; make it with: sio-patch diff -p fix -o b.diff"),
    (b"use = [\n", 1, "this is not TOML: "),
    (b"\n\nuse = what\n", 3, "this is not TOML: "),
    (b"# \xff\n", 1, "this line is not UTF-8; save the file as UTF-8"),
    (b"\n# \xff\n", 2, "this line is not UTF-8; save the file as UTF-8"),
    (b"#" * ((1 << 20) + 1), 1, "this is no file, or it is larger than 1 MiB"),
    (b"use = " + b"[" * 100_000, 1, "this is nested too deeply"),
]


@pytest.mark.parametrize(("text", "line", "message"), BAD, ids=[each[2][:30] for each in BAD])
def test_a_file_that_is_wrong(text: bytes, line: int, message: str, tmp_path: Path) -> None:
    lay(tmp_path, {"a/x": ""})
    with pytest.raises(SettingsError) as caught:
        said(tmp_path, text)
    assert (caught.value.path, caught.value.line) == (tmp_path / FILE, line)
    assert caught.value.message.startswith(message)


UNKNOWN = [
    ('use = ["fix",\n"fxi"]\n', 2, "there is no patch 'fxi'; did you mean `fix`? Known: fix, safe, sized, wish."),
    ('skip = ["zzz"]\n', 1, "there is no patch 'zzz'. Known: fix, safe, sized, wish."),
    ('use = ["package:wss"]\n', 1, "no patch is about 'wss'"),
    ("[set.zzz]\n", 1, "there is no patch 'zzz'."),
    ('[reviewed]\nzzz = "a.diff"\n', 2, "there is no patch 'zzz'."),
    ("[set.fix]\nsize = 1\n", 2, "fix has no parameter 'size'. It has: none."),
    ("[set.sized]\nsise = 1\n", 2, "sized has no parameter 'sise'. It has: size."),
    ('[set.sized]\nsize = "2m"\n', 2, "size=2m is not a size from 1 bytes to 1 MiB."),
]


@pytest.mark.parametrize(("text", "line", "message"), UNKNOWN)
def test_what_the_catalogue_does_not_have(text: str, line: int, message: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        said(tmp_path, text).check(catalogue())
    assert (caught.value.line, caught.value.message[: len(message)]) == (line, message)


def test_a_broken_document_can_be_spoken_of(tmp_path: Path) -> None:
    broken: dict[str, Exception] = {"bad": DocumentError(Path("bad.md"), 1, "bad")}
    said(tmp_path, 'use = ["bad"]\n[set.bad]\nx = 1\n').check(Catalogue({"bad": Path("bad.md")}, {}, broken))


def test_the_folders_that_it_names_are_in_place_of_the_usual_one(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {"app/patches/usual.md": PLAIN, "app/mine/one.md": PLAIN, "shared/two.md": PLAIN, "app/package.json": "{}"},
    )
    app = tmp_path / "app"
    assert known_at(app).own == ("usual",)
    lay(app, {FILE: 'documents = ["mine", "../shared"]\n'})
    assert known_at(app).own == ("one", "two")
    assert known_at(app).catalogue.find("two").path == app / "../shared/two.md"
    lay(app, {FILE: "documents = []\n"})
    assert known_at(app).own == ()
