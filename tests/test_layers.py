"""Who may import whom. The contracts stand in pyproject.toml; here it is seen that they bite."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.ground import CHECKOUT

ENGINE = CHECKOUT / "codemod/sio_patch/engine"


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """import-linter on the sources under ``root``, whatever is installed."""
    code = (
        "import sys; sys.path[:0] = ['codemod', 'patches'];"
        "from importlinter.cli import lint_imports; sys.exit(lint_imports(cache_dir=None))"
    )
    return subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=120, check=False
    )


def sources(root: Path) -> Path:
    """A copy of what the contracts speak of."""
    for folder in ("codemod", "patches"):
        shutil.copytree(CHECKOUT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "pyproject.toml", root)
    return root


def test_the_contracts_hold() -> None:
    result = lint_imports(CHECKOUT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("engine/edits.py", "import os"),
        ("engine/source.py", "from pathlib import Path"),
        ("engine/outcome.py", "import time"),
        ("engine/edits.py", "import esprima"),
        ("engine/source.py", "import unidiff"),
        ("engine/outcome.py", "from sio_patch.documents import catalogue"),
        ("documents/catalogue.py", "import click"),
        ("verdict.py", "import sio_patch.cli.main"),
        ("engine/judge/twins.py", "import sio_patch.engine.write.habits"),
        ("engine/judge/meaning.py", "import sio_patch.engine.tree.scope"),
    ],
)
def test_the_contracts_bite(module: str, line: str, tmp_path: Path) -> None:
    root = sources(tmp_path)
    path = root / "codemod/sio_patch" / module
    path.write_text(path.read_text("utf-8") + f"\n{line}\n", "utf-8")
    result = lint_imports(root)
    assert result.returncode != 0
    assert "BROKEN" in result.stdout


@pytest.mark.parametrize("path", sorted(ENGINE.rglob("*.py")), ids=lambda path: str(path.relative_to(ENGINE)))
def test_the_engine_knows_no_package(path: Path) -> None:
    """It is general: what it is to look for stands in patch documents."""
    text = path.read_text("utf-8")
    assert not re.search(r"socket|handleUpgrade|handleClient|\bhead\b.*req|manager\.js|npm", text, re.I)


def test_the_start_imports_nothing_that_it_may_not_need() -> None:
    """Asking for the version, or running where nothing is to be done, must not pay for a parser."""
    code = "import sys, sio_patch.cli.main, sio_patch.cli.copies; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"esprima", "unidiff", "nodesemver", "pytest", "asyncio", "importlib_metadata", "tomllib"}
    rooms = {name.split(".")[1] for name in loaded if name.startswith("sio_patch.")}
    assert rooms == {"cli", "documents", "engine", "npm", "project", "report", "run", "shell", "verdict", "version"}
    assert "sio_patch.engine.pattern" not in loaded
    assert not {name for name in loaded if name.startswith("sio_patch.npm.")} - {"sio_patch.npm.ranges"}
