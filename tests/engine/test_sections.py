"""Sections: how long a search for them may take, and what a file must have for them to be looked for."""

from __future__ import annotations

import re
import time

import pytest

from sio_patch.engine.find.match import may_concern
from sio_patch.engine.find.steps import STEP_CAP
from sio_patch.engine.outcome import NeedsPatch, Refused
from sio_patch.engine.pattern import compile_patch
from sio_patch.engine.rewrite import assess
from sio_patch.engine.source import Source
from sio_patch.verdict import Reason

MANY = "f(" + ", ".join(f"a{i}" for i in range(60)) + ");\n"
HOSTILE = "-f(..., $a, ..., $b, ..., $c, ..., $a, $b, $c)\n+g($a)"


def test_too_complex_names_the_section() -> None:
    outcome = assess(compile_patch(f"@@\n-old();\n+fresh();\n@@ all\n{HOSTILE}\n"), Source(f"old();\n{MANY}"))
    assert isinstance(outcome, Refused), outcome
    assert outcome.reason is Reason.TOO_COMPLEX
    assert outcome.message == f"the search for the section of line 4 did not end within {STEP_CAP:,} steps"


def test_too_complex_of_one_section_says_the_pattern() -> None:
    outcome = assess(compile_patch(HOSTILE), Source(MANY))
    assert isinstance(outcome, Refused), outcome
    assert outcome.message.startswith("the search for the pattern did not end")


def test_the_sections_share_their_steps() -> None:
    """Else a patch of ten of them could take ten times as long."""
    cheap = MANY.replace(", a26", ");\n//", 1)
    parts = [re.sub(r"(\b[fg](?=\()|\$\w)", rf"\g<1>{i}", HOSTILE) for i in range(12)]
    text = "".join(cheap.replace("f(", f"f{i}(") for i in range(12))
    alone = assess(compile_patch(parts[0]), Source(text))
    assert not isinstance(alone, Refused), alone
    together = assess(compile_patch("".join(f"@@ any\n{part}\n" for part in parts)), Source(text))
    assert isinstance(together, Refused)
    assert together.reason is Reason.TOO_COMPLEX


def test_many_bindings_take_time_in_proportion() -> None:
    """Each is looked for where its name stands, and nowhere else."""
    patch = compile_patch("@@ all\n-var $f = wrap($g);\n@@ all\n-$f($x)\n+$g.go($x)")

    def seconds(count: int) -> float:
        text = "".join(f"var f{i} = wrap(g{i});\n" for i in range(count)) + "".join(
            f"f{i}({i});\n" for i in range(count)
        )
        start = time.process_time()
        assert isinstance(assess(patch, Source(text)), NeedsPatch)
        return time.process_time() - start

    assert seconds(800) < 10 * seconds(200)


@pytest.mark.parametrize(
    ("diff", "text", "concerned"),
    [
        ("@@\n-a();\n+b();\n@@\n-c();\n+d();", "a(); c();", True),
        ("@@\n-a();\n+b();\n@@\n-c();\n+d();", "b(); c();", True),
        ("@@\n-a();\n+b();\n@@\n-c();\n+d();", "a(); e();", False),
        ("@@\n-a();\n+b();\n@@ any\n-c();\n+d();", "a(); e();", True),
        ("@@ any\n-a();\n+b();\n@@ any\n-c();\n+d();", "e();", False),
        ("@@ any\n-a();\n+b();\n@@ any\n-c();\n+d();", "d();", True),
        ("@@ missing\n+var a = 1;", "e();", True),
        ("@@ missing\n+var a = 1;\n@@ any\n-c();\n+d();", "a();", False),
        ("@@ missing\n+var a = 1;\n@@\n-c();\n+d();", "c();", True),
    ],
)
def test_a_file_without_its_names_needs_no_parse(diff: str, text: str, concerned: bool) -> None:
    assert may_concern(compile_patch(diff), text) is concerned
