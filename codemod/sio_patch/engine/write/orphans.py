"""Comments in code that goes: they are written before what comes in its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sio_patch.engine.tree.node import Node, is_run
from sio_patch.engine.write import comments, habits, seams
from sio_patch.engine.write.site import Site
from sio_patch.engine.write.unsafe import Unsafe

_STANDS_FOR = frozenset({"Meta", "Gap", "Within"})
_MORE_LINES = re.compile(f"[{seams.HELD}\r\u2028\u2029]")


def orphans(site: Site, olds: Iterable[Node], user: Node, span: tuple[int, int], gap: str | None = None) -> str:
    """The comments in ``span`` of the user's text, which goes, and which the patterns ``olds`` stand for.

    What a metavariable or a gap stands for is not looked into: it comes back as it is, or is itself what goes. Those of
    more than one line, or to the end of one, have ``gap`` behind them. Raises Unsafe where there is no room for them.
    """
    start, end = span
    kept = [(first - start, last - start) for old in olds for first, last in _spans(site, old)]
    try:
        found = [comment.replace("\n", seams.HELD) for comment in comments.inside(site.text[start:end], kept)]
    except comments.Unclear:
        raise Unsafe.place(comments.LOST, user) from None
    if all(comment.startswith("/*") and not _MORE_LINES.search(comment) for comment in found):
        gap = " "
    if gap is None or (gap != " " and not habits.starts_line(site.text, user.start)):
        raise Unsafe.place(comments.LOST, user)
    return "".join(comment + gap for comment in found)


def _spans(site: Site, old: Node) -> Iterator[tuple[int, int]]:
    for pattern in old.walk():
        if pattern.kind in _STANDS_FOR and pattern in site.match.pairs and (users := site.users(pattern)):
            owner = users[0].parent
            is_list = is_run(pattern) and owner is not None and owner.statements() is not None
            yield comments.run_span(site.text, users) if is_list else (users[0].start, users[-1].end)
