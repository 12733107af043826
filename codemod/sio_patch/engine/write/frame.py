"""Code that the patch puts round statements which stay, takes off them, or has in the place of what was round them.

With ``+if (ok) {``, `` go($x);``, ``+}`` the call is not written again. An edit stands before it and one behind it, and
its lines move with their block::

    go(a,               if (ok) {
       b);      ->        go(a,
                             b);
                        }
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sio_patch.engine.edits import Edit
from sio_patch.engine.language.align import Frame, Replace
from sio_patch.engine.language.frames import Kept
from sio_patch.engine.tree.node import TAKES_SEMICOLON, Node
from sio_patch.engine.tree.scope import declared_names
from sio_patch.engine.write import habits, seams, statements
from sio_patch.engine.write.capture import enclosed
from sio_patch.engine.write.orphans import orphans
from sio_patch.engine.write.shift import Shift
from sio_patch.engine.write.site import Site, check_meaning, lines_in_templates
from sio_patch.engine.write.template import flattened, reindented
from sio_patch.engine.write.unsafe import Unsafe
from sio_patch.engine.write.unsaid import check_removed

_STEP = 2  # columns, as documents are written


class _Stay(NamedTuple):
    """What is kept is ``start`` to ``end`` of the user's text, and ``there`` to ``until`` of the plus slice."""

    start: int
    end: int
    there: int
    until: int
    users: tuple[Node, ...]
    patterns: tuple[Node, Node]  # the first of them in each slice
    braces: bool = False  # all that is between a pair of braces

    @property
    def block(self) -> Node:
        """Where it stands in the plus slice."""
        return self.patterns[1].parent or self.patterns[1]


def framing(site: Site, op: Frame, shifts: list[Shift]) -> list[Edit]:
    """The edits for a frame that is put on or taken off. ``shifts`` gets how the lines inside move. Raises Unsafe."""
    users = _users(site, op.kept)
    if op.takes_off:
        return _taken_off(site, op, users, shifts)
    users = tuple(node for node in users if not node.directive)
    if not users:
        raise Unsafe.place("there is no code here to put the patch's round", _owner(site, op.kept))
    _check_level(users)
    stay = _in_place(site, op.kept, users)
    site.check_names(declared_names(op.new), users[0])
    edits = _Writer(site, (op.old, op.new), [stay]).edits(stay.start, stay.end, users[0], shifts)
    edits[0] = edits[0]._replace(new=seams.opening(site.text, users[0]) + edits[0].new)
    loose = op.new[-1].kind in seams.LOOSE or seams.is_loose(site.plus, op.new[-1])
    return [*edits[:-1], edits[-1]._replace(new=edits[-1].new + seams.END * loose)]


def _taken_off(site: Site, op: Frame, users: tuple[Node, ...], shifts: list[Shift]) -> list[Edit]:
    old = site.user(op.old[0])
    check_removed(old)
    if not users:
        return [statements.removal(site.text, old, [old])]
    if old.host is not None:
        raise statements.joined(old)
    if old.parent is not None and not old.parent.braced and (len(users) > 1 or users[0].kind not in TAKES_SEMICOLON):
        raise statements.unbraced(old)
    stay = _inside(site, op.kept, users)
    edits = _Writer(site, (op.old, op.new), [stay]).edits(old.start, old.end, old, shifts)
    edits[0] = edits[0]._replace(new=seams.opening(site.text, old) + edits[0].new)
    loose = seams.is_loose(site.text, statements.whole_statement(users[-1]))
    return [*edits[:-1], edits[-1]._replace(new=edits[-1].new + seams.END * loose)]


def changing(site: Site, op: Replace, user: Node, shifts: list[Shift]) -> list[Edit]:
    """The edits for ``op``, which keeps statements that are inside ``user``. Raises Unsafe."""
    stays = [_within(site, kept) for kept in op.kept]
    return _Writer(site, ((op.old,), (op.new,)), stays).edits(user.start, user.end, user, shifts)


def _check_level(users: Sequence[Node]) -> None:
    """Raises Unsafe for what has its meaning from the list in which it stands: code is to come round it."""
    for user in users:
        if user.kind.startswith(("Import", "Export")) or (user.parent and user.parent.kind.startswith("Export")):
            raise Unsafe.place("it is imported or exported here, and that is done at the top of a file alone", user)


# What stays


def _users(site: Site, kept: Kept) -> tuple[Node, ...]:
    return tuple(node for pattern in kept.old for node in site.users(pattern))


def _owner(site: Site, kept: Kept) -> Node:
    parent = kept.old[0].parent
    return site.match.owner if parent is None else site.user(parent)


def _in_place(site: Site, kept: Kept, users: tuple[Node, ...]) -> _Stay:
    """Statements between others, with the comments that belong to them; a gap at an end of a block has all there."""
    text, owner, pattern = site.text, _owner(site, kept), kept.old[0].parent
    if not owner.braced:
        raise statements.unbraced(users[0])
    start = statements.spot(text, owner, users[0], "before").position
    end = statements.spot(text, owner, users[-1], "after").position
    if pattern is not None and owner.kind == "Block":
        listed = pattern.statements() or ()
        if kept.old[0] is listed[0] and kept.old[0].kind == "Gap" and users[0] is owner.fields["body"][0]:
            start = _code(text, owner.start + 1)
        if kept.old[-1] is listed[-1] and kept.old[-1].kind == "Gap":
            end = len(text[: owner.end - 1].rstrip())
    return _Stay(start, end, kept.new[0].start, kept.new[-1].end, users, (kept.old[0], kept.new[0]))


def _inside(site: Site, kept: Kept, users: tuple[Node, ...]) -> _Stay:
    """Statements of code that goes, with the comments above them and behind them; with all where they are its last."""
    owner, text = _owner(site, kept), site.text
    start, end = statements.whole_statement(users[0]).start, statements.whole_statement(users[-1]).end
    if owner.kind == "Block" and owner.braced:
        before = seams.before(users[0])
        start = _code(text, owner.start + 1 if before is None else habits.line_tail(text, before.end).end)
        last = users[-1] is owner.fields["body"][-1]
        end = len(text[: owner.end - 1].rstrip()) if last else habits.line_tail(text, end).end
    return _Stay(start, end, kept.new[0].start, kept.new[-1].end, users, (kept.old[0], kept.new[0]))


def _within(site: Site, kept: Kept) -> _Stay:
    """As ``_inside``; where both lists are wholes in braces, all that is between the braces."""
    users, owner, block = _users(site, kept), _owner(site, kept), _block(kept)
    whole = kept.old == _listed(kept.old[0].parent) and kept.new == _listed(block)
    if whole and owner.kind == block.kind == "Block" and owner.braced:
        return _Stay(
            owner.start + 1, owner.end - 1, block.start + 1, block.end - 1, users, (kept.old[0], kept.new[0]), True
        )
    if not users:
        raise Unsafe.place("there is no code here that the patch's could be put round", owner)
    return _inside(site, kept, users)


def _block(kept: Kept) -> Node:
    return kept.new[0].parent or kept.new[0]


def _listed(owner: Node | None) -> tuple[Node, ...]:
    return (owner.statements() or ()) if owner is not None else ()


def _code(text: str, position: int) -> int:
    """The next position at or after this one that is no white space."""
    return position + len(text[position:]) - len(text[position:].lstrip())


# What is written


class _Writer:
    """``sides`` are the nodes of the minus slice that are put away, and those of the plus slice that come."""

    def __init__(self, site: Site, sides: tuple[tuple[Node, ...], tuple[Node, ...]], stays: Sequence[_Stay]) -> None:
        self.site = site
        self.old, self.new = sides
        self.stays = stays

    def edits(self, start: int, end: int, user: Node, shifts: list[Shift]) -> list[Edit]:
        """What stands from ``start`` to ``end``, and begins with ``user``, changed but for what stays."""
        site, text = self.site, self.site.text
        self._check(user)
        indent, ending = habits.indentation(text, start), habits.line_ending(text, start)
        unit = self._unit(user, indent)
        bare = self._stepped(self._bare(user))
        if statements.is_on_one_line(text, start, end):
            bare = flattened(bare)
        base = habits.indentation(site.plus, self.new[0].start)
        written = reindented(bare, len(base), indent, unit, ending, self._fixed()).split(seams.STAYS)
        starts, ends = [start, *(stay.end for stay in self.stays)], [*(stay.start for stay in self.stays), end]
        spans = list(zip(starts, ends, strict=True))
        said = "".join(orphans(site, self.old, user, span, ending + indent) for span in spans)
        shifts += self._shifts(written, indent)
        edits = [Edit(*span, new) for span, new in zip(spans, written, strict=True)]
        return [edits[0]._replace(new=said + edits[0].new), *edits[1:]]

    def _check(self, user: Node) -> None:
        """Raises Unsafe where what stays would mean something else."""
        for stay in self.stays:
            shown = stay.patterns[0].start == stay.patterns[1].start  # on a context line, and not written again
            for code in stay.users:
                before, after = (
                    frozenset[str]().union(*(enclosed(node, inner, code, kept=shown) for node in side))
                    for side, inner in zip((self.old, self.new), stay.patterns, strict=True)
                )
                check_meaning(after - before, user)

    def _bare(self, user: Node) -> str:
        """The plus slice round what stays, filled in, with a mark for each that does."""
        fill, new = self.site.template.fill, self.new
        pieces = [fill(start, end, new) for start, end in self._stretches()]
        for index, stay in enumerate(self.stays):
            if stay.users and seams.is_loose(self.site.text, statements.whole_statement(stay.users[-1])):
                pieces[index + 1] = seams.END + pieces[index + 1]
        bare = seams.STAYS.join(pieces)
        if new[-1].kind in TAKES_SEMICOLON and not bare.rstrip(seams.END).endswith(seams.STAYS):
            bare = bare.rstrip(";" + seams.END) + (";" if self.site.style.uses_semicolons(user) else "")
        return bare

    def _stretches(self) -> list[tuple[int, int]]:
        starts = [self.new[0].start, *(stay.until for stay in self.stays)]
        return list(zip(starts, [*(stay.there for stay in self.stays), self.new[-1].end], strict=True))

    def _stepped(self, bare: str) -> str:
        """What stays stands deeper than the line that opens its block, also where the patch's line does not.

        Where it has lines of its own, so have the braces round it.
        """
        heads = bare.split(seams.STAYS)
        for index, stay in enumerate(self.stays):
            opener = len(habits.indentation(self.site.plus, stay.block.start))
            deeper = " " * (opener + _STEP)
            head, ending, column = heads[index].rpartition("\n")
            if ending and not column.strip():
                heads[index] = head + ending + (column if len(column) > opener else deeper)
            elif self._has_lines(stay) and head + column:
                heads[index] = f"{heads[index].rstrip(' ')}\n{deeper}"
            end, tail = _divided(heads[index + 1])
            if self._has_lines(stay) and tail and tail[0] != "\n":
                heads[index + 1] = f"{end}\n{' ' * opener if tail[0] == '}' else deeper}{tail}"
        return seams.STAYS.join(heads)

    def _unit(self, user: Node, indent: str) -> str:
        """One level of indentation: of what stays in the code that goes; else of the list."""
        bases = [self._base(stay) for stay in self.stays if user.start < stay.start]
        deeper = (base[len(indent) :] for base in bases if base.startswith(indent) and base != indent)
        return next(deeper, None) or statements.unit(self.site.text, user)

    def _has_lines(self, stay: _Stay) -> bool:
        return not stay.braces and habits.LINE_END.search(self.site.text, stay.start, stay.end) is not None

    def _fixed(self) -> set[int]:
        """Numbers of the lines that begin inside a template literal, counted in what is written."""
        fixed: set[int] = set()
        before = 0
        for start, end in self._stretches():
            count = self.site.plus.count("\n", start, end)
            inside = lines_in_templates(self.site.plus, start, self.new)
            fixed |= {before + line for line in inside if line <= count}
            before += count
        return fixed

    def _shifts(self, written: Sequence[str], indent: str) -> Iterator[Shift]:
        text, said = self.site.text, ""
        for stay, piece in zip(self.stays, written, strict=False):
            said += piece
            line = said[habits.line_start(said, len(said)) :] if habits.LINE_END.search(said) else indent
            lead = line[: len(line) - len(line.lstrip())]
            yield Shift.of(text, stay.start, stay.end, self._base(stay), lead, stay.users)

    def _base(self, stay: _Stay) -> str:
        """What the first line that is its own begins with."""
        text = self.site.text
        starts = [] if stay.braces else [stay.start, *(node.start for node in stay.users[:1])]
        return habits.indentation(text, next((at for at in starts if habits.starts_line(text, at)), stay.start))


def _divided(code: str) -> tuple[str, str]:
    """A mark at the start, and the code behind it."""
    end = seams.END if code.startswith(seams.END) else ""
    return end, code[len(end) :].lstrip(" ")
