"""How far the patch language reaches: transformations as users would ask for them, each marked by what comes out.

    python tests/bench/reach.py [-v] [WORD]...

The cases are the pages of tests/bench/reach, written after what other tools publish; `support.worked` says how they
read. The first pair of each is what its patch was written for. The further pairs are the same transformation elsewhere
(other names, another spelling, several places), and what is ``js unchanged`` must stay alone. -v says why a case is not
exact; with words, only the cases whose title has one of them.

    exact          every pair to the byte, the rest alone
    same tree      the same code, spelt or laid out otherwise
    in part        the first pair or a part of it, not all of the others
    not sayable    the patch cannot be loaded, or the first pair is refused or not found
    wrong edit     something changed that should not, or into what it should not

In general right are the first two.
"""

from __future__ import annotations

import difflib
import sys
from collections import Counter
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import esprima

from sio_patch.engine.outcome import NeedsPatch, Refused
from sio_patch.engine.pattern import PatternError
from support.worked import Example, Shown, examples, said

PAGES = sorted((Path(__file__).parent / "reach").glob("*.md"))
_LAYOUT = frozenset({"range", "loc", "raw", "tokens", "comments", "errors"})  # and what begins with `_`
_LONE = frozenset({"ExpressionStatement", "ReturnStatement", "ThrowStatement", "BreakStatement", "ContinueStatement"})


class Mark(IntEnum):
    """From best to worst."""

    EXACT = 0
    SAME_TREE = 1
    IN_PART = 2
    NOT_SAYABLE = 3
    WRONG_EDIT = 4

    @property
    def words(self) -> str:
        return self.name.lower().replace("_", " ")


class Told(NamedTuple):
    """What came of one piece of code. ``why`` is empty where it is exact."""

    mark: Mark
    why: str


def main(arguments: Sequence[str]) -> None:
    """Prints the table, and with -v what keeps each case from being exact."""
    words = [word for word in arguments if word != "-v"]
    rows = {}
    for page in PAGES:
        cases = [case for case in examples(page) if not words or any(word in case.title for word in words)]
        marks: Counter[Mark] = Counter()
        for case in cases:
            told = marked(case)
            marks[told.mark] += 1
            if "-v" in arguments and told.mark is not Mark.EXACT:
                print(f"{page.name}: {case.title}: {told.mark.words}\n{told.why}\n")
        rows[page.stem] = marks
    print(table(rows))


def marked(case: Example) -> Told:
    """One case: as good as the worst of its parts."""
    told = [_told(case, shown) for shown in case.shown]
    first, others = told[0], told[1:]
    why = "\n".join(
        f"  line {shown.line}: {each.why}" for shown, each in zip(case.shown, told, strict=True) if each.why
    )
    worst = max(each.mark for each in told)
    if worst is Mark.WRONG_EDIT or first.mark is Mark.NOT_SAYABLE:
        return Told(Mark.WRONG_EDIT if worst is Mark.WRONG_EDIT else Mark.NOT_SAYABLE, why)
    if any(each.mark > Mark.SAME_TREE for each in others):
        return Told(Mark.IN_PART, why)
    return Told(worst, why)


def table(rows: dict[str, Counter[Mark]]) -> str:
    """In Markdown, one row a page."""
    lines = ["| after | cases | " + " | ".join(mark.words for mark in Mark) + " | in general right |"]
    lines.append("|---" * (len(Mark) + 3) + "|")
    for name, marks in [*rows.items(), ("all", sum(rows.values(), Counter()))]:
        cases = marks.total()
        right = marks[Mark.EXACT] + marks[Mark.SAME_TREE]
        share = f"{right} ({right / cases:.0%})" if cases else "0"
        lines.append(f"| {name} | {cases} | " + " | ".join(str(marks[mark]) for mark in Mark) + f" | {share} |")
    return "\n".join(lines)


def _told(case: Example, shown: Shown) -> Told:
    try:
        outcome = case.outcome(shown.before, shown.file)
    except PatternError as problem:
        return Told(Mark.NOT_SAYABLE, f"at load, {problem}")
    except Exception as fault:  # a fault of the engine's own; the table shall come out whatever there is
        return Told(Mark.NOT_SAYABLE, f"FAULT: {type(fault).__name__}: {fault}")
    if isinstance(outcome, NeedsPatch):
        return _compared(shown, outcome.after.text)
    if shown.after is None and not isinstance(outcome, Refused):
        return Told(Mark.EXACT, "")
    return Told(Mark.NOT_SAYABLE, said(outcome))


def _compared(shown: Shown, made: str) -> Told:
    wanted = shown.before if shown.after is None else shown.after
    if made == wanted:
        return Told(Mark.EXACT, "")
    why = "it comes out as\n" + "\n".join(f"    {line}" for line in made.split("\n")[:-1])
    old, new, right = _tree(shown.before), _tree(made), _tree(wanted)
    if new == right:
        return Told(Mark.SAME_TREE, why)
    return Told(Mark.IN_PART if _begun(old, new, _parts(right)) else Mark.WRONG_EDIT, why)


def _tree(code: str) -> object:
    """The syntax tree, without what says how it was written."""
    try:
        return _plain(esprima.parseScript(code))
    except esprima.Error:
        return _plain(esprima.parseModule(code))


def _plain(node: Any) -> object:
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not hasattr(node, "type"):
        return repr(node)
    if node.type == "BlockStatement" and len(node.body) == 1 and node.body[0].type in _LONE:
        return _plain(node.body[0])  # as a body, `{ go(); }` is `go();`
    fields = {name: value for name, value in vars(node).items() if name not in _LAYOUT and name[0] != "_"}
    named = fields.get("property") or fields.get("key")
    if named is not None and named.type == "Literal" and isinstance(named.value, str):  # `a['b']` is `a.b`
        fields |= {"property" if "property" in fields else "key": named.value, "computed": False}
    elif named is not None and named.type == "Identifier" and not fields.get("computed"):
        fields["property" if "property" in fields else "key"] = named.name
    return {name: _plain(value) for name, value in fields.items()}


def _parts(tree: object) -> frozenset[str]:
    """Every node below ``tree``, as text."""
    if isinstance(tree, list):
        return frozenset().union(*map(_parts, tree))
    if not isinstance(tree, dict):
        return frozenset()
    return frozenset({repr(tree)}).union(*map(_parts, tree.values()))


def _begun(old: object, new: object, right: frozenset[str]) -> bool:
    """Whether all that differs between two trees is as it should be: a node of those in ``right``."""
    if new == old or (isinstance(new, dict) and repr(new) in right):
        return True
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        return all(_begun(old[name], new[name], right) for name in old)
    if isinstance(old, list) and isinstance(new, list):
        return _list_begun(old, new, right)
    return False


def _list_begun(old: list[object], new: list[object], right: frozenset[str]) -> bool:
    matcher = difflib.SequenceMatcher(None, [repr(item) for item in old], [repr(item) for item in new], autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        gone, come = old[start:end], new[first:last]
        if tag == "replace" and len(gone) == len(come):
            begun = all(_begun(one, other, right) for one, other in zip(gone, come, strict=True))
        else:
            begun = all(repr(item) not in right for item in gone) and all(repr(item) in right for item in come)
        if tag != "equal" and not begun:
            return False
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
