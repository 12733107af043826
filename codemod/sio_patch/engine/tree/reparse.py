"""Parsing an edited text again without reading all of it again."""

from __future__ import annotations

from typing import NamedTuple

from sio_patch.engine.edits import Edits
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.parse import SyntaxProblem, TooDeep, parse


class Edited(NamedTuple):
    """A tree of an edited text. ``skipped`` are statements of the tree before that stand in the text, and not in it."""

    tree: Node
    skipped: tuple[Node, ...] = ()


def parse_edited(tree: Node, edits: Edits, after: Source) -> Edited:
    """A tree of ``after``, in which the top-level statements that ``edits`` do not touch may be skipped.

    ``tree`` is of the text before. A program is a list of statements. Where the edits lie inside some of them, and
    each of these, read by itself with the file's directives and as the same goal, is one statement of its old kind from
    its old first to its old last character, then the statements round them are what they were. Wherever that does not
    hold, all of ``after`` is parsed; and where no statement round them says that the file is a module, which it
    may have been for a word of what is edited: `await (a)` is a call in a script.
    Raises SyntaxProblem or TooDeep.
    """
    kept = _without_untouched(tree, edits, after)
    if kept is None or (tree.fields["goal"] == "module" and not any(_is_of_a_module(node) for node in kept[2])):
        return Edited(parse(after))
    text, expected, skipped = kept
    try:
        again = parse(Source(text), (tree.fields["goal"],))
    except (SyntaxProblem, TooDeep):
        return Edited(parse(after))
    found = [(node.kind, node.start, node.end) for node in _top_level(again) if not node.directive]
    return Edited(again, skipped) if found == expected else Edited(parse(after))


def _is_of_a_module(statement: Node) -> bool:
    return statement.kind.startswith(("Import", "Export"))


def _top_level(tree: Node) -> list[Node]:
    """The statements as they are written, a comma list being one."""
    return list(dict.fromkeys(node.host or node for node in tree.fields["body"]))


def _without_untouched(
    tree: Node, edits: Edits, after: Source
) -> tuple[str, list[tuple[str, int, int]], tuple[Node, ...]] | None:
    """``after`` with blanks for what ``edits`` do not touch; kind and new span of each that they do; the rest.

    None where an edit is in no statement.
    """
    pieces: list[str] = []
    expected = []
    untouched = set()
    done = inside = 0
    for node in _top_level(tree):
        within = [edit for edit in edits if node.start < edit.start and edit.end < node.end]
        if not within and not node.directive:
            untouched.add(node)
            start, end = edits.moved(node.start), edits.moved(node.end)
            pieces += after.text[done:start], " " * (end - start)
            done = end
        elif within:
            inside += len(within)
            growth = sum(len(edit.new) - (edit.end - edit.start) for edit in within)
            start = edits.moved(node.start)
            expected.append((node.kind, start, start + node.end - node.start + growth))
    if inside != len(edits):
        return None
    skipped = tuple(node for node in tree.fields["body"] if (node.host or node) in untouched)
    return "".join((*pieces, after.text[done:])), expected, skipped
