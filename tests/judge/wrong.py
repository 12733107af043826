"""Right edits made wrong, by kind: what a renderer with a fault in it might give.

Each kind takes a text and the edits that a patch calls for, and yields other edits. Many come to the same code as the
right ones (a semicolon where one is understood); whoever uses them has to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.tree.parse import SyntaxProblem, tokens

Wrong = Iterator[list[Edit]]
Token = tuple[int, int]


def shifted(text: str, edits: Edits) -> Wrong:
    """An end of an edit that is off by one."""
    for index, edit in enumerate(edits):
        for start, end in ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, 1)):
            moved = Edit(edit.start + start, edit.end + end, edit.new)
            if 0 <= moved.start <= moved.end <= len(text):
                yield [*edits[:index], moved, *edits[index + 1 :]]


def left_out(text: str, edits: Edits) -> Wrong:
    """One edit of several that is missing."""
    if len(edits) > 1:
        for index in range(len(edits)):
            yield [*edits[:index], *edits[index + 1 :]]


def misspelt(text: str, edits: Edits) -> Wrong:
    """A token of the new text that is dropped, doubled, or another name."""
    for index, edit in enumerate(edits):
        for start, end in _tokens(edit.new):
            word = edit.new[start:end]
            for other in ("", f"{word} {word}", *(["zz"] if word.isidentifier() else [])):
                new = edit.new[:start] + other + edit.new[end:]
                yield [*edits[:index], edit._replace(new=new), *edits[index + 1 :]]


def swapped(text: str, edits: Edits) -> Wrong:
    """Two neighbouring tokens of the new text in the other order."""
    for index, edit in enumerate(edits):
        found = _tokens(edit.new)
        for (start, middle), (next_, end) in pairwise(found):
            one, gap, other = edit.new[start:middle], edit.new[middle:next_], edit.new[next_:end]
            new = edit.new[:start] + other + gap + one + edit.new[end:]
            yield [*edits[:index], edit._replace(new=new), *edits[index + 1 :]]


def greedy(text: str, edits: Edits) -> Wrong:
    """An edit that takes the token before or after it along."""
    found = _tokens(text)
    for index, edit in enumerate(edits):
        for start, _ in [token for token in found if token[1] <= edit.start][-1:]:
            yield [*edits[:index], Edit(start, edit.end, edit.new), *edits[index + 1 :]]
        for _, end in [token for token in found if token[0] >= edit.end][:1]:
            yield [*edits[:index], Edit(edit.start, end, edit.new), *edits[index + 1 :]]


def talkative(text: str, edits: Edits) -> Wrong:
    """New text that says more than the patch does."""
    for index, edit in enumerate(edits):
        for before, after in (("", "; evil();"), ("evil(); ", ""), ("", ", evil"), ("!", ""), ("{", "}"), ("(", ")")):
            yield [*edits[:index], edit._replace(new=before + edit.new + after), *edits[index + 1 :]]


def meddling(text: str, edits: Edits) -> Wrong:
    """One token somewhere else that is dropped, doubled, or another one."""
    for start, end in _tokens(text):
        word = text[start:end]
        if all(end < edit.start or start > edit.end for edit in edits):
            others = ["", f"{word} {word}", f"!{word}"]
            others += ["zz"] if word.isidentifier() else ["'zz'"] if word[0] in "'\"" else ["{", ";"]
            for other in others:
                yield [*edits, Edit(start, end, other)]


def declaring(text: str, edits: Edits) -> Wrong:
    """A declaration that comes in with the new text, of a name that the code uses."""
    names = dict.fromkeys(word for start, end in _tokens(text) if (word := text[start:end]).isidentifier())
    for index, edit in enumerate(edits):
        for name in list(names)[:8]:
            yield [*edits[:index], edit._replace(new=f"{edit.new}\nvar {name};"), *edits[index + 1 :]]


def displaced(text: str, edits: Edits) -> Wrong:
    """An edit that is made a few tokens before or behind its place."""
    borders = sorted({0, *(border for token in _tokens(text) for border in token), len(text)})
    for index, edit in enumerate(edits):
        others = [*edits[:index], *edits[index + 1 :]]
        near = sorted(borders, key=lambda border: abs(border - edit.start))[:8]
        for start in near:
            if start != edit.start and start + edit.end - edit.start <= len(text):
                yield [*others, Edit(start, start + edit.end - edit.start, edit.new)]


KINDS: dict[str, Callable[[str, Edits], Wrong]] = {
    kind.__name__: kind
    for kind in (
        shifted,
        left_out,
        misspelt,
        swapped,
        greedy,
        talkative,
        meddling,
        declaring,
        displaced,
    )
}


def _tokens(text: str) -> list[Token]:
    try:
        return [(start, end) for _, start, end in tokens(text)]
    except SyntaxProblem:
        return []
