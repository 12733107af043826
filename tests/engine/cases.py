"""All rewrites of the suite, gathered from the tables."""

from __future__ import annotations

from engine.comment_cases import COMMENTS
from engine.condition_cases import CONDITIONS
from engine.expression_cases import EXPRESSIONS
from engine.frame_cases import FRAMES
from engine.habit_cases import HABITS
from engine.kind_cases import KINDS
from engine.layout_cases import LAYOUTS
from engine.list_cases import LISTS
from engine.missing_cases import MISSING
from engine.name_cases import NAMES
from engine.nested_cases import NESTED
from engine.part_cases import PARTS
from engine.seam_cases import SEAMS
from engine.section_cases import SECTIONS
from engine.statement_cases import STATEMENTS
from engine.text_cases import TEXTS
from engine.unsaid_cases import UNSAID
from engine.within_cases import WITHINS

CASES = [
    *STATEMENTS,
    *EXPRESSIONS,
    *HABITS,
    *LISTS,
    *NESTED,
    *SEAMS,
    *NAMES,
    *COMMENTS,
    *PARTS,
    *CONDITIONS,
    *UNSAID,
    *FRAMES,
    *LAYOUTS,
    *KINDS,
    *WITHINS,
    *TEXTS,
    *SECTIONS,
    *MISSING,
]
