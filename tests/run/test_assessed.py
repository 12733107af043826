"""One answer for one document and one text, however many copies hold it; and how often a file is parsed for it."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from sio_patch.documents.catalogue import Catalogue
from sio_patch.documents.document import Document, load
from sio_patch.engine.outcome import Absent, Applied, NeedsPatch, Refused
from sio_patch.engine.source import Source
from sio_patch.engine.tree import parse as parser
from sio_patch.project.layout import Copy
from sio_patch.run import assessed as room
from sio_patch.run.assessed import assessed
from sio_patch.run.examine import examine_backwards
from sio_patch.run.installed_copy import plan_apply
from sio_patch.run.plan import Selection
from sio_patch.verdict import Reason, Verdict
from support.trees import package
from support.world import BROKEN, CLOSE_VALVE, COUNT_STOPS, CURED, FILE, OTHER

FILLER = b"function other (a, b) {\n  return a + b * 2;\n}\n" * 40


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return written(tmp_path, "close-valve", CLOSE_VALVE)


def written(folder: Path, id: str, text: str) -> Document:
    path = folder / "documents" / id / "README.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return load(path)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How much code each parse got to see, in code points other than blanks."""
    seen: list[int] = []
    original = parser._raw_tree

    def counting(source: Source, text: str, goals: object) -> object:
        seen.append(len("".join(text.split())))
        return original(source, text, goals)  # type: ignore[arg-type]

    monkeypatch.setattr(parser, "_raw_tree", counting)
    room._remembered.cache_clear()
    yield seen
    room._remembered.cache_clear()


def code(data: bytes) -> int:
    return len(b"".join(data.split()))


def test_undoing_without_a_receipt_parses_the_file_twice(document: Document, parsed: list[int]) -> None:
    """As it is, and as it would be left; what else is parsed is the statements that were edited, and the document."""
    source = Source.of(FILLER + CURED + FILLER)
    document.patches(FILE)  # compiled before anything is counted
    parsed.clear()
    found = examine_backwards(document, FILE, source, {})
    assert found.verdict is Verdict.REVERTED
    assert found.after == Source.of(FILLER + BROKEN + FILLER)
    whole = [size for size in parsed if size > code(FILLER)]
    assert len(whole) == 2
    assert sum(parsed) < 2.5 * code(FILLER + CURED + FILLER)


def test_equal_copies_are_parsed_once(tmp_path: Path, document: Document, parsed: list[int]) -> None:
    other = written(tmp_path, "count-stops", COUNT_STOPS)
    catalogue = Catalogue.only(document).joined(Catalogue.only(other))
    selection = Selection(catalogue, (document, other), (document.id, other.id), {})
    plans = []
    for number in range(20):
        path = package(tmp_path / str(number), {FILE: FILLER + BROKEN}, name="pump", version=f"1.2.{number}")
        plans.append(plan_apply(Copy(path, "pump", f"1.2.{number}", (), None, str(path)), selection))
        if not number:
            once = len(parsed)
    assert once > 0
    assert len(parsed) == once
    assert {row.version for plan in plans for row in plan.rows} == {f"1.2.{number}" for number in range(20)}
    assert {plan.rewrites for plan in plans} == {plans[0].rewrites}
    assert {row.verdict for plan in plans for row in plan.rows} == {Verdict.NEEDS_PATCH}


def test_equal_code_in_versions_inside_and_outside_the_range(tmp_path: Path, document: Document) -> None:
    """The answer is remembered, what is said about the version is not."""
    notes = []
    selection = Selection(Catalogue.only(document), (document,), (document.id,), {})
    for version in ("1.2.3", "3.0.0", "1.2.4"):
        path = package(tmp_path / version, {FILE: BROKEN}, name="pump", version=version)
        (row,) = plan_apply(Copy(path, "pump", version, (), None, str(path)), selection).rows
        notes.append(row.note)
    assert notes[0] == notes[2] is None
    assert notes[1] == "Version 3.0.0 is outside the affected range >=1.0.0 <2.0.0, but the defect is in the code."


def test_another_edition_of_a_document_is_asked_anew(tmp_path: Path, document: Document) -> None:
    source = Source.of(BROKEN)
    before = assessed(document, FILE, source, {})
    after = assessed(written(tmp_path, document.id, CLOSE_VALVE.replace("close()", "seal()")), FILE, source, {})
    assert isinstance(before, NeedsPatch)
    assert isinstance(after, NeedsPatch)
    assert (b"close" in before.after.to_bytes(), b"seal" in after.after.to_bytes()) == (True, True)


@pytest.mark.parametrize(
    ("data", "kind"), [(BROKEN, NeedsPatch), (CURED, Applied), (OTHER, Absent), (b"function (", Absent)], ids=repr
)
def test_outcomes_are_values(document: Document, data: bytes, kind: type[object]) -> None:
    found = assessed(document, FILE, Source.of(data), {})
    assert type(found) is kind
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize(
    "data",
    [
        BROKEN.decode().encode("utf-16"),
        b"\xfe\xff" + BROKEN.decode().encode("utf-16-be"),
        BROKEN.decode().encode("utf-16-le"),
        BROKEN.decode().encode("utf-16-be"),
    ],
    ids=["little-endian with a mark", "big-endian with a mark", "little-endian", "big-endian"],
)
def test_utf_16_is_told(document: Document, data: bytes) -> None:
    message = "this is UTF-16, which no Node reads. Save it as UTF-8"
    assert assessed(document, FILE, Source.of(data), {}) == Refused(Reason.UNPARSEABLE, message, None)
