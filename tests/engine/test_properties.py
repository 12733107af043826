"""Random programs, in random dress, round a place that a patch knows: what holds for every edit holds there too."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.checks import outside
from fuzz.patches import Kind
from fuzz.promises import tried
from sio_patch.engine.outcome import Applied, NeedsPatch, Outcome, Refused
from sio_patch.engine.pattern import SemanticPatch, compile_patch
from sio_patch.engine.rewrite import assess, reverse
from sio_patch.engine.source import Source

ANCHOR = "open ( f )"
STATEMENTS = [
    "a()", "var b = 1", "x = y", "return", "if (c) { d() }", "for (;;) { break }", "`t${1}`", "[1].map(g)",
    "(function () {})()", "/r/.test(s)", "++i", "+n", "let z, w = { a: 1 }", "throw e", "// only", "/* or */", "",
    "try { h() } catch (e) { }", "switch (k) { case 1: l(); default: }", "label: while (0) m()", "class K { n() {} }",
    "do o(); while (p)", "async function q() { await 0 }", "u = v\n  .w", "'text'", "if (aa) bb(); else cc()",
]  # fmt: skip
ENDINGS = ["\n", "\r\n", "\r", "\u2028"]
INDENTS = ["", "  ", "\t", "    ", " \t"]
TAILS = ["", " ", " // note", " /* note */", "\t/* a */ // b"]

CLOSING = Kind(" open($x);\n+close($x, 'x');")
insertion = compile_patch(CLOSING.diff)
before = compile_patch("+lock($x);\n open($x);")
wrapping = compile_patch("-open($x)\n+safe(open($x))")
replacing = compile_patch("-open($x);\n+shut($x);")
PATCHES = st.sampled_from([insertion, before, wrapping, replacing])


def lines(draw: st.DrawFn, indent: str) -> list[str]:
    """Some statements, each ended by a semicolon or, where the next cannot run on from it, by its line."""
    found = []
    for statement in draw(st.lists(st.sampled_from(STATEMENTS), max_size=5)):
        loose = draw(st.booleans()) and not statement.startswith("//")
        found.append(indent + ("" if loose or statement.startswith("//") else ";") + statement
                     + ("" if statement.startswith("//") else ";") + draw(st.sampled_from(TAILS)))  # fmt: skip
    return found


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A program that calls ``open(f)`` once, somewhere inside a function."""
    indent = draw(st.sampled_from(INDENTS))
    end = draw(st.sampled_from(["", ";", " ;"]))
    call = indent + ANCHOR + end + draw(st.sampled_from(TAILS))
    after = lines(draw, indent)
    if not end and after and not after[0].strip().startswith(";"):
        after[0] = indent + ";" + after[0].lstrip()
    head, foot = draw(st.sampled_from([("function r(f) {", "}"), ("(function (f) {", "})()"), ("o = { m(f) {", "} }")]))
    body = [head, *lines(draw, indent), call, *after, foot]
    text = "".join(line + draw(st.sampled_from(ENDINGS)) for line in body)
    if draw(st.booleans()):
        text = text.rstrip()
    return draw(st.sampled_from(["", "\ufeff", "#!/usr/bin/env node\n"])) + text


def test_random_programs() -> None:
    """A statement cannot always be added or taken out; mostly it can."""
    outcomes: Counter[type[Outcome]] = Counter()

    @given(programs(), PATCHES)
    @settings(max_examples=250, deadline=None)
    def holds(text: str, patch: SemanticPatch) -> None:
        outcome = assess(patch, Source.of(text.encode()))
        outcomes[type(outcome)] += 1
        if isinstance(outcome, NeedsPatch):
            edited_well(text, patch, outcome)

    holds()
    assert set(outcomes) <= {NeedsPatch, Refused}, outcomes
    assert outcomes[NeedsPatch] > 0.7 * outcomes.total(), outcomes


def edited_well(text: str, patch: SemanticPatch, found: NeedsPatch) -> None:
    """Only what the patch is about has changed, a second run finds it, and there is a way back."""
    source, data = Source.of(text.encode()), found.after.to_bytes()
    edits = [(edit.start, edit.end, edit.new) for edit in found.edits]
    kept, kept_there = outside(source.text, found.after.text, edits)
    assert kept == kept_there
    assert isinstance(assess(patch, Source.of(data)), Applied)
    assert found.edits.inverse(source.text).apply(found.after.text) == source.text
    back = assess(reverse(patch), Source.of(data))
    assert isinstance(back, NeedsPatch), back
    if patch in (insertion, wrapping):  # the others leave spacing of their own
        assert back.after.to_bytes() == source.to_bytes()


@given(st.binary(max_size=200))
def test_any_bytes_have_an_outcome(data: bytes) -> None:
    source = Source.of(data)
    assert source.to_bytes() == data
    assert tried(CLOSING, source.text) in {"Absent", "refused unparseable"}


@given(st.text(st.sampled_from("openclse(f);{}[]'`/*\\\n\r +-=>.,?:!$#@\"0\u2028\ufeff"), max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_round_the_call_keeps_the_promises(noise: str) -> None:
    for text in (f"open(f);{noise}", f"{noise}\nopen(f)", f"open({noise}f)"):
        tried(CLOSING, text)
