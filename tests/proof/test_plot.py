"""Graphs of made-up runs: that they are written, the same each time, and what is drawn."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proof.fakes import a_run, matplotlib
from sio_patch.proof import plot
from sio_patch.proof.refused import Refused
from sio_patch.proof.report import Conclusion, Health, ProofReport, Run
from sio_patch.proof.transcript import Reading
from sio_patch.verdict import CallError


def straight(slope: float, *names: str) -> list[Reading]:
    return [Reading(name, x, 20 + (slope * x if name == "both" else 0)) for name in names for x in range(9)]


def report(published: Run | None = None, patched: Run | None = None) -> ProofReport:
    before = published or a_run(Health.DEFECTIVE, readings=straight(10, "uploads", "WebSockets", "both"))
    after = patched or a_run(Health.HEALTHY, readings=straight(0.1, "uploads", "WebSockets", "both"))
    return ProofReport("a-leak", "pump", "1.9.0", "0.8.21", "Linux", before, after, Conclusion.PROVEN, "Proven.")


def test_an_svg(tmp_path: Path) -> None:
    matplotlib()
    plot.draw(report(), tmp_path / "a.svg")
    plot.draw(report(), tmp_path / "b.svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    assert root.tag.endswith("svg")
    words = re.findall(r"<!-- (.*?) -->", (tmp_path / "a.svg").read_text("utf-8"))
    assert "pump 1.9.0 on Node 0.8.21, without and with a-leak" in words


def test_a_png(tmp_path: Path) -> None:
    matplotlib()
    plot.draw(report(), tmp_path / "a.png")
    data = (tmp_path / "a.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert int.from_bytes(data[16:20]) == 1600  # twice what a page shows, for screens that can


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_a_plot_of_one_point_in_one_run(suffix: str, tmp_path: Path) -> None:
    matplotlib()
    lone = a_run(Health.DEFECTIVE, readings=[Reading("both", 0, 0)])
    plot.draw(report(lone, a_run(Health.UNCLEAR)), tmp_path / f"a.{suffix}")
    assert (tmp_path / f"a.{suffix}").stat().st_size > 1000


def test_what_is_drawn() -> None:
    found = report()
    assert found.published is not None
    drawn = plot.lines(found.published, found.patched)
    assert [(line.label, line.bold) for line in drawn] == [
        ("uploads,\nas published", False),
        ("WebSockets,\nas published", False),
        ("both,\nas published", True),
        ("both,\nwith the patch", True),
    ]
    assert len({line.colour for line in drawn}) == 4
    assert drawn[2].points[8] == (8, 100)


def test_without_a_second_run() -> None:
    found = report()
    assert found.published is not None
    assert len(plot.lines(found.published, None)) == 3


def test_the_extra_is_named_where_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Refused, match=re.escape("pip install 'sio-patch[plot]'")):
        plot.require(tmp_path / "a.svg")


@pytest.mark.parametrize("name", ["a.pdf", "a", ".svg", "a.SVG", "none/a.svg"])
def test_names_that_cannot_be(name: str, tmp_path: Path) -> None:
    with pytest.raises(CallError, match="--plot"):
        plot.require(tmp_path / name)


@given(st.lists(st.floats(0, 1000), max_size=8).map(sorted), st.floats(0.1, 100))
def test_labels_keep_apart(wanted: list[float], gap: float) -> None:
    places = plot.apart(wanted, gap, 0)
    assert len(places) == len(wanted)
    assert all(place >= gap / 2 - 1e-6 for place in places)
    assert all(second - first >= gap - 1e-6 for first, second in pairwise(places))


@given(st.lists(st.integers(1, 50), max_size=8, unique=True).map(sorted))
def test_labels_that_have_room_stay(wanted: list[int]) -> None:
    places = [float(place * 10) for place in wanted]
    assert plot.apart(places, 10, 0) == pytest.approx(places)
