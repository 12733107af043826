"""Parsing an edited text again without reading all of it again."""

from __future__ import annotations

from sio_patch.engine.edits import Edits
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.parse import SyntaxProblem, TooDeep, parse


def parse_edited(tree: Node, edits: Edits, after: Source) -> Node:
    """A tree of ``after``, in which the top-level statements that ``edits`` do not touch may be missing.

    ``tree`` is of the text before. A program is a list of statements. Where the edits lie inside some of them, and
    each of these, read by itself with the file's directives and as the same goal, is one statement of its old kind from
    its old first to its old last character, then the statements round them are what they were. Wherever that does not
    hold, all of ``after`` is parsed.
    Raises SyntaxProblem or TooDeep.
    """
    kept = _without_untouched(tree, edits, after)
    if kept is None:
        return parse(after)
    text, expected = kept
    try:
        again = parse(Source(text), (tree.fields["goal"],))
    except (SyntaxProblem, TooDeep):
        return parse(after)
    found = [(node.kind, node.start, node.end) for node in _top_level(again) if not node.directive]
    return again if found == expected else parse(after)


def _top_level(tree: Node) -> list[Node]:
    """The statements as they are written, a comma list being one."""
    return list(dict.fromkeys(node.host or node for node in tree.fields["body"]))


def _without_untouched(tree: Node, edits: Edits, after: Source) -> tuple[str, list[tuple[str, int, int]]] | None:
    """``after`` with blanks for what ``edits`` do not touch; kind and new span of each statement that they do."""
    pieces: list[str] = []
    expected = []
    done = inside = 0
    for node in _top_level(tree):
        within = [edit for edit in edits if node.start < edit.start and edit.end < node.end]
        if not within and not node.directive:
            start, end = edits.moved(node.start), edits.moved(node.end)
            pieces += after.text[done:start], " " * (end - start)
            done = end
        elif within:
            inside += len(within)
            growth = sum(len(edit.new) - (edit.end - edit.start) for edit in within)
            start = edits.moved(node.start)
            expected.append((node.kind, start, start + node.end - node.start + growth))
    return ("".join((*pieces, after.text[done:])), expected) if inside == len(edits) else None
