"""Edits: none can be made with an overlap, they come undone, and one set after another is one set."""

from __future__ import annotations

import copy
import itertools
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sio_patch.engine.edits import Edit, Edits

Triple = tuple[int, int, str]


def edits(*items: Triple) -> Edits:
    return Edits.of(Edit(*item) for item in items)


@st.composite
def edits_of(draw: st.DrawFn, length: int) -> Edits:
    """Edits of a text of that length; often they touch, or put nothing in."""
    cuts = sorted(draw(st.lists(st.integers(0, length), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return Edits(Edit(start, end, draw(st.text("xyz\n", max_size=3))) for start, end in pairs)


@st.composite
def chains(draw: st.DrawFn, links: int) -> tuple[str, list[Edits]]:
    """A text, and edits of it, of what they leave, and so on."""
    text = now = draw(st.text("abcdef\n", max_size=12))
    chain = []
    for _ in range(links):
        chain.append(draw(edits_of(len(now))))
        now = chain[-1].apply(now)
    return text, chain


@given(chains(1))
def test_edits_come_undone(case: tuple[str, list[Edits]]) -> None:
    text, [these] = case
    after = these.apply(text)
    assert these.inverse(text).apply(after) == text
    assert these.inverse(text).inverse(after) == these
    for edit in these:
        assert 0 <= these.moved(edit.end) <= len(after)


OVERLAPS: list[tuple[Triple, ...]] = [
    ((0, 2, "a"), (1, 3, "")),
    ((0, 2, "a"), (0, 2, "x")),
    ((0, 2, "a"), (1, 1, "x")),
    ((0, 9, "a"), (3, 4, "x"), (5, 6, "x")),
]


@pytest.mark.parametrize("items", OVERLAPS, ids=str)
def test_none_can_be_made_with_an_overlap(items: tuple[Triple, ...]) -> None:
    overlapping = [Edit(*item) for item in items]
    for make in (Edits, Edits.of, lambda those: Edits(tuple(those))):
        with pytest.raises(ValueError, match="overlaps"):
            make(overlapping)
    forged = pickle.dumps(Edits([Edit(0, 2, "a"), Edit(3, 4, "")])).replace(b"K\x03K\x04", b"K\x01K\x04")
    with pytest.raises(ValueError, match="overlaps"):
        pickle.loads(forged)


@pytest.mark.parametrize("items", [[Edit(3, 2, "")], [Edit(-1, 2, "")], [Edit(2, 2, ""), Edit(1, 1, "")]], ids=str)
def test_none_ends_before_it_starts_or_stands_out_of_order(items: list[Edit]) -> None:
    with pytest.raises(ValueError, match="before it"):
        Edits(items)


def test_insertions_at_one_place_keep_their_order() -> None:
    assert edits((2, 2, "b"), (0, 2, "a"), (2, 2, "c")).apply("xy") == "abc"


def test_edits_are_values() -> None:
    these = edits((0, 1, "a"), (3, 3, "b"))
    for again in (pickle.loads(pickle.dumps(these)), copy.deepcopy(these), copy.copy(these)):
        assert again == these
        assert type(again) is Edits
        assert hash(again) == hash(these)
    assert {these: 1}[edits((3, 3, "b"), (0, 1, "a"))] == 1


@given(chains(2))
def test_one_after_the_other_is_one(case: tuple[str, list[Edits]]) -> None:
    text, [first, later] = case
    assert first.then(later).apply(text) == later.apply(first.apply(text))


@given(chains(2))
def test_composed_edits_come_undone_in_reverse(case: tuple[str, list[Edits]]) -> None:
    text, [first, later] = case
    both = first.then(later)
    back = later.inverse(first.apply(text)).then(first.inverse(text))
    assert both.inverse(text) == back
    assert back.apply(both.apply(text)) == text


@given(chains(3))
def test_it_does_not_matter_which_are_composed_first(case: tuple[str, list[Edits]]) -> None:
    _, [one, two, three] = case
    assert one.then(two).then(three) == one.then(two.then(three))


@given(chains(2))
def test_composed_edits_are_as_few_as_can_be(case: tuple[str, list[Edits]]) -> None:
    text, [first, later] = case
    both = first.then(later)
    for before, after in itertools.pairwise(both):
        assert before.end < after.start
    for edit in both:
        assert edit.start < edit.end or edit.new
    # What neither touches is not in an edit: a text of distinct letters shows which of them are kept.
    letters = "".join(map(chr, range(0x1000, 0x1000 + len(text))))
    kept = set(later.apply(first.apply(letters)))
    covered = {letter for edit in both for letter in letters[edit.start : edit.end]}
    assert covered == set(letters) - kept


@given(chains(1))
def test_nothing_before_or_after_changes_nothing(case: tuple[str, list[Edits]]) -> None:
    text, [these] = case
    assert these.then(Edits()) == Edits().then(these)
    assert these.then(Edits()).apply(text) == these.apply(text)
    assert Edits().then(Edits()) == Edits()


COMPOSED: list[tuple[str, tuple[Triple, ...], tuple[Triple, ...], tuple[Triple, ...]]] = [
    ("far apart", ((1, 1, "x"),), ((4, 5, "y"),), ((1, 1, "x"), (3, 4, "y"))),
    ("before the earlier one", ((4, 5, "x"),), ((1, 1, "yy"),), ((1, 1, "yy"), (4, 5, "x"))),
    ("two insertions at one place: before", ((2, 2, "x"),), ((2, 2, "y"),), ((2, 2, "yx"),)),
    ("two insertions at one place: behind", ((2, 2, "x"),), ((3, 3, "y"),), ((2, 2, "xy"),)),
    (
        "two insertions of one set, one of the other between",
        ((2, 2, "x"), (2, 2, "z")),
        ((3, 3, "y"),),
        ((2, 2, "xyz"),),
    ),
    ("inside an earlier insertion", ((2, 2, "wxyz"),), ((3, 5, "-"),), ((2, 2, "w-z"),)),
    ("an earlier insertion taken out again", ((2, 2, "xy"),), ((2, 4, ""),), ()),
    ("a later one spans several", ((1, 1, "x"), (2, 3, ""), (4, 4, "y")), ((0, 6, "-"),), ((0, 5, "-"),)),
    ("it spans one and ends inside the next", ((1, 2, "xx"), (3, 3, "yy")), ((0, 5, ""),), ((0, 3, "y"),)),
    ("it takes both sides of a removal", ((2, 4, ""),), ((1, 3, ""),), ((1, 5, ""),)),
    ("it touches the end of a removal", ((1, 3, ""),), ((1, 2, "y"),), ((1, 4, "y"),)),
    ("put back where it was", ((1, 3, ""),), ((1, 1, "bc"),), ((1, 3, "bc"),)),
    ("into an empty text", ((0, 0, "x"),), ((1, 1, "y"),), ((0, 0, "xy"),)),
]


@pytest.mark.parametrize(("first", "later", "both"), [row[1:] for row in COMPOSED], ids=[row[0] for row in COMPOSED])
def test_composed(first: tuple[Triple, ...], later: tuple[Triple, ...], both: tuple[Triple, ...]) -> None:
    assert edits(*first).then(edits(*later)) == edits(*both)
    assert edits(*both).apply("abcdef") == edits(*later).apply(edits(*first).apply("abcdef"))
