"""Whether a change is, word for word, the one that a patch makes: told from the texts, without a parser.

A receipt claims that a patch was put in; who believes it saves the parser. An example, of a block

     stop = function ($tank) {
       ...
       $tank.drain();
    +  $tank.close();
       ...
     };

The claim holds where one whole line `water.close();` was put in, right behind `water.drain();`, in a function that
begins `stop = function (water) {`, the only one that begins so, with every bracket between the two closed again, and
all that in no comment, string or template. Of what a gap rules out, a word is nowhere in what it passes over. Anything
that text alone does not tell is a no, and then the parser is asked: a gap with a regular expression in it, a
metavariable that stands for more than a name, two places, a block with two changes, runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from sio_patch.engine.edits import Edits

_LONGEST = 1 << 21  # code points
_TOKEN = re.compile(r"\$\$?\w+|[\w$]+|[^\w\s]")
_NAME = r"(?<![\w$])[\w$]++"
_UNCLEAR = re.compile(r"\$\.\.\.|<\.\.\.|\.\.\.>|@@|//|/\*|['\"`]|\$\$|\.\.\.")
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'")
_OPAQUE = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|//[^\n]*+|/\*.*?\*/", re.DOTALL)
_BRACKET = re.compile(r"[][(){}]")
_MARK = re.compile(rf"{_OPAQUE.pattern}|[][(){{}}/'\"`]", re.DOTALL)
_ESCAPED = re.compile(r"\\u(?:00|\{)")  # of a letter that an identifier may be spelled with
_KEYWORDS = {"function", "var", "let", "const", "return", "this", "exports", "module", "prototype", "async", "class"}
_FORMS = {"function", "class", "prototype", "var", "let", "const"}  # words that equivalences do without
_DEFINES = r"(?:\s|/\*[^*]*+\*/)*+(?:[=:](?![=])|\([^()]*+\)\s*+\{)"
_NEAR = 2000  # code points behind the change in which its next line is looked for, and the end of its block
_WHEN = re.compile(r"when[ \t]+!=[ \t]+")


_Conditions = tuple[tuple[str, ...], ...]  # the tokens of what a gap rules out


class _Block(NamedTuple):
    """A diff block with one change in it. Lines of the context that follow one another are one tuple of tokens."""

    before: tuple[tuple[str, ...], ...]
    """With a gap between each two."""
    barred: tuple[_Conditions, ...]
    """For each of them what the gap behind it rules out."""
    touches: bool
    """Whether the last of them stands right before the change, with no gap."""
    minus: tuple[str, ...]
    plus: tuple[str, ...]
    after: tuple[str, ...]
    """What stands right behind the change; empty where that is a gap."""
    barred_behind: _Conditions
    """What that gap rules out."""


def is_own_change(diff: str, before: str, edits: Edits) -> bool:
    """Whether ``edits`` make out of ``before`` what the block ``diff`` makes, at the one place for it."""
    block = _read(diff)
    if block is None or not edits or len(before) > _LONGEST:
        return False
    after = edits.apply(before)
    if len(after) > _LONGEST:
        return False
    start, end = edits[0].start, edits[-1].end
    change = _Change(block, after, start, len(after) - (len(before) - end), before[start:end])
    return change.stands()


class _Lines(NamedTuple):
    """Lines of one kind that follow one another: ``+``, ``-``, a space, or a dot for gaps."""

    kind: str
    tokens: list[str]
    barred: list[tuple[str, ...]]


def _read(diff: str) -> _Block | None:
    groups = _groups(diff)
    changed = [at for at, lines in enumerate(groups or ()) if lines.kind in "+-"]
    if not groups or not changed or changed[-1] - changed[0] + 1 != len(changed) or len(changed) > 2:
        return None
    first, last = changed[0], changed[-1]
    behind = groups[last + 1] if last + 1 < len(groups) else _Lines(".", [], [])
    if groups[0].barred or any(lines.barred for lines in groups[last + 2 :]):
        return None
    sides = {lines.kind: tuple(lines.tokens) for lines in groups[first : last + 1]}
    return _Block(
        before=tuple(tuple(lines.tokens) for lines in groups[:first] if lines.kind == " "),
        barred=tuple(tuple(gap.barred) for lines, gap in pairwise(groups[: first + 1]) if lines.kind == " "),
        touches=first > 0 and groups[first - 1].kind == " ",
        minus=sides.get("-", ()),
        plus=sides.get("+", ()),
        after=tuple(behind.tokens) if behind.kind == " " else (),
        barred_behind=tuple(behind.barred),
    )


def _groups(diff: str) -> list[_Lines] | None:
    """The lines of a block. None where one of them is not clear."""
    groups: list[_Lines] = []
    for line in filter(str.strip, diff.split("\n")):
        kind, body, conditions = line[0], line[1:].strip(), list[str]()
        if kind == " " and body.startswith("..."):
            kind, (body, *conditions) = ".", _WHEN.split(body[3:].strip())
        if kind not in " +-." or any(map(_UNCLEAR.search, (body, *conditions))):
            return None
        if any(":" in condition for condition in conditions):
            return None  # a key: `...a` may have it
        if not groups or groups[-1].kind != kind:
            groups.append(_Lines(kind, [], []))
        groups[-1].tokens.extend(_TOKEN.findall(body))
        groups[-1].barred.extend(tuple(_TOKEN.findall(condition)) for condition in conditions)
    return groups


class _Change:
    """``text[start:end]`` is what ``old`` has become. Names are bound as they are met."""

    def __init__(self, block: _Block, text: str, start: int, end: int, old: str) -> None:
        self._way = ""  # from the last lines of the context before the change to the change
        self._from = 0  # where that begins in the text
        self._block = block
        self._text = text
        self._start = start
        self._end = end
        self._old = old
        self._bound: dict[str, str] = {}

    def stands(self) -> bool:
        block = self._block
        if not _in_code(self._text, self._start) or not _gone(block.minus, self._text):
            return False
        if block.before and not self._reached(self._text[: self._start]):
            return False
        if not (block.before or block.minus or block.after):
            return False
        return any(self._made(kept, rest) for kept, rest in _trimmings(block.minus, block.plus))

    def _reached(self, head: str) -> bool:
        """Finds the first lines of the context, once in the whole text, and from there the others, one by one."""
        first, *others = self._block.before
        found = list(re.finditer(_pattern(first, {}), self._text))
        if len(found) != 1 or found[0].end() > len(head) or not _in_code(head, found[0].start()):
            return False
        if _otherwise(first, self._text):
            return False
        self._bound |= found[0].groupdict()
        self._from = found[0].end()
        way = _transparent(head[self._from :])
        for tokens, barred in zip(others, self._block.barred, strict=False):
            way = None if way is None else self._onward(tokens, barred, way)
        self._way = way or ""
        last = self._block.barred[-1]
        return way is not None and self._is_clear(last, self._text[self._from : self._start], self._bound)

    def _onward(self, tokens: Sequence[str], barred: _Conditions, way: str) -> str | None:
        """Behind the last place at which these lines stand in the same block of code; None where there is none, or
        where there may be on the way to it what the gap rules out.
        """
        last: re.Match[str] | None = None
        open_: list[str] = []
        at = 0
        for place in re.finditer(_pattern(tokens, self._bound), way):
            if not _goes_through(way, at, place.start(), open_):
                break
            at = place.start()
            last = last if open_ else place
        if last is None:
            return None
        if not self._is_clear(barred, self._text[self._from : self._from + last.start()], self._bound):
            return None
        self._bound |= last.groupdict()
        self._from += last.end()
        return way[last.end() :]

    def _made(self, kept: int, rest: int) -> bool:
        """With so many tokens of the changed lines left alone at their beginning and at their end."""
        minus, plus = self._block.minus, self._block.plus
        bound = dict(self._bound)
        for side, text in ((minus, self._old), (plus, self._text[self._start : self._end])):
            found = re.fullmatch(rf"\s*+{_pattern(side[kept : len(side) - rest], bound)}\s*+", text)
            if found is None:
                return False
            bound |= found.groupdict()
        behind = (*plus[len(plus) - rest :], *self._block.after)
        return self._comes_from(plus[:kept], bound) and self._goes_on(behind, bound)

    def _comes_from(self, tokens: Sequence[str], bound: Mapping[str, str]) -> bool:
        """Whether these tokens, which were left alone, stand right before the change, and the context before them."""
        way = self._way if self._block.before else self._text[max(0, self._start - _NEAR) : self._start]
        found = re.search(rf"{_pattern(tokens, bound)}\s*+\Z", way) if tokens else None
        if tokens and found is None:
            return False
        between = way if found is None else way[: found.start()]
        if self._block.touches:
            return not between.strip()
        return not self._block.before or _closed(between)

    def _is_clear(self, barred: _Conditions, code: str | None, bound: Mapping[str, str]) -> bool:
        """Whether ``code`` surely has nothing of what is ruled out: of each a word is not in it."""
        if not barred:
            return True
        if code is None or _ESCAPED.search(code):
            return False
        return all(any(not _has_word(code, word) for word in _words(tokens, bound)) for tokens in barred)

    def _goes_on(self, tokens: Sequence[str], bound: Mapping[str, str]) -> bool:
        way = self._text[self._end : self._end + _NEAR]
        found = re.match(rf"\s*+{_pattern(tokens, bound)}", way) if tokens else None
        if tokens and found is None:
            return False
        behind = way if found is None else way[found.end() :]
        barred = self._block.barred_behind
        return not barred or self._is_clear(barred, _rest_of_block(behind, whole=len(way) < _NEAR), bound)


def _gone(minus: Sequence[str], text: str) -> bool:
    """Whether what is taken out is surely not in the text any more: a word of it is not, in whatever spelling."""
    words = {token for token in minus if token[0].isalpha() or token[0] == "_"}
    return not minus or (not _ESCAPED.search(text) and any(word not in text for word in words))


def _otherwise(first: Sequence[str], text: str) -> bool:
    """Whether the first line of the context may stand in the text once more in another spelling or another form.

    As a quoted name, with escapes, or as a method; what it defines is a word before ``=`` or ``:``, or a function's.
    """
    if _ESCAPED.search(text):
        return True
    words = {token for token in first if token[0].isalpha() or token[0] == "_"} - _KEYWORDS
    if any(quote + word + quote in text for word in words for quote in "'\"`"):
        return True
    if "function" not in first:
        return False
    defined = [re.findall(rf"(?<![\w$]){re.escape(word)}(?![\w$]){_DEFINES}", text) for word in words]
    return any(len(places) > 1 for places in defined)


def _trimmings(minus: Sequence[str], plus: Sequence[str]) -> list[tuple[int, int]]:
    """How many tokens the change can leave alone at its beginning and its end; an edit is as small as can be."""
    if not minus or not plus:
        return [(0, 0)]
    shorter = min(len(minus), len(plus))
    kept = next((at for at in range(shorter) if minus[at] != plus[at]), shorter)
    rest = next((at for at in range(shorter - kept) if minus[-1 - at] != plus[-1 - at]), shorter - kept)
    return [(head, tail) for head in range(kept + 1) for tail in range(rest + 1)]


def _pattern(tokens: Sequence[str], bound: Mapping[str, str]) -> str:
    """A regular expression; whatever the text, it takes time in proportion. White space and semicolons are free."""
    parts: list[str] = []
    seen = set(bound)
    wordy = False
    for token in tokens:
        is_word = token[0] == "$" or token[0].isalnum() or token[0] == "_"
        parts.append(r"\s++" if wordy and is_word else r"\s*+" if parts else "")
        wordy = is_word
        name = token[1:]
        if token == ";":
            parts.append(";?+")
        elif token[0] != "$" or not name.isidentifier():
            parts.append(rf"(?<![\w$]){re.escape(token)}(?![\w$])" if is_word else re.escape(token))
        elif name in bound:
            parts.append(rf"(?<![\w$]){re.escape(bound[name])}(?![\w$])")
        elif name in seen:
            parts.append(rf"(?<![\w$])(?P={name})(?![\w$])")
        else:
            parts.append(f"(?P<{name}>{_NAME})")
            seen.add(name)
    return "".join(parts)


def _in_code(text: str, at: int) -> bool:
    """Whether the place is in no comment, string, template or regular expression. False where that is not sure."""
    line_start = text.rfind("\n", 0, at) + 1
    line = _STRING.sub("", text[line_start:at])
    if re.search(r"[/'\"`\\]|<!--|-->", line) or text[max(0, line_start - 3) : line_start].rstrip("\r\n").endswith(
        "\\"
    ):
        return False
    opened, closed = text.rfind("/*", 0, at), text.rfind("*/", 0, at)
    in_template = "`" in text[:at] and "`" in text[at:]
    return not in_template and (opened < 0 or closed >= opened + 2)


def _transparent(text: str) -> str | None:
    """With comments and strings blanked. None where there may be one that is not seen as such."""
    text = _OPAQUE.sub(lambda found: " " * len(found[0]), text)
    return None if re.search(r"[/'\"`]", text) else text


def _words(tokens: Sequence[str], bound: Mapping[str, str]) -> Iterator[str]:
    """What all code has that a condition matches, whatever the form of its functions and declarations."""
    for token in tokens:
        if token[0] == "$":
            yield from filter(None, [bound.get(token[1:])])
        elif (token[0].isalpha() or token[0] == "_") and token not in _FORMS:
            yield token


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w$]){re.escape(word)}(?![\w$])", text) is not None


def _rest_of_block(text: str, *, whole: bool) -> str | None:
    """Up to the bracket that closes the block in which ``text`` begins. None where that is not sure.

    ``whole``: the text has no more behind it, so that the block can be the file.
    """
    open_ = 0
    for found in _MARK.finditer(text):
        mark = found[0]
        if mark in ("/", "'", '"', "`"):
            return None
        open_ += (mark in ("(", "[", "{")) - (mark in (")", "]", "}"))
        if open_ < 0:
            return text[: found.start()]
    return text if whole else None


def _closed(text: str) -> bool:
    """Whether every bracket that is opened is closed again, and no other."""
    open_: list[str] = []
    return _goes_through(text, 0, len(text), open_) and not open_


def _goes_through(text: str, start: int, end: int, open_: list[str]) -> bool:
    """Keeps ``open_``, the brackets that are open, on the way. False where one is closed that is not."""
    for bracket in _BRACKET.findall(text, start, end):
        if bracket in "([{":
            open_.append(bracket)
        elif not open_ or open_.pop() + bracket not in ("()", "[]", "{}"):
            return False
    return True
