"""All rewrites of the suite, gathered from the tables."""

from __future__ import annotations

from engine.expression_cases import EXPRESSIONS
from engine.habit_cases import HABITS
from engine.list_cases import LISTS
from engine.nested_cases import NESTED
from engine.statement_cases import STATEMENTS

CASES = [*STATEMENTS, *EXPRESSIONS, *HABITS, *LISTS, *NESTED]
