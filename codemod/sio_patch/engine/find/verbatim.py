"""Whether a patch's code is there as the patch writes it, and not in other words that mean the same."""

from __future__ import annotations

from sio_patch.engine.find.done import leaves_old_code, old_code_inside
from sio_patch.engine.find.found import Match
from sio_patch.engine.language.align import Insert, Op, Replace
from sio_patch.engine.language.compiled import Section
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.parse import tokens
from sio_patch.engine.write.seams import unmarked
from sio_patch.engine.write.template import Template


def verbatim(section: Section, match: Match, text: str) -> bool:
    """Compares token by token; quotes, semicolons and redundant parentheses are the file's own habit."""
    template = Template(section.plus.text, match.bindings, text, {})
    for op in section.ops:
        if isinstance(op, Replace) and leaves_old_code(op):
            continue  # what is left of the old code is the user's own
        for new in op.nodes if isinstance(op, Insert) else (op.new,) if isinstance(op, Replace) else ():
            found = match.pairs.get(new)
            if isinstance(found, Node) and new.kind != "Key":
                written = _as_written(op, new, template, match, text)
                if _words(unmarked(written)) != _words(text[found.start : found.end]):
                    return False
    return True


def _as_written(op: Op, new: Node, template: Template, match: Match, text: str) -> str:
    """The text of ``new`` as the patch writes it; old code that it was put round is the user's own."""
    kept = old_code_inside(op) if isinstance(op, Replace) else []
    inner = match.pairs.get(kept[0]) if len(kept) == 1 else None
    if not isinstance(inner, Node):
        return template.fill(new.start, new.end, [new])
    before, after = template.fill(new.start, kept[0].start, [new]), template.fill(kept[0].end, new.end, [new])
    return f"{before} {text[inner.start : inner.end]} {after}"


def _words(code: str) -> list[str]:
    """The tokens that spell the code. Its structure has been compared; brackets and separators are habit."""
    words = (code[start:end] for _, start, end in tokens(code))
    return [f"'{word[1:-1]}'" if word[0] == '"' and "'" not in word else word for word in words if word not in "(),;"]
