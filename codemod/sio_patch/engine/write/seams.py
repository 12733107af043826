"""Where code of the patch meets what stands beside it: semicolons and spaces that keep the two apart.

With ``-old($x)`` and ``+($x || none)()``, and a file that has no semicolons::

    old(a)          [start](a || none)()[end]          (a || none)()
    old(b)    ->    [start](b || none)()[end]    ->    ;(b || none)()
    rest()          rest()                             rest()

Who writes one of the two lines cannot know that the other comes to start with a bracket. So each writes a mark where a
statement starts or ends, and ``settle``, which sees all edits of the text, puts a semicolon where it takes one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.tree.node import TAKES_SEMICOLON, WITHOUT_COMMAS, Node
from sio_patch.engine.tree.trivia import skip_trivia
from sio_patch.engine.write import habits

# No text that was decoded from bytes has these: bytes that are not UTF-8 become other surrogates.
HELD = "\ud800"  # a line feed of the user's own, which no re-indenting takes for one of the patch's
MOVED = "\ud803"  # likewise; what stood before the code on its line comes before this line as well
PLACED = "\ud804"  # likewise, and it has come
STAYS = "\ud805"  # in the text that is written: code that is not written stands here
START = "\ud801"  # a statement starts, and the one before it has no semicolon
END = "\ud802"  # a statement of the patch ends, and may have no semicolon

# What can end in a semicolon, and so without one.
LOOSE = TAKES_SEMICOLON | {"PropertyDefinition", "ExportNamedDeclaration", "ExportDefaultDeclaration"}

_MARK = re.compile(f"[{START}{END}]")
_JOINED_SIGNS = frozenset({"++", "--", "//", "/*"})
_DECLARED_IN_BRACES = frozenset({"FunctionDeclaration", "ClassDeclaration"})
_ACCESSOR_WORDS = ("get", "set", "static", "accessor")


def settle(text: str, plans: Sequence[Edits]) -> list[Edits]:
    """``plans``, all of which are made in ``text``, without their marks. Raises ValueError where two overlap."""
    numbered = [(edit, number) for number, plan in enumerate(plans) for edit in plan]
    numbered.sort(key=lambda item: (item[0].start, item[0].end))
    ended = _ended(text, Edits(edit for edit, _ in numbered))
    apart = _apart(text, [edit._replace(new=unmarked(edit.new)) for edit in ended])
    settled: list[list[Edit]] = [[] for _ in plans]
    for edit, (_, number) in zip(apart, numbered, strict=True):
        settled[number].append(edit)
    return [Edits(edits) for edits in settled]


def unmarked(text: str) -> str:
    """``text`` with the user's own line feeds, and no marks."""
    return _MARK.sub("", _lines(text))


def _lines(text: str) -> str:
    return text.replace(HELD, "\n").replace(MOVED, "\n").replace(PLACED, "\n")


def is_loose(text: str, node: Node) -> bool:
    """Whether the statement, or the one without braces that it ends with, could end in a semicolon and does not."""
    if node.parent is not None and node.parent.kind.startswith("For") and node.parent.fields["body"] is not node:
        return False  # in the head of a loop
    while node.kind not in TAKES_SEMICOLON and node.kind != "PropertyDefinition":
        if node.kind in LOOSE:
            made = node.fields.get("declaration")
            braced = made is not None and made.kind in _DECLARED_IN_BRACES
            return not braced and not habits.terminated(text, node)
        body = node.fields.get("alternate") or node.fields.get("consequent") or node.fields.get("body")
        if node.kind == "SwitchCase" and body:
            body = body[-1].host or body[-1]
        if isinstance(body, Node) and body.kind == "Block" and not body.braced and body.fields["body"]:
            body = body.fields["body"][-1].host or body.fields["body"][-1]
        if not isinstance(body, Node) or body.kind in ("Block", "ClassBody"):
            return False
        node = body
    return not habits.terminated(text, node)


def behind(text: str, node: Node | None) -> str:
    """What code must start with that comes right behind ``node``, a statement or a class member: a mark, or nothing."""
    if node is None or not is_loose(text, node):
        return ""
    is_word = node.kind == "PropertyDefinition" and text[node.start : node.end].endswith(_ACCESSOR_WORDS)
    return ";" if is_word else START


def opening(text: str, listed: Node) -> str:
    """What code must start with that comes in the place of ``listed``, or before it, and behind what stands there."""
    earlier = before(listed)
    if earlier is not None and text.startswith(";", skip_trivia(text, earlier.end)):
        return ""  # as files without semicolons do
    return behind(text, earlier)


def before(listed: Node) -> Node | None:
    """The statement, or class member, that stands before ``listed``; of a comma list the whole."""
    assert listed.parent is not None
    siblings: Sequence[Node] = listed.parent.fields[WITHOUT_COMMAS[listed.parent.kind]]
    index = bisect_right(siblings, (listed.host or listed).start, key=lambda item: (item.host or item).end)
    return (siblings[index - 1].host or siblings[index - 1]) if index else None


def _ended(text: str, edits: Edits) -> list[Edit]:
    """``edits`` with a semicolon, or nothing, for each mark."""
    signs = _signs(edits.apply(text))
    return [edit._replace(new=_MARK.sub(lambda _: next(signs), edit.new)) for edit in edits]


def _signs(marked: str) -> Iterator[str]:
    """For each mark of a text the semicolon, or nothing. Of two marks before the same code one has it."""
    plain = _lines(marked)
    guarded = -1  # the code that a semicolon stands before already
    for mark in _MARK.finditer(plain):
        following = _code_behind(plain, mark.end())
        if mark[0] == END and _ends_itself(plain, mark.start()):
            guarded = following
        if following == guarded or not _wants(plain, mark, following):
            yield ""
        else:
            guarded = following
            yield ";"


def _ends_itself(text: str, position: int) -> bool:
    while position and _MARK.match(text, position - 1):
        position -= 1
    return text[position - 1 : position] == ";"


def _wants(text: str, mark: re.Match[str], following: int) -> bool:
    if mark[0] == START:
        return habits.continues(text, following)
    if text[following : following + 1] in ("}", ";", ""):
        return False
    shared = habits.LINE_END.search(text, mark.end(), following) is None
    return shared or habits.continues(text, following)


def _code_behind(text: str, position: int) -> int:
    while _MARK.match(text, position := skip_trivia(text, position)):
        position += 1
    return position


def _apart(text: str, edits: Sequence[Edit]) -> Iterator[Edit]:
    """``edits``, with a space where the words or signs on the two sides of a border would now be one."""
    last, done = "", 0  # the last character of the new text, up to ``done`` in the old one
    starts = [edit.start for edit in edits[1:]]
    for edit, next_start in zip(edits, [*starts, -1], strict=True):
        last = text[edit.start - 1] if edit.start > done else last
        after = "" if next_start == edit.end else text[edit.end : edit.end + 1]
        new = edit.new
        if _are_one(last, (new or after)[:1]):
            new = " " + new
        if new != " " and _are_one(new[-1:], after):
            new += " "
        last, done = new[-1:] or last, edit.end
        yield edit._replace(new=new)


def _are_one(left: str, right: str) -> bool:
    if left + right in _JOINED_SIGNS:
        return True
    return all(side and (side.isalnum() or side in "_$\\#") for side in (left, right))
