"""Every document of the catalogue keeps its own promises."""

from __future__ import annotations

import pytest

from sio_patch.documents.catalogue import Catalogue
from sio_patch.documents.document import Document
from sio_patch.documents.errors import UnknownPatchError
from sio_patch.documents.page import Sample
from sio_patch.engine.outcome import Absent, Applied, Fixed, NeedsPatch, Refused
from sio_patch.engine.source import Source
from sio_patch.npm.ranges import covers, require_range
from sio_patch.run.assessed import assessed, assessed_backwards

CATALOGUE = Catalogue.shipped()
DOCUMENTS = CATALOGUE.all()
SAMPLES = [pytest.param(d, s, id=f"{d.id}:{s.line}") for d in DOCUMENTS for s in d.page.samples]
UNCHANGED = [pytest.param(d, s, id=f"{d.id}:{s.line}") for d in DOCUMENTS for s in d.page.unchanged]


def of(text: str) -> Source:
    return Source.of(text.encode())


@pytest.mark.parametrize("document", DOCUMENTS, ids=CATALOGUE.ids)
def test_a_document_is_whole(document: Document) -> None:
    assert CATALOGUE.find(document.id) == document
    assert document.page.samples, "a document shows what it does"
    assert document.page.unchanged, "and what it leaves alone"
    assert len(document.page.summary) <= 300
    assert all(reference.startswith("https://") for reference in document.references)
    require_range(document.affected)
    assert document.fixed_in is None or covers(document.affected, document.fixed_in) is False
    assert [document.patches(sample.file) for sample in document.page.samples]


@pytest.mark.parametrize(("document", "sample"), SAMPLES)
def test_a_sample_becomes_what_it_says_and_back(document: Document, sample: Sample) -> None:
    before, after = of(sample.before), of(sample.after)
    outcome = assessed(document, sample.file, before, {})
    assert isinstance(outcome, NeedsPatch), outcome
    assert outcome.after.to_bytes() == after.to_bytes()
    there = assessed(document, sample.file, after, {})
    assert isinstance(there, Applied), there
    back = assessed_backwards(document, sample.file, after, there.values)
    assert isinstance(back, NeedsPatch), back
    assert back.after.to_bytes() == before.to_bytes()


@pytest.mark.parametrize(("document", "sample"), UNCHANGED)
def test_an_example_that_is_left_alone(document: Document, sample: Sample) -> None:
    outcome = assessed(document, sample.file, of(sample.before), {})
    assert isinstance(outcome, Absent | Fixed | Refused), outcome


def test_an_unknown_id_names_the_closest() -> None:
    with pytest.raises(UnknownPatchError) as caught:
        CATALOGUE.find("req-haed-leak")
    assert str(caught.value) == (
        f"there is no patch 'req-haed-leak'; did you mean `req-head-leak`? Known: {', '.join(CATALOGUE.ids)}."
    )


def test_an_id_is_no_path() -> None:
    with pytest.raises(UnknownPatchError):
        CATALOGUE.find("../sio_catalogue/req-head-leak")
