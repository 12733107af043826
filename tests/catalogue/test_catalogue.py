"""Catalogues: made of folders, and of the file of heads that answers for one as long as it holds."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

import sio_catalogue
from sio_patch.documents import heads
from sio_patch.documents.catalogue import Catalogue
from sio_patch.documents.document import load
from sio_patch.documents.errors import DocumentError, SameIdError, UnknownPatchError
from sio_patch.documents.head import Head
from support.trees import lay
from support.world import CLOSE_VALVE, COUNT_STOPS, DOCUMENTS, ID, NO_TRACE

REAL = Catalogue.shipped()
README = f"{ID}/README.md"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the program takes for its own documents: three of them, with their heads."""
    folder = tmp_path / "shipped"
    lay(folder, {f"{id}/README.md": text for id, text in DOCUMENTS.items()})
    (folder / heads.FILE).write_bytes(heads.written(Catalogue.of(folder).all()))
    monkeypatch.setattr(sio_catalogue, "__path__", [str(folder)])
    return folder


def test_a_folder(folder: Path) -> None:
    lay(folder, {"notes.md": "none\n", "empty/notes.md": "none\n", "README.md": "none\n"})
    catalogue = Catalogue.of(folder)
    assert catalogue.ids == ("close-valve", "count-stops", "no-trace")
    assert catalogue.find(ID) == load(folder / README)
    assert [document.id for document in catalogue.all()] == list(catalogue.ids)
    with pytest.raises(UnknownPatchError):
        catalogue.find("zzz")


def test_a_broken_document_is_no_matter_of_the_others(folder: Path) -> None:
    lay(folder, {"no-trace/README.md": "# nothing\n"})
    catalogue = Catalogue.of(folder)
    assert catalogue.find(ID).id == ID
    with pytest.raises(DocumentError):
        catalogue.all()


def test_two_folders(tmp_path: Path) -> None:
    lay(tmp_path, {f"one/{README}": CLOSE_VALVE, "two/no-trace/README.md": NO_TRACE})
    lay(tmp_path, {"two/a-first/README.md": NO_TRACE.replace('id = "no-trace"', 'id = "a-first"')})
    both = Catalogue.of(tmp_path / "one").joined(Catalogue.of(tmp_path / "two"))
    assert both.ids == ("a-first", "close-valve", "no-trace")
    assert both.find("no-trace").path == tmp_path / "two/no-trace/README.md"


def test_an_id_that_two_folders_have(tmp_path: Path, folder: Path) -> None:
    lay(tmp_path, {f"own/{README}": CLOSE_VALVE})
    with pytest.raises(SameIdError) as caught:
        Catalogue.shipped().joined(Catalogue.of(tmp_path / "own"))
    assert str(caught.value) == (
        f"two documents have the id `{ID}`: {folder / README} and {tmp_path / 'own' / README}. "
        "Give one of them another id."
    )


def test_a_catalogue_of_one(folder: Path) -> None:
    document = load(folder / README)
    catalogue = Catalogue.only(document)
    assert (catalogue.ids, catalogue.find(ID)) == ((ID,), document)


def test_catalogues_and_documents_go_to_other_processes(folder: Path) -> None:
    document = Catalogue.shipped().find(ID)
    assert document.patches(None)
    again = pickle.loads(pickle.dumps((Catalogue.shipped(), document)))
    assert again == (Catalogue.shipped(), document)
    assert vars(again[1]) == {}
    assert again[1].page == document.page


@pytest.mark.parametrize("id", REAL.ids)
def test_the_heads_say_what_the_document_says(id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = load(REAL.paths[id])
    lay(tmp_path, {f"{id}/README.md": document.path.read_bytes()})
    (tmp_path / heads.FILE).write_bytes(heads.written([load(tmp_path / id / "README.md")]))
    monkeypatch.setattr(sio_catalogue, "__path__", [str(tmp_path)])
    catalogue = Catalogue.shipped()
    assert set(catalogue.heads) == {id}
    again = catalogue.find(id)
    assert again == document._replace(path=tmp_path / id / "README.md")
    assert [type(value) for value in again] == [type(value) for value in document]
    assert [type(row.effect) for row in again.runtimes] == [type(row.effect) for row in document.runtimes]
    assert again.page == document.page


def test_the_heads_spare_the_reading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = Catalogue.of(folder).all()
    monkeypatch.setattr(Path, "read_bytes", None)
    assert Catalogue.shipped().all() == documents


EDITED = CLOSE_VALVE.replace("<2.0.0", "<1.0.0")  # as long as it was


def newer(folder: Path) -> None:
    lay(folder, {README: EDITED})
    os.utime(folder / heads.FILE, ns=(0, (folder / README).stat().st_mtime_ns - 1))


def another_size(folder: Path) -> None:
    lay(folder, {README: EDITED + "\n"})
    os.utime(folder / README, ns=(0, 0))


def program_with_other_fields(folder: Path) -> None:
    lay(folder, {README: EDITED})
    os.utime(folder / README, ns=(0, 0))
    change(folder, lambda value: value["fields"].pop())


def change(folder: Path, how: Callable[[dict[str, list[object]]], object]) -> None:
    value = json.loads((folder / heads.FILE).read_bytes())
    how(value)
    (folder / heads.FILE).write_text(json.dumps(value))


STALE = [newer, another_size, program_with_other_fields]


@pytest.mark.parametrize("edit", STALE, ids=[edit.__name__ for edit in STALE])
def test_a_stale_file_of_heads_is_not_believed(edit: Callable[[Path], None], folder: Path) -> None:
    edit(folder)
    document = Catalogue.shipped().find(ID)
    assert document == load(folder / README)
    assert document.affected == ">=1.0.0 <1.0.0"


def test_a_document_that_the_heads_do_not_know_and_one_that_is_gone(folder: Path) -> None:
    lay(folder, {"a-new/README.md": COUNT_STOPS.replace('id = "count-stops"', 'id = "a-new"')})
    (folder / "no-trace/README.md").unlink()
    assert [document.id for document in Catalogue.shipped().all()] == ["a-new", "close-valve", "count-stops"]


BROKEN = [
    b"", b"{", b"[]", b"null", b"{}", b'{"fields": 1, "documents": 2}', b"\xff", b"[" * 100_000,
    json.dumps({"fields": Head._fields[1:], "documents": None}).encode(),
    json.dumps({"fields": Head._fields[1:], "documents": {ID: []}}).encode(),
    json.dumps({"fields": Head._fields[1:], "documents": {ID: [len(CLOSE_VALVE), 1]}}).encode(),
]  # fmt: skip


@pytest.mark.parametrize("data", BROKEN, ids=range(len(BROKEN)))
def test_a_file_of_heads_that_is_none(data: bytes, folder: Path) -> None:
    (folder / heads.FILE).write_bytes(data)
    assert Catalogue.shipped().all() == Catalogue.of(folder).all()


def test_a_document_that_changes_under_the_run(folder: Path) -> None:
    document = Catalogue.shipped().find(ID)
    lay(folder, {README: EDITED})
    with pytest.raises(DocumentError, match="has changed since this run began"):
        document.patches(None)
