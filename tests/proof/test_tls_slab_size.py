"""The proof of tls-slab-size on real Nodes: what it changes on 0.10, and that on 0.8 it changes nothing."""

from __future__ import annotations

import pytest

from sio_patch.documents.catalogue import Catalogue
from sio_patch.proof.prove import Wish, prove
from sio_patch.proof.report import Conclusion
from support.ground import Unavailable

pytestmark = [pytest.mark.xdist_group("real-proofs"), pytest.mark.usefixtures("real_ground")]


@pytest.mark.parametrize(
    ("node", "conclusion", "words"),
    [
        ("0.10.48", Conclusion.PROVEN, "with the patch it is gone"),
        ("0.8.21", Conclusion.NO_EFFECT, "the 10 MiB stand in Node's source"),
    ],
)
def test_what_it_does_on(node: str, conclusion: Conclusion, words: str) -> None:
    report = prove(Catalogue.shipped().find("tls-slab-size"), Wish(node=node, rounds=8))
    if report.conclusion is Conclusion.REFUSED:  # no registry, or no such Node for this machine
        raise Unavailable(report.sentence)
    assert report.conclusion is conclusion, report.sentence
    assert words in report.sentence
