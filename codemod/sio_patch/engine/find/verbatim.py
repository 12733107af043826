"""Whether a patch's code is there as the patch writes it, and not in other words that mean the same."""

from __future__ import annotations

from sio_patch.engine.find.done import leaves_old_code, old_code_inside
from sio_patch.engine.find.found import Match
from sio_patch.engine.language.align import Each, Frame, Op, Replace, brought_in
from sio_patch.engine.language.compiled import Section
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.parse import tokens
from sio_patch.engine.write.seams import unmarked
from sio_patch.engine.write.template import Template
from sio_patch.engine.write.unsafe import Unsafe

_HABIT = frozenset({"(", ")", ",", ";", "var", "let", "const"})


def verbatim(section: Section, match: Match, text: str) -> bool:
    """Compares token by token; quotes, semicolons and redundant parentheses are the file's own habit."""
    template = Template(section.plus.text, match.bindings, text, {})
    for op in section.ops:
        if isinstance(op, Each):
            places = match.inside.get(op.twin, ())
            if places and not any(verbatim(section.nested[op.within], each, text) for each in places):
                return False
        if isinstance(op, Replace) and leaves_old_code(op):
            continue  # what is left of the old code is the user's own
        for new in brought_in(op):
            found = match.pairs.get(new)
            if isinstance(found, Node) and new.kind != "Key":
                try:
                    written = _as_written(op, new, template, match, text)
                except Unsafe:
                    return False  # the patch could not write it
                if _words(unmarked(written)) != _words(text[found.start : found.end]):
                    return False
    return True


def _as_written(op: Op, new: Node, template: Template, match: Match, text: str) -> str:
    """The text of ``new`` as the patch writes it; old code that it was put round is the user's own."""
    pieces: list[str] = []
    done = new.start
    for kept in _kept(op):
        users = [node for pattern in kept for node in match.run(pattern)]
        pieces.append(template.fill(done, kept[0].start, [new]))
        pieces += [f" {text[users[0].start : users[-1].end]} "] if users else []
        done = kept[-1].end
    return "".join((*pieces, template.fill(done, new.end, [new])))


def _kept(op: Op) -> list[tuple[Node, ...]]:
    """What the new code has of the old, each as neighbours in the plus slice."""
    if isinstance(op, Frame):
        return [op.kept.new]
    if not isinstance(op, Replace):
        return []
    inside = old_code_inside(op)
    return [(inside[0],)] if len(inside) == 1 else [kept.new for kept in op.kept]


def _words(code: str) -> list[str]:
    """The tokens that spell the code. Its structure has been compared; brackets, separators and kinds are habit."""
    words = (code[start:end] for _, start, end in tokens(code))
    return [f"'{word[1:-1]}'" if word[0] == '"' and "'" not in word else word for word in words if word not in _HABIT]
